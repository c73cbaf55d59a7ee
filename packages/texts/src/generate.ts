import type { CommandHelp } from './command-help.ts'
import type { Texts } from './text.ts'

type Sums = Readonly<Record<'people' | 'ratings' | 'trainings' | 'learning', number>>

/** The command that makes people up: its help, and what it says. */
export const generateHelp = {
  generate: {
    description: {
      en: 'make up a city of civil servants, with years of ratings, training and learning',
      id: 'membuat kota rekaan: ASN dengan penilaian, pelatihan dan pembelajaran bertahun-tahun',
    },
    inputs: {
      people: { en: 'how many people, 1 to 5000000', id: 'jumlah orang, 1 sampai 5000000' },
      years: {
        en: 'how many years before this one, 1 to 10',
        id: 'berapa tahun sebelum tahun ini, 1 sampai 10',
      },
      seed: {
        en: 'the same number makes the same city',
        id: 'angka yang sama membuat kota yang sama',
      },
      mongo: {
        en: 'the MongoDB of the services, for tokens (default: the folder of --data)',
        id: 'MongoDB layanan, untuk token (bawaan: folder --data)',
      },
      yes: {
        en: 'that this Jejak is for trying out: what is recorded can never be taken out of it',
        id: 'bahwa Jejak ini untuk coba-coba: yang tercatat tidak dapat dikeluarkan lagi',
      },
    },
    after: [
      {
        en: `\
All goes through the services, as agencies and HR would send it. A run that was stopped goes on
where it was: what is stored already is not stored again.`,
        id: `\
Semuanya melalui layanan, seperti yang dikirim perangkat daerah dan BKPSDMD. Pembuatan yang
terhenti dapat dilanjutkan: yang sudah tersimpan tidak disimpan lagi.`,
      },
      '  $ npm run -s jejak -- generate --people 1000 --years 5 --yes',
    ],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>

export const generateTexts = {
  'generate-for-ever': {
    en: 'what is made up can never be taken out again: give --yes if this Jejak is for trying out',
    id: 'data rekaan tidak dapat dikeluarkan lagi: pakai --yes jika Jejak ini untuk coba-coba',
  },
  'number-between': ({ least, most }: { readonly least: number; readonly most: number }) => ({
    en: `It must be a whole number from ${least} to ${most}.`,
    id: `Harus bilangan bulat dari ${least} sampai ${most}.`,
  }),
  generated: ({ people, ratings, trainings, learning }: Sums) => ({
    en: `${people} people, ${ratings} ratings, ${trainings} trainings, ${learning} other learning`,
    id: `${people} orang, ${ratings} penilaian, ${trainings} pelatihan, ${learning} belajar lain`,
  }),
} as const satisfies Texts
