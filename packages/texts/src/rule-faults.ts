import { type Filled, localise, type Text, type Texts, wording } from './text.ts'

type Known = { readonly known: readonly (string | number)[] }
type Value = { readonly value: string | number }
type Names = { readonly names: readonly string[] }
type Limit = { readonly limit: number | string }

/** What is wrong with a file of rules, and what would be right. */
export const ruleFaults = {
  'no-file': { en: 'is empty: write a rule set', id: 'kosong: isikan satu kumpulan aturan' },
  'too-large': ({ bytes, limit }: Limit & { readonly bytes: number }) => ({
    en: `has ${bytes} bytes: make it ${limit} or less`,
    id: `berisi ${bytes} bita: jadikan paling banyak ${limit}`,
  }),
  'not-utf-8': { en: 'is not UTF-8: save it as UTF-8', id: 'bukan UTF-8: simpan sebagai UTF-8' },
  'not-yaml': ({ why }: { readonly why: string }) => ({
    en: `is not YAML 1.2: ${why}`,
    id: `bukan YAML 1.2: ${why}`,
  }),
  alias: {
    en: 'is an anchor, an alias or a tag: write the value itself',
    id: 'jangkar, alias atau tag: tuliskan nilainya sendiri',
  },
  'personal-number': ({ line }: { readonly line: number }) => ({
    en: `has what looks like a NIP or NIK in line ${line}: take it out, since it stays for ever`,
    id: `memuat sesuatu berbentuk NIP atau NIK di baris ${line}: hapuslah, karena isinya kekal`,
  }),
  'hidden-character': ({
    line,
    character,
  }: {
    readonly line: number
    readonly character: string
  }) => ({
    en: `has the invisible character ${character} in line ${line}: take it out`,
    id: `memuat karakter tak terlihat ${character} di baris ${line}: hapuslah`,
  }),
  missing: { en: 'is missing', id: 'belum diisi' },
  'not-a-field': ({ known }: Known) => ({
    en: `is no field here: it has ${known.join(', ')}`,
    id: `bukan isian di sini: isiannya ${known.join(', ')}`,
  }),
  'one-of': ({ known }: Known) => ({
    en: `must be one of ${known.join(', ')}`,
    id: `harus salah satu dari ${known.join(', ')}`,
  }),
  'of-type': ({ type }: { readonly type: ValueType }) => ({
    en: `must be ${types[type].en}`,
    id: `harus ${types[type].id}`,
  }),
  'at-least': ({ limit }: Limit) => ({
    en: `must be ${limit} or more`,
    id: `harus ${limit} atau lebih`,
  }),
  'at-most': ({ limit }: Limit) => ({
    en: `must be ${limit} or less`,
    id: `harus ${limit} atau kurang`,
  }),
  above: ({ limit }: Limit) => ({ en: `must be above ${limit}`, id: `harus lebih dari ${limit}` }),
  'items-least': ({ limit }: Limit) => ({
    en: `must have ${limit} or more`,
    id: `harus berisi ${limit} atau lebih`,
  }),
  'items-most': ({ limit }: Limit) => ({
    en: `must have ${limit} or less`,
    id: `harus berisi ${limit} atau kurang`,
  }),
  day: {
    en: 'must be a day of the calendar, as 2026-01-31',
    id: 'harus berupa tanggal kalender, seperti 2026-01-31',
  },
  code: {
    en: 'must be up to 64 of a-z, 0-9 and single hyphens between them',
    id: 'harus paling banyak 64 karakter a-z, 0-9 dan tanda hubung tunggal di antaranya',
  },
  like: ({ example }: { readonly example: string }) => ({
    en: `must look like ${example}`,
    id: `harus seperti ${example}`,
  }),
  'characters-least': ({ limit }: Limit) => ({
    en: `must have ${limit} or more characters`,
    id: `harus ${limit} karakter atau lebih`,
  }),
  'characters-most': ({ limit }: Limit) => ({
    en: `must have ${limit} or less characters`,
    id: `harus ${limit} karakter atau kurang`,
  }),
  otherwise: ({ why }: { readonly why: string }) => ({ en: why, id: `tidak sesuai: ${why}` }),
  twice: ({ value }: Value) => ({
    en: `has ${value} twice: once is enough`,
    id: `memuat ${value} dua kali: cukup satu kali`,
  }),
  absent: ({ names }: Names) => ({
    en: `lacks ${names.join(', ')}: each must be there once`,
    id: `belum memuat ${names.join(', ')}: masing-masing harus ada satu kali`,
  }),
  'not-descending': ({ limit }: Limit) => ({
    en: `must be below ${limit}, that of the row before: thresholds go down`,
    id: `harus kurang dari ${limit}, yaitu ambang baris sebelumnya: ambang menurun`,
  }),
  'not-from-zero': {
    en: 'must be 0 in the last row, so that everything has a category',
    id: 'harus 0 pada baris terakhir, supaya setiap nilai punya kategori',
  },
  'not-for-all': {
    en: 'must be null in the last row, so that every value has a score',
    id: 'harus null pada baris terakhir, supaya setiap angka punya nilai',
  },
  'only-last': {
    en: 'may be null in the last row alone',
    id: 'hanya boleh null pada baris terakhir',
  },
  'needed-with': ({ value }: Value) => ({
    en: `is missing: ${value} needs it`,
    id: `belum diisi: ${value} memerlukannya`,
  }),
  'not-with': ({ value }: Value) => ({
    en: `does not go with ${value}: take it out`,
    id: `tidak sesuai dengan ${value}: hapuslah`,
  }),
  'one-alone': ({ names }: Names) => ({
    en: `must have one of ${names.join(', ')}, and not more`,
    id: `harus memuat salah satu dari ${names.join(', ')}, tidak lebih`,
  }),
  'floor-above-ceiling': ({ limit }: Limit) => ({
    en: `must not be above the ceiling, ${limit}`,
    id: `tidak boleh di atas batas atas, ${limit}`,
  }),
  'sum-not': ({ sum, limit }: Limit & { readonly sum: number }) => ({
    en: `must make ${limit} in all, and make ${sum}`,
    id: `jumlahnya harus ${limit}, sekarang ${sum}`,
  }),
  'most-not': ({ most, limit }: Limit & { readonly most: number }) => ({
    en: `must be ${limit} at the most, the weight of it, and is ${most}`,
    id: `nilai tertingginya harus ${limit}, yaitu bobotnya, sekarang ${most}`,
  }),
  'even-panel': {
    en: 'must be odd, so that no vote is a tie',
    id: 'harus ganjil, supaya suara tidak seri',
  },
  'not-computed': ({ known }: Known) => ({
    en: `can't be computed by this version of Jejak, which can ${known.join(', ')}`,
    id: `belum dapat dihitung versi Jejak ini, yang dapat menghitung ${known.join(', ')}`,
  }),
} as const satisfies Texts

