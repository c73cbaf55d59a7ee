import type { Text } from './text.ts'

/** Why an input of the index of professionality (IP-ASN) is not known, and what to do about it. */
export const ipAsnTexts = {
  'office-unknown': {
    en: 'no posting says which office is held: HR posts them with its level (jejak post)',
    id: 'tidak ada penempatan yang menyebut jabatan yang dipegang: catat jenjangnya (jejak post)',
  },
  'education-unknown': {
    en: 'no education is recorded: HR records it (jejak career record)',
    id: 'pendidikan belum tercatat: dicatat kepegawaian (jejak career record)',
  },
  'performance-unknown': {
    en: 'no performance is recorded: HR records it (jejak career record)',
    id: 'kinerja belum tercatat: dicatat kepegawaian (jejak career record)',
  },
  'performance-too-old': {
    en: 'the last performance that is recorded is of a year too long ago: HR records the next',
    id: 'kinerja terakhir yang tercatat sudah terlalu lama: kepegawaian mencatat yang baru',
  },
  'discipline-unknown': {
    en: 'HR has not stated their discipline: also that there was no punishment has to be stated',
    id: 'kepegawaian belum menyatakan disiplin: juga bila tidak ada hukuman harus dinyatakan',
  },
  'discipline-too-old': {
    en: 'the last statement of discipline is too old: HR states it anew',
    id: 'pernyataan disiplin yang terakhir terlalu lama: kepegawaian menyatakannya kembali',
  },
  'leadership-unknown': {
    en: 'no training of leaders is recorded: HR records it (jejak career record)',
    id: 'diklat kepemimpinan belum tercatat: dicatat kepegawaian (jejak career record)',
  },
  'training-unknown': {
    en: 'no such training is recorded: the agency records it (jejak learning record)',
    id: 'diklat semacam ini belum tercatat: dicatat instansi (jejak learning record)',
  },
  'office-not-stated': {
    en: 'a functional training is recorded without its office: record it anew with forPosition',
    id: 'diklat fungsional tercatat tanpa jabatannya: catat ulang dengan forPosition',
  },
  'no-rule': {
    en: 'no rule set of that day says what counts: HR adopts one (jejak rules adopt)',
    id: 'tidak ada aturan hari itu yang menyebut apa yang dihitung: tetapkan (jejak rules adopt)',
  },
  parked: {
    en: 'a stream of their events is parked: the operator mends that (jejak parked)',
    id: 'suatu aliran peristiwanya tertahan: diperbaiki pengelola (jejak parked)',
  },
  withheld: {
    en: 'punishments are for HR and the person: discipline and what would show it are left out',
    id: 'hukuman hanya untuk kepegawaian dan orangnya: disiplin dan jumlahnya tidak ditampilkan',
  },
} as const satisfies Readonly<Record<string, Text>>

export type IpAsnTextKey = keyof typeof ipAsnTexts
