// tidy: one table, so that what is wrong with a field has one text wherever it is shown
import { dayFaults, dayOddities } from './days.ts'
import { type Filled, type Language, type Text, type Texts, wording } from './text.ts'

type Most = { readonly most: number }
/** The place of a character, from 1. */
type At = { readonly at: number }
type Range = Most & { readonly least: number }

const ofAnyField = {
  missing: { en: 'is missing', id: 'belum diisi' },
  uuid: {
    en: 'must be a UUID in lower case (RFC 9562)',
    id: 'harus berupa UUID dengan huruf kecil (RFC 9562)',
  },
  day: {
    en: 'must be a day of the calendar, as 2026-01-31',
    id: 'harus berupa tanggal kalender, seperti 2026-01-31',
  },
  code: ({ most }: Most) => ({
    en: `must be 1 to ${most} of a-z, 0-9 and single hyphens between them`,
    id: `harus 1 sampai ${most} karakter a-z, 0-9 dan tanda hubung tunggal di antaranya`,
  }),
  characters: ({ least, most }: Range) => ({
    en: `must have ${least} to ${most} characters`,
    id: `harus ${least} sampai ${most} karakter`,
  }),
  'blanks-around': {
    en: 'must not begin or end with blanks',
    id: 'tidak boleh diawali atau diakhiri spasi',
  },
  'hidden-character': ({ at, character }: At & { readonly character: string }) => ({
    en: `must not have control or invisible characters: character ${at} is ${character}`,
    id: `tidak boleh memuat karakter kontrol atau tak terlihat: karakter ke-${at} ${character}`,
  }),
  'personal-number': ({ at }: At) => ({
    en:
      `must not have a NIP or NIK in it: it can never be erased, ` +
      `and what begins at character ${at} has the form of one`,
    id:
      `tidak boleh memuat NIP atau NIK: isinya tidak dapat dihapus, ` +
      `dan mulai karakter ke-${at} bentuknya seperti itu`,
  }),
  number: ({ least, most }: Range) => ({
    en: `must be a whole number from ${least} to ${most}`,
    id: `harus berupa bilangan bulat dari ${least} sampai ${most}`,
  }),
  items: ({ most }: Most) => ({
    en: `must have 1 to ${most}`,
    id: `harus berisi 1 sampai ${most}`,
  }),
  'one-of': ({ known }: { readonly known: readonly string[] }) => ({
    en: `must be one of ${known.join(', ')}`,
    id: `harus salah satu dari ${known.join(', ')}`,
  }),
  twice: { en: 'is there twice', id: 'ada dua kali' },
  'page-size': {
    en: 'must not be negative; 0 is the usual size',
    id: 'tidak boleh negatif; 0 berarti ukuran biasa',
  },
  'page-token': {
    en: 'is not of this list: take next_page_token, or start without it',
    id: 'bukan dari daftar ini: pakai next_page_token, atau mulai tanpanya',
  },
  'too-many-questions': ({ most }: Most) => ({
    en: `at most ${most} are answered at once`,
    id: `paling banyak ${most} yang dijawab sekaligus`,
  }),
} as const satisfies Texts

const ofDictionaries = {
  'framework-without-levels': {
    en: 'has no levels: its conduct is observed, and nobody is rated by it',
    id: 'tidak bertingkat: perilakunya diamati, dan tidak ada yang dinilai menurutnya',
  },
  'competency-retired': ({
    since,
    instead,
  }: {
    readonly since: string
    readonly instead: string | undefined
  }) => ({
    en: `is not rated any more from ${since} on${instead ? `: rate ${instead} instead` : ''}`,
    id: `tidak dinilai lagi mulai ${since}${instead ? `: gunakan ${instead}` : ''}`,
  }),
  'level-unscaled': ({ levels }: { readonly levels: readonly number[] }) => ({
    en: `is no level of this dictionary, which has ${levels.join(', ') || 'none'}`,
    id: `bukan tingkat kamus ini, yang memuat ${levels.join(', ') || 'tanpa tingkat'}`,
  }),
  'level-order': {
    en: 'must be above the level before it: from the least to the highest, each once',
    id: 'harus di atas tingkat sebelumnya: dari terendah ke tertinggi, masing-masing sekali',
  },
  'scale-without-levels': {
    en: 'must be empty where without_levels is set',
    id: 'harus kosong bila without_levels dipasang',
  },
  'too-many-bytes': ({ bytes, most }: { readonly bytes: number; readonly most: number }) => ({
    en: `has ${bytes} bytes with all that belongs to it, and may have ${most}: shorten the texts`,
    id: `berisi ${bytes} byte beserta seluruh isinya, paling banyak ${most}: persingkat teksnya`,
  }),
  'other-series': ({ series }: { readonly series: string }) => ({
    en: `is of the series ${series}: a version follows one of its own series`,
    id: `termasuk seri ${series}: suatu versi menggantikan versi dari serinya sendiri`,
  }),
  itself: {
    en: 'is what it speaks of itself: name another',
    id: 'adalah dirinya sendiri: sebutkan yang lain',
  },
  moment: {
    en: 'must be a time with its offset, as 2026-01-31T08:00:00+08:00',
    id: 'harus berupa waktu dengan zonanya, seperti 2026-01-31T08:00:00+08:00',
  },
} as const satisfies Texts

