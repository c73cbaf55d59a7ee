import type { Text, Texts } from './text.ts'

/** Why a day can't be, as what is said of it. No birth date is in any of them. */
export const dayFaults = {
  'in-the-future': { en: 'must not be in the future', id: 'tidak boleh di masa depan' },
  'in-the-past': { en: 'must be today or later', id: 'harus hari ini atau sesudahnya' },
  'ends-before-start': {
    en: 'must not be before starts_on',
    id: 'tidak boleh sebelum starts_on',
  },
  'ends-before-since': {
    en: 'must not be before since',
    id: 'tidak boleh sebelum since',
  },
  'before-birth': {
    en: 'is before the person was born: see whether the day and the person are right',
    id: 'sebelum pegawai ini lahir: periksa tanggal dan pegawainya',
  },
  'too-long-ago': {
    en: 'is over a hundred years before it was recorded: nobody who serves was there then',
    id: 'lebih dari seratus tahun sebelum dicatat: belum ada pegawai yang bertugas waktu itu',
  },
  'outside-cohort': {
    en: 'is outside of its cohort',
    id: 'di luar masa angkatannya',
  },
  'outside-learning': {
    en: 'must be from starts_on to ends_on',
    id: 'harus dari starts_on sampai ends_on',
  },
  'before-learning-ended': {
    en: 'is before the last day of what was learned',
    id: 'sebelum hari terakhir pembelajaran itu',
  },
  'before-cohort': {
    en: 'is before the first day of the cohort',
    id: 'sebelum hari pertama angkatannya',
  },
  'before-name': {
    en: 'is before a name that the agency has had since: see ListAgencies',
    id: 'sebelum nama yang sejak itu dipakai perangkat daerah ini: lihat ListAgencies',
  },
  'before-last-session': {
    en: 'is before the last session that was attended',
    id: 'sebelum sesi terakhir yang dihadiri',
  },
  'still-served': {
    en: 'is before a posting, a session or a completion of the person',
    id: 'sebelum suatu penempatan, sesi atau penyelesaian pelatihan pegawai ini',
  },
  'born-after-posting': {
    en: 'is after the first day of a posting or of a contract of the person',
    id: 'setelah hari pertama suatu penempatan atau perjanjian kerja pegawai ini',
  },
  'contract-after-posting': {
    en: 'must not be after the first day of the posting: a contract comes before it',
    id: 'tidak boleh setelah hari pertama penempatan: perjanjian kerja mendahuluinya',
  },
} as const satisfies Texts

/** What is odd about a day, and may yet be right: it is taken, and somebody should look at it. */
export const dayOddities = {
  'before-service': {
    en: 'is before the person was 18, or before the appointment in the NIP: look at it',
    id: 'sebelum pegawai ini berusia 18 tahun, atau sebelum pengangkatan menurut NIP: periksa',
  },
} as const satisfies Texts

export type DayFault = keyof typeof dayFaults
export type DayOddity = keyof typeof dayOddities

/** A fault of a field, and the day that it contradicts. */
export type FieldContradiction = {
  readonly fault: DayFault
  readonly field: string
  readonly day: string
}

/** The fault as a sentence of its own. */
export const contradiction = (of: DayFault | FieldContradiction): Text => {
  if (typeof of === 'string') {
    return { en: `the day ${dayFaults[of].en}`, id: `tanggalnya ${dayFaults[of].id}` }
  }
  const { en, id } = dayFaults[of.fault]
  return { en: `${of.field} ${en}: ${of.day}`, id: `${of.field} ${id}: ${of.day}` }
}
