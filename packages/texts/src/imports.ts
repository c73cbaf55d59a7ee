import { type Filled, type Language, type Texts, wording } from './text.ts'

type Name = { readonly name: string }
/** `most`: how deep an event may be nested. */
type Field = { readonly field: string; readonly most: number }
type Path = { readonly path: string }

/** Why a line of CloudEvents is rejected; a field comes first, as it is named in the line. */
const ofLines = {
  'too-long': ({ most }: { readonly most: number }) => ({
    en: `it is longer than ${most} bytes`,
    id: `lebih panjang dari ${most} byte`,
  }),
  'not-utf-8': { en: 'it is not UTF-8', id: 'bukan UTF-8' },
  'not-json': ({ why }: { readonly why: string }) => ({
    en: `it is not JSON: ${why}`,
    id: `bukan JSON: ${why}`,
  }),
  'not-object': { en: 'it is not a JSON object', id: 'bukan objek JSON' },
  'name-twice': ({ name }: Name) => ({
    en: `it has ${name} twice`,
    id: `memuat ${name} dua kali`,
  }),
  'inexact-number': ({ number }: { readonly number: string }) => ({
    en: `the number ${number} can't be kept exactly: write it as a text`,
    id: `bilangan ${number} tidak dapat disimpan dengan tepat: tulis sebagai teks`,
  }),
  'too-deep': ({ field, most }: Field) => ({
    en: `${field}: is nested deeper than ${most} levels: keep the inner part as a text`,
    id: `${field}: bersarang lebih dari ${most} tingkat: simpan bagian dalamnya sebagai teks`,
  }),
  'not-text': ({ field }: Field) => ({
    en: `${field}: must have no half characters (lone surrogates) and no U+0000`,
    id: `${field}: tidak boleh memuat setengah karakter (surrogate tunggal) atau U+0000`,
  }),
  'not-finite': ({ field }: Field) => ({
    en: `${field}: is too large a number: write it as a text`,
    id: `${field}: bilangan ini terlalu besar: tulis sebagai teks`,
  }),
  specversion: { en: 'specversion: must be "1.0"', id: 'specversion: harus "1.0"' },
  'attribute-missing': ({ name }: Name) => ({
    en: `${name}: must be a text that is not empty`,
    id: `${name}: harus berupa teks yang tidak kosong`,
  }),
  'subject-missing': {
    en: 'subject: must be a text that is not empty: it names the stream',
    id: 'subject: harus berupa teks yang tidak kosong: inilah nama stream-nya',
  },
  time: { en: 'time: must be RFC 3339', id: 'time: harus menurut RFC 3339' },
  'content-type': { en: 'datacontenttype: must be JSON', id: 'datacontenttype: harus JSON' },
  base64: { en: 'data_base64: data must be JSON', id: 'data_base64: data harus JSON' },
  'own-attribute': ({ name }: Name) => ({
    en: `${name}: is written by the import itself`,
    id: `${name}: ditulis oleh impor itu sendiri`,
  }),
  'attribute-type': ({ name }: Name) => ({
    en: `${name}: must be a text, a number or a boolean`,
    id: `${name}: harus berupa teks, bilangan atau boolean`,
  }),
  'id-reused': {
    en: 'id: the log has it with other content',
    id: 'id: log sudah memuatnya dengan isi lain',
  },
  'stream-moved': { en: 'its stream moved on', id: 'stream-nya sudah berlanjut' },
} as const satisfies Texts

const ofImports = {
  unreadable: ({ why }: { readonly why: string }) => ({
    en: `the file can't be read: ${why}`,
    id: `berkas tidak dapat dibaca: ${why}`,
  }),
  folder: ({ path }: Path) => ({
    en: `${path} is a folder, not a file of events`,
    id: `${path} adalah folder, bukan berkas peristiwa`,
  }),
  'same-file': ({ path }: Path) => ({
    en: `--rejects: ${path} is the file of events itself`,
    id: `--rejects: ${path} adalah berkas peristiwa itu sendiri`,
  }),
  'rejects-elsewhere': { en: '. Use --rejects FILE', id: '. Pakai --rejects BERKAS' },
  'store-full': {
    en: 'the store takes nothing any more: look to it, then run this again to go on',
    id: 'penyimpanan tidak menerima apa pun lagi: periksa, lalu jalankan lagi untuk melanjutkan',
  },
  bar: { en: 'importing', id: 'mengimpor' },
} as const satisfies Texts

/** What a user reads of an import of events. */
export const importTexts = { ...ofLines, ...ofImports }

export const importText = (filled: Filled<typeof importTexts>, language?: Language): string =>
  wording(importTexts, filled, language)