/** Never with the number in it: it is personal data. */
const ofMerges = {
  'merged-assessor': {
    en: 'the person is an assessor: have what they assessed of the other record corrected',
    id: 'pegawai ini asesor: mintalah koreksi atas penilaiannya pada data yang digabung',
  },
} as const satisfies Texts

const ofNip = {
  'nip-rounded': {
    en: 'was rounded by a spreadsheet: make the column text, and enter the number again',
    id: 'dibulatkan oleh lembar kerja: jadikan kolomnya teks, dan isikan nomornya lagi',
  },
  'nip-digits': { en: 'must be 18 digits', id: 'harus 18 angka' },
  'nip-birth-date': {
    en: 'digits 1 to 8 must be a day of the calendar: year, month, day',
    id: 'angka 1 sampai 8 harus berupa tanggal kalender: tahun, bulan, hari',
  },
  'nip-sex': {
    en: 'digit 15 must be 1 (male) or 2 (female)',
    id: 'angka 15 harus 1 (pria) atau 2 (wanita)',
  },
  'nip-sequence': {
    en: 'digits 16 to 18 must be a number from 001',
    id: 'angka 16 sampai 18 harus berupa nomor urut mulai 001',
  },
  'nip-appointment-code': {
    en: 'digits 13 and 14 are neither a month nor the code of a contract: look at it',
    id: 'angka 13 dan 14 bukan bulan dan bukan kode perjanjian kerja: periksa',
  },
  'nip-appointment-age': {
    en: 'digits 9 to 14 say that the person was appointed too young: look at it',
    id: 'menurut angka 9 sampai 14 pegawai ini diangkat terlalu muda: periksa',
  },
} as const satisfies Texts

/** What a misspelt name may have meant. */
type Meant = { readonly meant: readonly string[] }

const didYouMean = ({ meant }: Meant): Text =>
  meant.length === 0
    ? { en: '', id: '' }
    : {
        en: `: did you mean ${meant.join(' or ')}?`,
        id: `: apakah maksudnya ${meant.join(' atau ')}?`,
      }

