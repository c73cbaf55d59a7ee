import { type CommandHelp, localiseHelp } from './command-help.ts'
import { generateHelp } from './generate.ts'
import { assessorHelp } from './help-assessors.ts'
import { contestHelp } from './help-contests.ts'
import { figureHelp } from './help-figures.ts'
import { frameworkHelp } from './help-frameworks.ts'
import { learningHelp } from './help-learning.ts'
import { auditHelp, logHelp } from './help-log.ts'
import { peopleHelp } from './help-people.ts'
import { recordHelp } from './help-records.ts'
import { runHelp } from './help-run.ts'
import { subjectHelp } from './help-subjects.ts'
import { type Language, type Texts, wording } from './text.ts'

/** The help of every command, by its path as it is typed. */
export const helps = {
  jejak: {
    description: {
      en: 'An auditable competency history for every civil servant',
      id: 'Rekam jejak kompetensi setiap ASN yang dapat diaudit',
    },
    after: [
      {
        en: 'Every command explains itself with an example: npm run -s jejak -- log verify --help',
        id: `\
Setiap perintah menjelaskan dirinya dengan contoh: npm run -s jejak -- log verify --help`,
      },
    ],
  },
  ...peopleHelp,
  ...assessorHelp,
  ...frameworkHelp,
  ...recordHelp,
  ...learningHelp,
  ...figureHelp,
  ...contestHelp,
  ...subjectHelp,
  ...runHelp,
  ...generateHelp,
  ...auditHelp,
  ...logHelp,
} as const satisfies Readonly<Record<string, CommandHelp>>

/** The help of a command: a command that has none does not compile. */
export const helpOf = <Command extends keyof typeof helps>(command: Command, language?: Language) =>
  localiseHelp<(typeof helps)[Command]>(helps[command], language)

/** Options that several commands have. */
export const optionTexts = {
  service: { en: 'the service whose log it is', id: 'layanan pemilik log' },
  data: { en: 'the data folder', id: 'folder data' },
  mongo: {
    en: 'a MongoDB replica set; the database is jejak-<service>',
    id: 'replica set MongoDB; basis datanya jejak-<service>',
  },
  keys: {
    en: 'signing keys and last heads (default: the data folder + .keys)',
    id: 'kunci tanda tangan dan kepala log terakhir (bawaan: folder data + .keys)',
  },
  grpc: { en: 'where Jejak listens', id: 'alamat Jejak' },
  http: { en: 'where reports are', id: 'alamat laporan' },
  'as-of': {
    en: 'as it was on this day; today if not given',
    id: 'per hari itu; bawaan: hari ini',
  },
  'known-at': {
    en: 'as it was recorded by this moment, as 2026-07-01T00:00:00Z',
    id: 'seperti yang tercatat sampai saat ini, seperti 2026-07-01T00:00:00Z',
  },
  endpoints: {
    en: 'JSON that says where each service is, where they are apart',
    id: 'JSON berisi alamat setiap layanan, bila layanan berjalan terpisah',
  },
  token: {
    en: 'a file with your token, or the tokens that jejak up has made',
    id: 'berkas token Anda, atau token yang dibuat jejak up',
  },
  head: {
    en: 'a checkpoint that somebody else holds, where a head file is gone; may be repeated',
    id: 'checkpoint yang disimpan pihak lain, bila berkas kepala hilang; boleh diulang',
  },
  'result-as-json': { en: 'print the result as JSON', id: 'cetak hasil sebagai JSON' },
  'as-json': { en: 'as JSON', id: 'sebagai JSON' },
} as const satisfies Texts

export const optionText = (option: keyof typeof optionTexts, language?: Language): string =>
  wording(optionTexts, option, language)
