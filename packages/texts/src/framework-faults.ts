import { type Filled, type Language, type Texts, wording } from './text.ts'

type Most = { readonly bytes: number; readonly most: number }
type Count = { readonly count: number; readonly most: number }

/** What is wrong with a file of a dictionary, and how to mend it. */
const faults = {
  'file-bytes': ({ bytes, most }: Most) => ({
    en: `the file has ${bytes} bytes, and may have ${most}: divide the dictionary`,
    id: `berkas berisi ${bytes} byte, paling banyak ${most}: bagilah kamusnya`,
  }),
  'not-yaml': ({ line, why }: { readonly line: number; readonly why: string }) => ({
    en: `line ${line} is neither YAML nor JSON: ${why}`,
    id: `baris ${line} bukan YAML maupun JSON: ${why}`,
  }),
  'not-json': ({ why }: { readonly why: string }) => ({
    en: `it is not JSON: ${why}`,
    id: `bukan JSON: ${why}`,
  }),
  'one-of': ({ known }: { readonly known: readonly string[] }) => ({
    en: `must be one of ${known.join(', ')}`,
    id: `harus salah satu dari ${known.join(', ')}`,
  }),
  'unknown-fields': ({ fields }: { readonly fields: readonly string[] }) => ({
    en: `has unknown fields: ${fields.join(', ')}`,
    id: `memuat isian yang tidak dikenal: ${fields.join(', ')}`,
  }),
  'wrong-form': ({ why }: { readonly why: string }) => ({
    en: `has not the right form: ${why}`,
    id: `bentuknya tidak tepat: ${why}`,
  }),
  'not-case': {
    en: 'is no package of CASE: an object with CFDocument and CFItems is wanted',
    id: 'bukan paket CASE: harus berupa objek dengan CFDocument dan CFItems',
  },
  'too-many-items': ({ count, most }: Count) => ({
    en: `has ${count} items, and may have ${most}: export a part of the package`,
    id: `memuat ${count} butir, paling banyak ${most}: ekspor sebagian paketnya`,
  }),
  'too-many-competencies': ({ count, most }: Count) => ({
    en: `has ${count} competencies, and may have ${most}: name a part of it with --under`,
    id: `memuat ${count} kompetensi, paling banyak ${most}: sebutkan bagiannya dengan --under`,
  }),
  'no-competencies': {
    en: 'has no item that could be a competency',
    id: 'tidak memuat butir yang dapat menjadi kompetensi',
  },
  'unknown-root': ({ identifier }: { readonly identifier: string }) => ({
    en: `no item has the identifier ${identifier}: take one of CFItems`,
    id: `tidak ada butir dengan pengenal ${identifier}: ambil salah satu dari CFItems`,
  }),
  'first-row-fields': ({ code }: { readonly code: string }) => ({
    en: `the first row of ${code} must have its title and kind`,
    id: `baris pertama ${code} harus memuat judul dan jenisnya`,
  }),
  'level-number': ({ value }: { readonly value: string }) => ({
    en: `${value} is no level: write a whole number from 1 to 5`,
    id: `${value} bukan tingkat: tulis bilangan bulat dari 1 sampai 5`,
  }),
  'indicator-without-level': {
    en: 'has an indicator and no level, or a level and no indicator: fill in both',
    id: 'memuat indikator tanpa tingkat, atau tingkat tanpa indikator: isi keduanya',
  },
  'row-differs': ({ code, field }: { readonly code: string; readonly field: string }) => ({
    en: `says another ${field} of ${code} than its first row: leave it empty or make it equal`,
    id: `${field} dari ${code} berbeda dengan baris pertamanya: kosongkan atau samakan`,
  }),
  'personal-number': {
    en: 'has something of the form of a NIP or NIK, which could never be erased: remove it',
    id: 'memuat sesuatu berbentuk NIP atau NIK, yang tidak dapat dihapus: hilangkan',
  },
} as const satisfies Texts

export type Faulty = Filled<typeof faults>

export const frameworkFault = (filled: Faulty, language?: Language): string =>
  wording(faults, filled, language)

/** Why a part of a package of CASE is not in the dictionary that was made of it. */
const drops = {
  'not-kept': {
    en: 'a dictionary has no place for it',
    id: 'kamus tidak memiliki tempat untuknya',
  },
  'wrong-type': {
    en: 'it has not the type that CASE gives it',
    id: 'tipenya tidak sesuai dengan CASE',
  },
  'not-object': { en: 'it is no object', id: 'bukan objek' },
  'no-identifier': { en: 'it has no identifier', id: 'tidak memiliki pengenal' },
  'no-statement': { en: 'it has no statement', id: 'tidak memiliki pernyataan' },
  twice: {
    en: 'another with this identifier came before it',
    id: 'sudah ada yang lain dengan pengenal ini sebelumnya',
  },
  'code-twice': {
    en: 'another item has the code that would be made of it',
    id: 'kode yang akan dibuat untuknya sudah dipakai butir lain',
  },
  outside: {
    en: 'it lies outside the part that is imported',
    id: 'berada di luar bagian yang diimpor',
  },
  'group-alone': {
    en: 'it is no competency: others are listed under it, and its title is their group',
    id: 'bukan kompetensi: butir lain ada di bawahnya, dan judulnya menjadi kelompok mereka',
  },
  'unknown-node': {
    en: 'one of its ends is not in the package, nor known here',
    id: 'salah satu ujungnya tidak ada dalam paket, dan tidak dikenal di sini',
  },
  cycle: {
    en: 'it would close a circle: an item can not be under itself',
    id: 'akan membentuk lingkaran: suatu butir tidak dapat berada di bawah dirinya sendiri',
  },
  'second-parent': {
    en: 'its item is under another one already',
    id: 'butirnya sudah berada di bawah butir lain',
  },
  'too-deep': {
    en: 'it is deeper than 32 levels of isChildOf',
    id: 'lebih dalam dari 32 tingkat isChildOf',
  },
  'no-counterpart': {
    en: 'a dictionary has no association of this type',
    id: 'kamus tidak memiliki hubungan jenis ini',
  },
  'of-a-group': {
    en: 'it speaks of an item that is no competency here',
    id: 'menyangkut butir yang bukan kompetensi di sini',
  },
  'too-many': ({ most }: { readonly most: number }) => ({
    en: `there are more than ${most}`,
    id: `jumlahnya lebih dari ${most}`,
  }),
  'bad-level': {
    en: 'it has more than five levels, or two of the same place',
    id: 'memuat lebih dari lima tingkat, atau dua tingkat di tempat yang sama',
  },
  'same-dictionary': {
    en: 'both ends are in this dictionary: equivalents are of two',
    id: 'kedua ujungnya ada dalam kamus ini: kesetaraan adalah antara dua kamus',
  },
  cut: ({ most }: { readonly most: number }) => ({
    en: `the text was cut to ${most} characters`,
    id: `teksnya dipotong menjadi ${most} karakter`,
  }),
  cleaned: {
    en: 'line ends and invisible characters were removed',
    id: 'ganti baris dan karakter tak terlihat dihilangkan',
  },
} as const satisfies Texts

export type DropReason = Filled<typeof drops>

export const dropText = (reason: DropReason, language?: Language): string =>
  wording(drops, reason, language)