const ofPeople = {
  email: {
    en: 'must be an address, at most 254 long',
    id: 'harus berupa alamat surel, paling panjang 254 karakter',
  },
  phone: {
    en: 'must be as +6281234567890 (E.164)',
    id: 'harus berbentuk seperti +6281234567890 (E.164)',
  },
  'bkn-id': {
    en: 'must be 32 to 36 letters, digits and hyphens',
    id: 'harus 32 sampai 36 huruf, angka dan tanda hubung',
  },
  'birth-date-differs': {
    en: 'is another than the NIP says: see which one is right',
    id: 'berbeda dari yang tertulis dalam NIP: periksa mana yang benar',
  },
  'sex-differs': {
    en: 'is another than digit 15 of the NIP says: see which one is right',
    id: 'berbeda dari angka ke-15 NIP: periksa mana yang benar',
  },
  'answered-otherwise': {
    en: 'was answered otherwise meanwhile: the correction stands, and so does that answer',
    id: 'sementara itu sudah dijawab lain: perbaikan tetap tersimpan, begitu pula jawaban itu',
  },
  'nip-implausible': {
    en: 'must be of somebody who was 15 or older when appointed, next year at the latest',
    id: 'harus milik orang yang diangkat pada umur 15 tahun ke atas, paling lambat tahun depan',
  },
  'nip-corrected': {
    en: 'must be empty: a NIP is changed by ChangeNip, with its first day',
    id: 'harus kosong: NIP diubah dengan ChangeNip, dengan hari pertamanya',
  },
  'nothing-corrected': {
    en: 'must have at least one field, or name one in cleared',
    id: 'harus memuat paling sedikit satu isian, atau sebutkan satu dalam cleared',
  },
  'agency-unregistered': (values: Meant) => {
    const { en, id } = didYouMean(values)
    return {
      en: `is no agency on that day${en}`,
      id: `bukan perangkat daerah pada tanggal itu${id}`,
    }
  },
  'agency-unknown': (values: Meant) => {
    const { en, id } = didYouMean(values)
    return {
      en: `is no agency that was ever registered, or had people${en}`,
      id: `bukan perangkat daerah yang pernah terdaftar atau pernah memiliki pegawai${id}`,
    }
  },
  'agency-closed': {
    en: 'was closed, and no other agency has taken its people over',
    id: 'sudah dihapus, dan tidak ada perangkat daerah lain yang mengambil alih pegawainya',
  },
  'assessor-who': {
    en: 'exactly one of asn_id, nip and name must be given',
    id: 'isi tepat salah satu dari asn_id, nip dan name',
  },
  'assessor-unaccredited': {
    en: 'was accredited, and not on that day: look at it',
    id: 'pernah diakreditasi, tetapi tidak pada tanggal itu: periksa',
  },
  'above-accreditation': ({ most }: Most) => ({
    en: `is above level ${most}, the highest that the assessor is accredited for: look at it`,
    id: `di atas tingkat ${most}, tingkat tertinggi akreditasi asesornya: periksa`,
  }),
  'record-of-another': {
    en: 'is the id of the record of somebody else: take another id',
    id: 'adalah id catatan pegawai lain: pakai id lain',
  },
  'own-successor-agency': {
    en: 'must be another than agency, and not merged into it',
    id: 'harus berbeda dari agency, dan tidak digabung ke sana',
  },
  'other-birth-date': {
    en: 'says another birth date than is recorded: see which one is right',
    id: 'menyebut tanggal lahir lain daripada yang tercatat: periksa mana yang benar',
  },
  'other-sex': {
    en: 'says another sex than the NIP before it: see which one is right',
    id: 'menyebut jenis kelamin lain daripada NIP sebelumnya: periksa mana yang benar',
  },
  'other-sex-recorded': {
    en: 'says another sex than is recorded: see which one is right',
    id: 'menyebut jenis kelamin lain daripada yang tercatat: periksa mana yang benar',
  },
  'no-contract': {
    en: 'must be empty, unless employment is pppk or pppk-paruh-waktu: state that with it',
    id: 'harus kosong, kecuali employment diisi pppk atau pppk-paruh-waktu: isi keduanya',
  },
  'own-survivor': {
    en: 'must be another than survivor_id',
    id: 'harus berbeda dari survivor_id',
  },
} as const satisfies Texts

/** The year of a contract that has more JP than its ceiling. */
export type OverCeiling = Record<'jp' | 'ceilingJp', number> & Record<'from' | 'until', string>

export const overCeiling = ({ jp, ceilingJp, from, until }: OverCeiling): Text => ({
  en:
    `the year of the contract from ${from} to ${until} would have ${jp} JP, ` +
    `and may have ${ceilingJp}`,
  id:
    `tahun perjanjian kerja ${from} s.d. ${until} akan memuat ${jp} JP, ` +
    `paling banyak ${ceilingJp}`,
})

const ofTrainings = {
  'above-ceiling': overCeiling,
  'competency-twice': { en: 'has a competency twice', id: 'memuat satu kompetensi dua kali' },
  'module-twice': {
    en: 'has the code of a module twice',
    id: 'memuat kode satu modul dua kali',
  },
  'until-before-from': {
    en: 'must not be before from',
    id: 'tidak boleh sebelum from',
  },
  'jp-or-minutes': {
    en: 'must be empty where minutes is set: they are one or the other',
    id: 'harus kosong bila minutes diisi: salah satu saja',
  },
  'cohort-or-person': {
    en: 'exactly one of cohort_id and asn_id must be given',
    id: 'isi tepat salah satu dari cohort_id dan asn_id',
  },
  'module-unknown': ({ known }: { readonly known: readonly string[] }) => ({
    en: `must be one of the programme's: ${known.join(', ')}`,
    id: `harus salah satu modul program ini: ${known.join(', ')}`,
  }),
} as const satisfies Texts

