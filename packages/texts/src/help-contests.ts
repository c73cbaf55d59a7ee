// tidy: a table of the texts of commands
import type { CommandHelp } from './command-help.ts'

const asn = { en: 'id of the person', id: 'id pegawai' }
const assessment = { en: 'id of the assessment', id: 'id asesmen' }
const example = '019b8bab-0680-75be-8eaf-427ee0bfcd1a'
const other = '019cb6dc-0b00-7a23-82ce-4d5d8d8b72d5'

/** Commands for contests of assessments (keberatan). */
export const contestHelp = {
  contest: {
    description: {
      en: 'contests of assessments: list, file, allow-late, resolve',
      id: 'keberatan atas asesmen: list, file, allow-late, resolve',
    },
    after: [
      {
        en: `\
The rules of kind contest say until when an assessment can be contested, until when that is decided,
and how many decide: jejak rules show contest.`,
        id: `\
Aturan jenis contest menentukan tenggat pengajuan, tenggat putusan dan jumlah anggota panel:
jejak rules show contest.`,
      },
      `\
  $ npm run -s jejak -- contest list --agency rsud-daya --overdue`,
    ],
  },
  'contest list': {
    description: {
      en: 'contests that wait for a decision, those due first before the others',
      id: 'keberatan yang menunggu putusan, yang paling dekat tenggatnya lebih dahulu',
    },
    inputs: {
      agency: {
        en: 'only of people who serve there today',
        id: 'hanya dari pegawai yang kini bertugas di sana',
      },
      overdue: {
        en: 'only those whose last day has passed',
        id: 'hanya yang sudah lewat tenggatnya',
      },
    },
    after: [`  $ npm run -s jejak -- contest list --agency rsud-daya`],
  },
  'contest file': {
    description: {
      en: 'contest an assessment of yours, with the token of the person',
      id: 'mengajukan keberatan atas asesmen Anda, dengan token pegawai itu',
    },
    inputs: {
      asn,
      assessment,
      file: {
        en: 'text file with why, at most 2000 characters; it is sealed',
        id: 'berkas teks berisi alasannya, paling panjang 2000 karakter; akan disegel',
      },
    },
    after: [`  $ npm run -s jejak -- contest file ${example} \\\n      ${other} keberatan.txt`],
  },
  'contest allow-late': {
    description: {
      en: 'let a person contest an assessment although its last day has passed',
      id: 'mengizinkan keberatan atas asesmen walaupun tenggatnya sudah lewat',
    },
    inputs: {
      asn,
      assessment,
      until: { en: 'the last day to contest it', id: 'hari terakhir untuk mengajukannya' },
      reason: { en: 'why; it stays in the log', id: 'mengapa; tetap ada di log' },
    },
    after: [
      `\
  $ npm run -s jejak -- contest allow-late ${example} \\
      ${other} --until 2026-04-17 --reason "Dirawat di rumah sakit"`,
    ],
  },
  'contest resolve': {
    description: {
      en: 'record what a panel has decided on a contest',
      id: 'mencatat putusan panel atas keberatan',
    },
    inputs: {
      asn,
      contest: { en: 'id of the contest', id: 'id keberatan' },
      outcome: {
        en: 'upheld: the assessment does not count any more; or dismissed',
        id: 'upheld: asesmen tidak berlaku lagi; atau dismissed: ditolak',
      },
      panel: {
        en: 'ids of who decided: assessors on the register, or civil servants; not the assessor',
        id: 'id anggota panel: asesor yang terdaftar atau pegawai; tanpa asesor yang menilai',
      },
      reason: { en: 'why; it stays in the log', id: 'mengapa; tetap ada di log' },
    },
    after: [
      `\
  $ npm run -s jejak -- contest resolve ${example} \\
      ${other} dismissed --reason "Bukti lengkap" \\
      --panel 6df2031a-dbf2-8c08-86e0-57e4abc51919 33459a5b-5de4-815e-8950-f865c463db75 \\
        173c6a34-5b71-8fa6-8f01-bac774c5c9c0`,
    ],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>
