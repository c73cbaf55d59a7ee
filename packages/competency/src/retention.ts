import { addMonths } from './calendar.ts'
import { type Certainty, type Dated, inForce, type RuleSet } from './rules.ts'

/**
 * What becomes of records at the end of their retention (nasib akhir): they are destroyed, reviewed
 * again, kept for ever, or put into the personal file and kept as long as that.
 */
export type FinalFate = 'musnah' | 'dinilai-kembali' | 'permanen' | 'masuk-berkas-perseorangan'

/** A class of records of the schedule, in the words that the schedule itself has. */
export type RetentionClass = {
  /** Code of the class, as `berkas-perseorangan`. */
  readonly kelasArsip: string
  readonly uraian: string
  /** What the years count from. */
  readonly sejak: 'akhir-masa-kerja' | 'dicatat' | 'akhir-tahun-anggaran' | 'dijawab'
  /** Years in the office that uses them, then in the records centre. */
  readonly retensiAktif: number
  readonly retensiInaktif: number
  readonly nasibAkhir: FinalFate
  /** When the fate is another: outcomes can be conditional. */
  readonly pengecualian?: string
  readonly legalBasis: string
  readonly certainty: Certainty
}

const anri = 'Peraturan ANRI 22/2017 (Pedoman Retensi Arsip Urusan Kepegawaian)'

/**
 * The city's schedule (jadwal retensi arsip, JRA). Its Perwali has not been seen: until it is
 * entered here as another set, with its first day, the years stand for it as assumed.
 */
export const retentionSchedules: readonly RuleSet<readonly RetentionClass[]>[] = [
  {
    id: 'jra-kepegawaian-sementara-v1',
    validFrom: '2009-10-23',
    legalBasis: `UU 43/2009 tentang Kearsipan; ${anri}; Perwali JRA Kota Makassar belum diisi`,
    certainty: 'assumed',
    value: [
      {
        kelasArsip: 'berkas-perseorangan',
        uraian: 'Identitas, penempatan dan perubahan data pegawai',
        sejak: 'akhir-masa-kerja',
        retensiAktif: 2,
        retensiInaktif: 8,
        nasibAkhir: 'dinilai-kembali',
        pengecualian: 'permanen bagi pejabat pimpinan tinggi',
        legalBasis: anri,
        certainty: 'assumed',
      },
      {
        kelasArsip: 'pengembangan-kompetensi',
        uraian: 'Kepesertaan, kehadiran dan sertifikat pelatihan',
        sejak: 'dicatat',
        retensiAktif: 2,
        retensiInaktif: 3,
        nasibAkhir: 'masuk-berkas-perseorangan',
        legalBasis: anri,
        certainty: 'assumed',
      },
      {
        kelasArsip: 'penilaian-kompetensi',
        uraian: 'Hasil asesmen, koreksi dan keberatan',
        sejak: 'dicatat',
        retensiAktif: 3,
        retensiInaktif: 2,
        nasibAkhir: 'masuk-berkas-perseorangan',
        legalBasis: `${anri}; masa berlaku hasil tiga tahun: PerBKN 26/2019 Pasal 29 ayat (4)`,
        certainty: 'assumed',
      },
      {
        kelasArsip: 'program-pelatihan',
        uraian: 'Program, angkatan, kamus dan standar kompetensi',
        sejak: 'akhir-tahun-anggaran',
        retensiAktif: 2,
        retensiInaktif: 3,
        nasibAkhir: 'dinilai-kembali',
        legalBasis: anri,
        certainty: 'second-hand',
      },
      {
        kelasArsip: 'hak-subjek-data',
        uraian: 'Permintaan akses, salinan dan perbaikan, penghapusan, dan catatan akses',
        sejak: 'dijawab',
        retensiAktif: 2,
        retensiInaktif: 3,
        nasibAkhir: 'musnah',
        legalBasis: 'UU 27/2022 Pasal 14, 30 dan 31',
        certainty: 'assumed',
      },
    ],
  },
]

/** Why nothing may be destroyed before its retention has ended. */
export const destructionRule: Dated = {
  id: 'uu-43-2009-pemusnahan',
  validFrom: '2009-10-23',
  legalBasis:
    'UU 43/2009 Pasal 51: arsip dimusnahkan setelah habis retensinya menurut JRA, tidak terkait ' +
    'perkara, dan tidak ada peraturan yang melarang',
  certainty: 'assumed',
}

/** The class of what erasing a person destroys: who they are. */
const personalFile = 'berkas-perseorangan'

export type Retained = {
  /** Up to and with this day, RFC 3339 full-date. */
  readonly until: string
  /** Id of the schedule. */
  readonly rule: string
  readonly kelasArsip: string
  readonly legalBasis: string
}

/**
 * Until when the personal file of somebody must be kept, if that is still so on a day. Of somebody
 * whose last day of service is not given the years count from that same day: the earliest end.
 */
export const retainedOn = (day: string, lastDayOfService = day): Retained | undefined => {
  const schedule = inForce(retentionSchedules, day)
  const kept = schedule?.value.find(({ kelasArsip }) => kelasArsip === personalFile)
  if (!schedule || !kept) return undefined
  const { kelasArsip, retensiAktif, retensiInaktif, legalBasis } = kept
  const until = addMonths(lastDayOfService, 12 * (retensiAktif + retensiInaktif))
  if (day > until) return undefined
  return { until, rule: schedule.id, kelasArsip, legalBasis }
}
