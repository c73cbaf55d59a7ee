// tidy: texts of the terminal, of one subject
import { type Filled, type Texts, wording } from './text.ts'

type Jp = { readonly jp?: number }
type Year = {
  readonly from: string
  readonly until: string
  readonly employment: string
  readonly claimedJp: number
  readonly jp: number
  readonly limits: string
}
type Cap = { readonly on: string; readonly maxJp: number }

/** Why fewer or more JP are credited than were claimed. */
export const creditReasonTexts = {
  revoked: ({ on }: { readonly on: string }) => ({
    en: `revoked on ${on}`,
    id: `dicabut ${on}`,
  }),
  'unknown-form': { en: 'the rules have no such form', id: 'bentuknya tidak ada dalam aturan' },
  'not-stated': ({ jp = 0 }: Jp) => ({
    en: `no JP are stated: ${jp}`,
    id: `JP tidak disebut: ${jp}`,
  }),
  'session-cap': ({ on, maxJp }: Cap) => ({
    en: `at most ${maxJp} JP a session (${on})`,
    id: `paling banyak ${maxJp} JP per sesi (${on})`,
  }),
  'day-cap': ({ on, maxJp }: Cap) => ({
    en: `at most ${maxJp} JP a day (${on})`,
    id: `paling banyak ${maxJp} JP per hari (${on})`,
  }),
  'month-cap': ({
    month,
    maxSessions,
  }: {
    readonly month: string
    readonly maxSessions: number
  }) => ({
    en: `at most ${maxSessions} sessions a month (${month})`,
    id: `paling banyak ${maxSessions} sesi per bulan (${month})`,
  }),
  'per-session': ({ jp = 0 }: Jp) => ({ en: `${jp} JP a session`, id: `${jp} JP per sesi` }),
  'per-activity': ({ jp = 0 }: Jp) => ({ en: `${jp} JP of each`, id: `${jp} JP per kegiatan` }),
  abroad: ({ jp, morePercent = 0 }: Jp & { readonly morePercent?: number }) => ({
    en: jp === undefined ? `abroad: ${morePercent} % more` : `abroad: ${jp} JP`,
    id: jp === undefined ? `di luar negeri: tambah ${morePercent} %` : `di luar negeri: ${jp} JP`,
  }),
  rounded: { en: 'rounded', id: 'dibulatkan' },
} as const satisfies Texts

type Reason = { readonly kind: string } & Readonly<Record<string, unknown>>

/** A reason of an answer in words; one of a later version of the report is named as it is. */
export const creditReason = ({ kind, ...values }: Reason): string =>
  Object.hasOwn(creditReasonTexts, kind)
    ? wording(creditReasonTexts, { key: kind, values } as Filled<typeof creditReasonTexts>)
    : kind

/** What the command of hours prints. */
export const hourTexts = {
  'hours-year': ({ from, until, employment, claimedJp, jp, limits }: Year) => ({
    en: `${from} to ${until}  ${employment}  ${jp} JP of ${claimedJp} claimed${limits}`,
    id: `${from} s.d. ${until}  ${employment}  ${jp} JP dari ${claimedJp} diajukan${limits}`,
  }),
  'hours-short': ({ floorJp, shortJp }: Record<'floorJp' | 'shortJp', number>) => ({
    en: `  short of ${floorJp} by ${shortJp}`,
    id: `  kurang ${shortJp} dari ${floorJp}`,
  }),
  'hours-over': ({ ceilingJp, overJp }: Record<'ceilingJp' | 'overJp', number>) => ({
    en: `  above ${ceilingJp} by ${overJp}`,
    id: `  melebihi ${ceilingJp} sebanyak ${overJp}`,
  }),
  'hours-by': ({ ruleSets }: { readonly ruleSets: string }) => ({
    en: `by ${ruleSets}`,
    id: `menurut ${ruleSets}`,
  }),
  'form-assumed': {
    en: 'the programme states no form: Diklat Teknis',
    id: 'bentuk program tidak disebut: Diklat Teknis',
  },
  attended: ({ id, module, heldOn }: Record<'id' | 'module' | 'heldOn', string>) => ({
    en: `attendance of ${module} on ${heldOn} is recorded for ${id}`,
    id: `kehadiran pada ${module} tanggal ${heldOn} dicatat untuk ${id}`,
  }),
  'no-hours': { en: 'nobody, and no hours', id: 'tidak ada pegawai, tidak ada JP' },
} as const satisfies Texts
