import type { CommandHelp } from './command-help.ts'

const since = { en: 'the first day, as 2026-01-01', id: 'hari pertama, seperti 2026-01-01' }
const until = { en: 'the last day', id: 'hari terakhir' }

/** The register of assessors. */
export const assessorHelp = {
  assessors: {
    description: {
      en: 'the register of assessors, each with their days: list, register, accredit, end, erase',
      id: 'daftar asesor beserta masanya: list, register, accredit, end, erase',
    },
    inputs: { id: { en: 'id of the assessor', id: 'id asesor' } },
    after: [
      {
        en: 'An assessor on the register assesses on their days alone, and nobody themself.',
        id: 'Asesor terdaftar hanya menilai pada masanya, dan tidak menilai dirinya sendiri.',
      },
      '  $ npm run -s jejak -- assessors list',
    ],
  },
  'assessors list': {
    description: {
      en: 'every assessor, also those whose time has ended',
      id: 'semua asesor, termasuk yang masanya sudah berakhir',
    },
    after: ['  $ npm run -s jejak -- assessors list --json'],
  },
  'assessors register': {
    description: { en: 'put somebody on the register', id: 'mendaftarkan seorang asesor' },
    inputs: {
      file: {
        en: 'JSON with exactly one of asn_id, nip and name, as below',
        id: 'JSON berisi tepat salah satu dari asn_id, nip dan name, seperti di bawah',
      },
      since,
      until,
      own: {
        en: 'the id that assessments have of them already, if any',
        id: 'id yang sudah dipakai dalam asesmen, bila ada',
      },
    },
    after: [
      '  { "nip": "199001012015012901" }',
      {
        en: `\
A NIP is not stored. The name is for who is no civil servant, and is sealed. It is a file so that no
shell keeps what is in it.`,
        id: `\
NIP tidak disimpan. Nama dipakai untuk yang bukan ASN, dan disegel. Data ditulis dalam berkas agar
tidak tersimpan di riwayat shell.`,
      },
      '  $ npm run -s jejak -- assessors register asesor.json --since 2024-03-01',
    ],
  },
  'assessors accredit': {
    description: { en: 'record an accreditation', id: 'mencatat akreditasi' },
    inputs: {
      title: { en: 'what it is called, or its number', id: 'nama atau nomornya' },
      issuer: { en: 'who gave it, as BKN', id: 'yang memberikannya, seperti BKN' },
      level: { en: 'the highest level that it holds for', id: 'level tertinggi yang dicakup' },
      since,
      until,
    },
    after: [
      `\
  $ npm run -s jejak -- assessors accredit 019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --title "Asesor SDM Aparatur" --issuer BKN --level 4 --since 2024-03-01`,
    ],
  },
  'assessors end': {
    description: {
      en: "end an assessor's time: what they have assessed stays",
      id: 'mengakhiri masa seorang asesor: yang sudah dinilainya tetap ada',
    },
    inputs: {
      until: {
        en: 'the last day; with --correction and without it, no end is set any more',
        id: 'hari terakhir; dengan --correction dan tanpa ini, pengakhirannya dibatalkan',
      },
      reason: { en: 'why; it stays in the log', id: 'mengapa; tetap ada di log' },
      correction: {
        en: 'in the place of the end that was set before, which stays in the log',
        id: 'menggantikan catatan pengakhirannya yang lama, yang tetap ada di log',
      },
    },
    after: [
      `\
  $ npm run -s jejak -- assessors end 019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --until 2026-06-30 --reason "Pindah jabatan"
  $ npm run -s jejak -- assessors end 019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --reason "Salah orang" --correction`,
    ],
  },
  'assessors erase': {
    description: {
      en: 'destroy the key of a name, of who is no civil servant and whose time has ended',
      id: 'memusnahkan kunci nama asesor yang bukan ASN dan masanya sudah berakhir',
    },
    inputs: {
      basis: { en: 'the legal basis; it stays in the log', id: 'dasar hukumnya; tetap ada di log' },
    },
    after: [
      `\
  $ npm run -s jejak -- assessors erase 019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --basis "UU 27/2022 Pasal 43"`,
    ],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>
