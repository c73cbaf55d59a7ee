// tidy: a table of the texts of commands
import type { CommandHelp } from './command-help.ts'

const knownAt = {
  en: 'as it was recorded by this time (default: now)',
  id: 'seperti yang tercatat sampai waktu ini (bawaan: sekarang)',
}
const reason = { en: 'why, without names', id: 'alasannya, tanpa nama orang' }

/** Commands for competency dictionaries. */
export const frameworkHelp = {
  framework: {
    description: {
      en: 'competency dictionaries: list, show, import, retire, equate, resolve',
      id: 'kamus kompetensi: list, show, import, retire, equate, resolve',
    },
    inputs: {
      id: { en: 'id of the dictionary', id: 'id kamus' },
      competency: { en: 'code of the competency', id: 'kode kompetensi' },
    },
    after: [
      {
        en: `\
A dictionary that is published never changes: a change is a new version with its own id. Both stay,
and what a competency has become is found by what was said to be the same.`,
        id: `\
Kamus yang sudah diterbitkan tidak berubah: perubahan adalah versi baru dengan id sendiri. Keduanya
tetap ada, dan penerus suatu kompetensi ditemukan dari yang dinyatakan setara.`,
      },
      '  $ npm run -s jejak -- framework list',
    ],
  },
  'framework list': {
    description: { en: 'every dictionary and version', id: 'semua kamus dan versinya' },
    inputs: { series: { en: 'versions of one series', id: 'versi dari satu seri' } },
    after: ['  $ npm run -s jejak -- framework list --json'],
  },
  'framework show': {
    description: {
      en: 'a dictionary, with what is seen at each level',
      id: 'satu kamus, dengan yang terlihat pada setiap tingkat',
    },
    inputs: { knownAt },
    after: ['  $ npm run -s jejak -- framework show sampel-pencatatan-sipil'],
  },
  'framework import': {
    description: {
      en: 'publish the dictionary of a file: CASE 1.0 or 1.1, YAML, CSV or XLSX',
      id: 'menerbitkan kamus dari berkas: CASE 1.0 atau 1.1, YAML, CSV atau XLSX',
    },
    inputs: {
      file: { en: 'by its ending and its content', id: 'menurut akhiran dan isinya' },
      id: {
        en: 'id of the dictionary (default: of the file)',
        id: 'id kamus (bawaan: dari berkas)',
      },
      title: { en: 'its title', id: 'judulnya' },
      basis: { en: 'its legal basis', id: 'dasar hukumnya' },
      validFrom: { en: 'the first day on which it holds', id: 'hari pertama berlakunya' },
      sample: { en: 'it is made up, as an example', id: 'kamus ini karangan, sebagai contoh' },
      series: { en: 'what its versions have in common', id: 'seri yang memuat semua versinya' },
      versionName: { en: 'what people call this version', id: 'sebutan versi ini' },
      replaces: { en: 'id of the version before it', id: 'id versi sebelumnya' },
      kind: {
        en: 'kind of the items of CASE that say none (default: teknis)',
        id: 'jenis butir CASE yang tidak menyebutnya (bawaan: teknis)',
      },
      under: {
        en: 'only what is under the item of CASE with this identifier',
        id: 'hanya yang berada di bawah butir CASE dengan pengenal ini',
      },
      dryRun: { en: 'check it, and publish nothing', id: 'hanya memeriksa, tidak menerbitkan' },
    },
    after: [
      {
        en: `\
All that a dictionary has no place for is counted by its reason; --json names each with its place
and identifier. A file that has faults is refused with all of them. Done again, it adds nothing.`,
        id: `\
Semua yang tidak mendapat tempat dalam kamus dihitung menurut alasannya; --json menyebut satu per
satu dengan tempat dan pengenalnya. Berkas yang salah ditolak dengan semua kesalahannya. Bila
diulang, tidak ada yang bertambah.`,
      },
      `  $ npm run -s jejak -- template framework kamus.csv
  $ npm run -s jejak -- framework import kamus.csv --id kamus-igd-2026 --title "Kamus IGD" \\
      --basis "Perwali 12/2026" --valid-from 2026-07-01 --dry-run`,
      {
        en: "Exit codes: 0 it is published, 2 the file or the service can't be used.",
        id: 'Kode keluar: 0 kamus terbit, 2 berkas atau layanan tidak dapat dipakai.',
      },
    ],
  },
  'framework retire': {
    description: {
      en: 'say that nobody is rated at a competency from a day on',
      id: 'menyatakan suatu kompetensi tidak dinilai lagi mulai suatu hari',
    },
    inputs: {
      since: { en: 'the first day without it', id: 'hari pertama tanpanya' },
      reason,
      successor: {
        en: 'what is rated in its place, as kamus-2027/triase',
        id: 'penggantinya, seperti kamus-2027/triase',
      },
    },
    after: [
      `\
  $ npm run -s jejak -- framework retire kamus-2025 triase --since 2027-01-01 \\
      --reason "Digabung" --successor kamus-2027/gawat-darurat`,
    ],
  },
  'framework equate': {
    description: {
      en: 'say what a competency is to one of another dictionary',
      id: 'menyatakan hubungan suatu kompetensi dengan kompetensi kamus lain',
    },
    inputs: {
      other: { en: 'the other, as kamus-2025/triase', id: 'yang lain, seperti kamus-2025/triase' },
      reason,
      relation: {
        en: 'what the other is to it; none takes it back',
        id: 'apa yang lain itu baginya; none mencabutnya',
      },
    },
    after: [
      `\
  $ npm run -s jejak -- framework equate kamus-2027 triase kamus-2025/triase \\
      --reason "Isinya sama"`,
    ],
  },
  'framework resolve': {
    description: {
      en: 'what a competency is on a day, if it was retired or has a newer version',
      id: 'menjadi apa suatu kompetensi pada suatu hari, bila dicabut atau ada versi barunya',
    },
    inputs: { on: { en: 'the day (default: today)', id: 'harinya (bawaan: hari ini)' }, knownAt },
    after: ['  $ npm run -s jejak -- framework resolve kamus-2025 triase --on 2027-02-01'],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>
