import type { Requirement } from './figures/gap.ts'
import type { RuleSet } from './rules.ts'

/**
 * The level that a kind of position requires of each competency, unless its own standard says
 * otherwise. For a JPT Madya a province has 4; a city has none.
 */
const required = {
  pelaksana: 1,
  pemula: 1,
  pengawas: 2,
  terampil: 2,
  mahir: 2,
  'ahli-pertama': 2,
  administrator: 3,
  penyelia: 3,
  'ahli-muda': 3,
  'jpt-pratama': 4,
  'ahli-madya': 4,
  'jpt-madya': 5,
  'jpt-utama': 5,
  'ahli-utama': 5,
} as const

export type PositionKind = keyof typeof required

const current: RuleSet<Readonly<Record<PositionKind, number>>> = {
  id: 'tingkat-jabatan-v1',
  validFrom: '2018-01-01',
  legalBasis: 'PermenPANRB 38/2017; KMK 954/2019',
  certainty: 'second-hand',
  value: required,
}

export const levelsRequired: readonly (typeof current)[] = [current]

/** The requirements of a position (jabatan) from a day on, as the event StandardSet has them. */
export type PositionStandard = {
  readonly position: string
  readonly validFrom: string
  readonly legalBasis: string
  readonly requirements: readonly Requirement[]
}

type Family = {
  readonly position: string
  readonly kinds: readonly PositionKind[]
  /** The sample dictionary of its technical competencies, and which of them it needs. */
  readonly technical: readonly [framework: string, ...competencies: string[]]
}

/** Real names of functional positions; their needs in the sample dictionaries are made up. */
const families: readonly Family[] = [
  {
    position: 'perawat',
    kinds: ['terampil', 'mahir', 'penyelia', 'ahli-pertama', 'ahli-muda', 'ahli-madya'],
    technical: [
      'sampel-manajemen-rumah-sakit',
      'keselamatan-pasien',
      'pencegahan-infeksi',
      'rekam-medis-elektronik',
    ],
  },
  {
    position: 'epidemiolog-kesehatan',
    kinds: ['ahli-pertama', 'ahli-muda', 'ahli-madya'],
    technical: ['sampel-kesehatan-masyarakat', 'surveilans-epidemiologi', 'promosi-kesehatan'],
  },
  {
    position: 'administrator-database-kependudukan',
    kinds: ['ahli-pertama', 'ahli-muda', 'ahli-madya'],
    technical: [
      'sampel-pencatatan-sipil',
      'pengoperasian-siak',
      'verifikasi-dokumen',
      'pelindungan-data-pribadi',
    ],
  },
  {
    position: 'operator-siak',
    kinds: ['terampil', 'mahir', 'penyelia'],
    technical: ['sampel-pencatatan-sipil', 'pengoperasian-siak', 'pendaftaran-penduduk'],
  },
]

/** Those that every position requires, of the dictionary of everybody. */
export const everyones = {
  framework: 'permenpanrb-38-2017',
  competencies: [
    'integritas',
    'kerja-sama',
    'komunikasi',
    'orientasi-pada-hasil',
    'pelayanan-publik',
    'pengembangan-diri-dan-orang-lain',
    'mengelola-perubahan',
    'pengambilan-keputusan',
    'perekat-bangsa',
  ],
} as const

const standardOf = (position: string, kind: PositionKind, technical: Family['technical'] | []) => {
  const level = current.value[kind]
  const [framework, ...competencies] = technical
  const common = everyones.competencies.map(competency => ({
    framework: everyones.framework,
    competency,
    level,
  }))
  const own = competencies.map(competency => ({ framework: framework ?? '', competency, level }))
  return {
    position,
    validFrom: current.validFrom,
    legalBasis: `${current.legalBasis} (contoh; ditetapkan per jabatan oleh pemerintah kota)`,
    requirements: [...common, ...own],
  }
}

/** Samples: the nine, and for functional positions technical ones, all at the level of the kind. */
export const standards: readonly PositionStandard[] = [
  ...families.flatMap(({ position, kinds, technical }) =>
    kinds.map(kind => standardOf(`${position}-${kind}`, kind, technical)),
  ),
  ...(['pelaksana', 'pengawas', 'administrator', 'jpt-pratama'] as const).map(kind =>
    standardOf(kind, kind, []),
  ),
]
