import { type CompletedCourse, type ExportKind, formats } from './kind.ts'

/**
 * A course in the form in which BKN's SIASN keeps it (riwayat kursus, `POST /kursus/save`): its
 * field names and their order. Days are `dd-mm-yyyy`, identifiers text, unknown ones empty.
 */
export type SiasnKursus = {
  /** BKN's id of the record: null of one that BKN doesn't have yet. */
  readonly id: string | null
  /** BKN's id of the person: opaque text. */
  readonly pnsOrangId: string
  /** NIP or NI PPPK, 18 digits. */
  readonly nipBaru: string
  readonly instansiId: string
  /** PerLAN 10/2018: `1` (Diklat Struktural) to `25`. */
  readonly jenisDiklatId: string
  readonly jenisKursus: string
  readonly jenisKursusSertipikat: 'T' | 'F' | 'P'
  readonly namaKursus: string
  readonly institusiPenyelenggara: string
  readonly nomorSertipikat: string
  /** Jam pelajaran. */
  readonly jumlahJam: number
  readonly tahunKursus: number
  readonly tanggalKursus: string
  readonly tanggalSelesaiKursus: string
  readonly lokasiId: string
}

const fields = [
  'id',
  'pnsOrangId',
  'nipBaru',
  'instansiId',
  'jenisDiklatId',
  'jenisKursus',
  'jenisKursusSertipikat',
  'namaKursus',
  'institusiPenyelenggara',
  'nomorSertipikat',
  'jumlahJam',
  'tahunKursus',
  'tanggalKursus',
  'tanggalSelesaiKursus',
  'lokasiId',
] as const satisfies readonly (keyof SiasnKursus)[]

const technicalTraining = 3
const formsMax = 25

/** PerLAN 10/2018: functional training; workshop, sosialisasi and seminar. All others are `T`. */
const certificateKinds: Readonly<Record<number, 'F' | 'P'>> = { 2: 'F', 4: 'P', 7: 'P', 9: 'P' }

/** The year is that of completion: a course's hours count when it is completed. */
const rowOf = (completed: CompletedCourse): SiasnKursus => {
  const { nip, completedOn, form = technicalTraining, bkn = {} } = completed
  // The error leaves the number out: it is personal data.
  if (!/^\d{18}$/.test(nip)) throw new RangeError('a NIP has 18 digits')
  if (!Number.isInteger(form) || form < 1 || form > formsMax) {
    throw new RangeError(`${form} is no form of training`)
  }
  return {
    id: bkn.record ?? null,
    pnsOrangId: bkn.person ?? '',
    nipBaru: nip,
    instansiId: bkn.agency ?? '',
    jenisDiklatId: String(form),
    jenisKursus: bkn.kind ?? '',
    jenisKursusSertipikat: certificateKinds[form] ?? 'T',
    namaKursus: completed.course,
    institusiPenyelenggara: completed.organizer,
    nomorSertipikat: completed.certificateNumber,
    jumlahJam: completed.jp,
    tahunKursus: Number(completedOn.slice(0, 4)),
    tanggalKursus: indonesianDay(completed.startedOn),
    tanggalSelesaiKursus: indonesianDay(completedOn),
    lokasiId: bkn.place ?? '',
  }
}

export const siasnKursus = {
  name: 'siasn-kursus',
  summary: 'completed courses, as SIASN takes them',
  description: {
    en: 'completed courses that have a certificate, as SIASN of BKN takes them',
    id: 'kursus selesai yang bersertifikat, sesuai format SIASN BKN',
  },
  formats,
  fields,
  rowOf,
  needs: {
    pnsOrangId: {
      en: "the person's agency: the id that SIASN has of the person, given as bkn_id",
      id: 'OPD pegawai: id pegawai menurut SIASN, diisi sebagai bkn_id',
    },
    instansiId: {
      en: 'BKPSDMD: the id that SIASN has of the city, to be filled in before the file is sent',
      id: 'BKPSDMD: id instansi menurut SIASN, diisi sebelum berkas dikirim',
    },
  },
  personalData: ['certificates', 'enrollments', 'nip'],
  audit: {
    certificateNumber: 'nomorSertipikat',
    // Neither the NIP, which is sealed in the logs, nor what only the exporter knows.
    compared: ['namaKursus', 'jumlahJam', 'tahunKursus', 'tanggalKursus', 'tanggalSelesaiKursus'],
  },
} as const satisfies ExportKind<keyof SiasnKursus>

const indonesianDay = (day: string): string => {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? []
  if (date === undefined) throw new RangeError(`${day} is not a day`)
  return `${date}-${month}-${year}`
}
