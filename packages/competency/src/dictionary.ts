import type { RuleSet } from './rules.ts'

/** A competency dictionary (kamus kompetensi), as the event FrameworkPublished has it. */
export type CompetencyDictionary = {
  readonly frameworkId: string
  readonly title: string
  readonly legalBasis: string
  readonly validFrom: string
  /** Made up, to show how a dictionary looks. */
  readonly sample: boolean
  readonly competencies: readonly DictionaryCompetency[]
}

export type DictionaryCompetency = {
  readonly code: string
  readonly title: string
  readonly kind: 'manajerial' | 'sosial-kultural' | 'teknis'
}

/** The names of the five levels. Only second-hand sources quote the regulation for them. */
export const levelNames: readonly RuleSet<readonly string[]>[] = [
  {
    id: 'tingkat-kompetensi-v1',
    validFrom: '2018-01-01',
    legalBasis: 'PermenPANRB 38/2017',
    certainty: 'second-hand',
    value: ['Paham/dalam pengembangan', 'Dasar', 'Menengah', 'Mumpuni', 'Ahli'],
  },
]

const managerial = (code: string, title: string): DictionaryCompetency => ({
  code,
  title,
  kind: 'manajerial',
})

const technical = (code: string, title: string): DictionaryCompetency => ({
  code,
  title,
  kind: 'teknis',
})

/** The same nine of every position. Its year is certain; the first day on which it held is not. */
const permenpanrb: CompetencyDictionary = {
  frameworkId: 'permenpanrb-38-2017',
  title: 'Kompetensi Manajerial dan Sosial Kultural ASN',
  legalBasis: 'PermenPANRB 38/2017',
  validFrom: '2018-01-01',
  sample: false,
  competencies: [
    managerial('integritas', 'Integritas'),
    managerial('kerja-sama', 'Kerja Sama'),
    managerial('komunikasi', 'Komunikasi'),
    managerial('orientasi-pada-hasil', 'Orientasi pada Hasil'),
    managerial('pelayanan-publik', 'Pelayanan Publik'),
    managerial('pengembangan-diri-dan-orang-lain', 'Pengembangan Diri dan Orang Lain'),
    managerial('mengelola-perubahan', 'Mengelola Perubahan'),
    managerial('pengambilan-keputusan', 'Pengambilan Keputusan'),
    { code: 'perekat-bangsa', title: 'Perekat Bangsa', kind: 'sosial-kultural' },
  ],
}

// No national list has technical competencies: the ministry that owns an affair writes its own.
const sample = {
  legalBasis: 'Contoh, tanpa dasar hukum: kamus kompetensi teknis ditetapkan kementerian pembina',
  validFrom: '2018-01-01',
  sample: true,
} as const

const hospitalManagement: CompetencyDictionary = {
  ...sample,
  frameworkId: 'sampel-manajemen-rumah-sakit',
  title: 'Kompetensi Teknis Manajemen Rumah Sakit (contoh)',
  competencies: [
    technical('keselamatan-pasien', 'Keselamatan Pasien'),
    technical('mutu-dan-akreditasi', 'Pengelolaan Mutu dan Akreditasi Rumah Sakit'),
    technical('pencegahan-infeksi', 'Pencegahan dan Pengendalian Infeksi'),
    technical('rekam-medis-elektronik', 'Pengelolaan Rekam Medis Elektronik'),
    technical('alur-dan-rujukan-pasien', 'Pengelolaan Alur dan Rujukan Pasien'),
    technical('logistik-farmasi', 'Pengelolaan Logistik Farmasi dan Alat Kesehatan'),
    technical('keuangan-blud', 'Pengelolaan Keuangan BLUD'),
  ],
}

const publicHealth: CompetencyDictionary = {
  ...sample,
  frameworkId: 'sampel-kesehatan-masyarakat',
  title: 'Kompetensi Teknis Pelayanan Kesehatan Masyarakat (contoh)',
  competencies: [
    technical('surveilans-epidemiologi', 'Surveilans Epidemiologi'),
    technical('promosi-kesehatan', 'Promosi Kesehatan dan Pemberdayaan Masyarakat'),
    technical('kesehatan-ibu-dan-anak', 'Pelayanan Kesehatan Ibu dan Anak'),
    technical('imunisasi', 'Penyelenggaraan Imunisasi'),
    technical('kesehatan-lingkungan', 'Penyehatan Lingkungan'),
    technical('manajemen-puskesmas', 'Manajemen Puskesmas'),
  ],
}

const civilRegistry: CompetencyDictionary = {
  ...sample,
  frameworkId: 'sampel-pencatatan-sipil',
  title: 'Kompetensi Teknis Kependudukan dan Pencatatan Sipil (contoh)',
  competencies: [
    technical('pendaftaran-penduduk', 'Pelayanan Pendaftaran Penduduk'),
    technical('akta-pencatatan-sipil', 'Penerbitan Akta Pencatatan Sipil'),
    technical('pengoperasian-siak', 'Pengoperasian SIAK'),
    technical('verifikasi-dokumen', 'Verifikasi dan Validasi Dokumen Kependudukan'),
    technical('pelayanan-daring', 'Pelayanan Administrasi Kependudukan Daring'),
    technical('pelindungan-data-pribadi', 'Pelindungan Data Pribadi Penduduk'),
  ],
}

export const dictionaries: readonly CompetencyDictionary[] = [
  permenpanrb,
  hospitalManagement,
  publicHealth,
  civilRegistry,
]
