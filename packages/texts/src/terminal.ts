import { type Filled, type Language, type Texts, wording } from './text.ts'

type Detail = { readonly detail: string }
type File = { readonly path: string }

/** The option and the variable name another address. */
type NoAnswer = {
  readonly address: string
  readonly why: string
  readonly option: string
  readonly variable: string
}

/** Messages of commands: what failed, and what the user can do. */
export const terminalTexts = {
  'nobody-answers': ({ address, why, option, variable }: NoAnswer) => ({
    en:
      `nobody answers at ${address}: ${why}. ` +
      `Start jejak up there, or name another address by ${option}, ${variable} or --endpoints`,
    id:
      `tidak ada yang menjawab di ${address}: ${why}. Jalankan jejak up di sana, ` +
      `atau sebutkan alamat lain dengan ${option}, ${variable} atau --endpoints`,
  }),
  'service-refuses': ({ detail }: Detail) => ({
    en: `the service refuses it:${detail}`,
    id: `layanan menolaknya:${detail}`,
  }),
  'no-token-file': ({ path }: File) => ({
    en: `there is no ${path}: name a file with your token by --token FILE or JEJAK_TOKEN`,
    id: `${path} tidak ada: sebutkan berkas token Anda dengan --token BERKAS atau JEJAK_TOKEN`,
  }),
  'no-token-of-role': ({ path, roles }: File & { readonly roles: readonly string[] }) => ({
    en: `${path} has no token of the role ${roles.join(' or ')}`,
    id: `${path} tidak memuat token untuk peran ${roles.join(' atau ')}`,
  }),
  'no-tokens': ({ path }: File) => ({
    en: `there is no ${path}: jejak up makes it, --data says where`,
    id: `${path} tidak ada: jejak up membuatnya, --data menyebutkan tempatnya`,
  }),
  'address-in-use': ({ address }: { readonly address: string }) => ({
    en: `${address} is taken: stop what listens there, or choose another by --grpc or --http`,
    id: `${address} sudah dipakai: hentikan pemakainya, atau pilih lain dengan --grpc atau --http`,
  }),
  'no-endpoints-file': ({ path }: File) => ({
    en: `there is no ${path}, which --endpoints or JEJAK_ENDPOINTS names`,
    id: `${path}, yang disebut --endpoints atau JEJAK_ENDPOINTS, tidak ada`,
  }),
  'not-json': ({ path }: File) => ({
    en: `${path} is not JSON`,
    id: `${path} bukan JSON`,
  }),
} as const satisfies Texts

export const terminalText = (filled: Filled<typeof terminalTexts>, language?: Language): string =>
  wording(terminalTexts, filled, language)