const ofAssessments = {
  'person-missing': { en: 'give this or nip', id: 'isi ini atau nip' },
  'person-twice': {
    en: 'give this or asn_id, not both',
    id: 'isi ini atau asn_id, jangan keduanya',
  },
  phase: {
    en: 'must be PHASE_BASELINE, PHASE_AFTER_TRAINING or PHASE_AT_WORK',
    id: 'harus PHASE_BASELINE, PHASE_AFTER_TRAINING atau PHASE_AT_WORK',
  },
  documents: ({ most }: Most) => ({
    en: `must be 1 to ${most} documents`,
    id: `harus 1 sampai ${most} dokumen`,
  }),
  'document-digest': {
    en: 'must be the SHA-256 of the document, 64 digits of lower-case hexadecimal',
    id: 'harus berupa SHA-256 dokumennya, 64 angka heksadesimal dengan huruf kecil',
  },
  'evidence-address': {
    en:
      'must be empty: give the code of the archive that keeps the document in archive, and what ' +
      'it is called there in identifier',
    id:
      'harus kosong: isikan kode arsip yang menyimpan dokumennya di archive, dan sebutannya di ' +
      'sana di identifier',
  },
  'identifier-missing': {
    en: 'must say what the archive calls the document',
    id: 'harus menyebut dokumen itu seperti di arsipnya',
  },
  'archive-missing': {
    en: 'must name the archive that has the document under this identifier',
    id: 'harus menyebut arsip yang menyimpan dokumen dengan sebutan itu',
  },
  'identifier-address': {
    en: 'must be no address: give what the archive calls the document, without :// and @',
    id: 'bukan alamat: isikan sebutan dokumen di arsipnya, tanpa :// dan @',
  },
  'archive-unregistered': (values: Meant) => {
    const { en, id } = didYouMean(values)
    return {
      en: `is no archive that is registered for that day${en}`,
      id: `bukan arsip yang terdaftar untuk tanggal itu${id}`,
    }
  },
  'framework-unpublished': (values: Meant) => {
    const { en, id } = didYouMean(values)
    return {
      en: `is no dictionary that was published${en}`,
      id: `bukan kamus yang sudah diterbitkan${id}`,
    }
  },
  'method-unlisted': (values: Meant) => {
    const { en, id } = didYouMean(values)
    return {
      en: `is no method of the list${en}`,
      id: `bukan metode dalam daftar${id}`,
    }
  },
  'enrollment-of-another': {
    en: 'must be the id of an enrollment of this person',
    id: 'harus id kepesertaan pegawai ini',
  },
  'competency-unlisted': (values: Meant & { readonly framework: string }) => {
    const { en, id } = didYouMean(values)
    return {
      en: `is not in ${values.framework}${en}`,
      id: `tidak ada dalam ${values.framework}${id}`,
    }
  },
  ...ofDictionaries,
} as const satisfies Texts

const ofLogs = {
  'stream-bytes': ({ most }: Most) => ({
    en: `must have 1 to ${most} bytes`,
    id: `harus 1 sampai ${most} byte`,
  }),
  'before-from-version': { en: 'is before from_version', id: 'berada sebelum from_version' },
  'beyond-size': { en: 'must be below size', id: 'harus di bawah size' },
  'over-size': { en: 'must be at most size', id: 'paling banyak sebesar size' },
} as const satisfies Texts

/** What can be wrong with a field. The names are stable; a text says how to mend the field. */
export const violations = {
  ...ofAnyField,
  ...dayFaults,
  ...dayOddities,
  ...ofMerges,
  ...ofNip,
  ...ofPeople,
  ...ofTrainings,
  ...ofAssessments,
  ...ofLogs,
}

export type ViolationCode = keyof typeof violations

/** One thing that is wrong with a field, with the values that its text has in it. */
export type Violated = Filled<typeof violations>

export const violationText = (violated: Violated, language?: Language): string =>
  wording(violations, violated, language)