const types = {
  text: { en: 'a text: put it in quotes', id: 'teks: apit dengan tanda petik' },
  'whole-number': { en: 'a whole number', id: 'bilangan bulat' },
  number: { en: 'a number', id: 'bilangan' },
  'number-or-null': { en: 'a number, or null', id: 'bilangan, atau null' },
  'text-or-null': { en: 'a text, or null', id: 'teks, atau null' },
  'yes-or-no': { en: 'true or false', id: 'true atau false' },
  list: { en: 'a list', id: 'daftar' },
  fields: { en: 'fields with values', id: 'isian dengan nilai' },
} as const satisfies Readonly<Record<string, Text>>

export type ValueType = keyof typeof types

/** A fault of a rule file, by its name, with the values that it speaks of. */
export type RuleFault = Filled<typeof ruleFaults>

export const ruleFaultText = (fault: RuleFault): string => wording(ruleFaults, fault)

type Faulty = { readonly line: number; readonly path: string; readonly fault: RuleFault }

/** Faults of a file that was sent, with line, from 1, and place: empty for the file as such. */
export const ruleViolations = (faulty: readonly Faulty[]) =>
  faulty.map(({ line, path, fault }) => {
    const text = ruleFaultText(fault)
    const description = localise({
      en: `line ${line}, ${path || 'the file'} ${text}`,
      id: `baris ${line}, ${path || 'berkas'} ${text}`,
    })
    return { field: 'content', description }
  })
