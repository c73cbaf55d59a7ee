import { requiredLevelOf } from '@jejak/competency/offices'
import { everyones, type PositionStandard } from '@jejak/competency/standards'
import { builtInOf } from '@jejak/rules/built-in'
import type { DatedRules } from '@jejak/rules/kinds'

type Family = {
  readonly position: string
  /** Levels of office. */
  readonly offices: readonly string[]
  /** The sample dictionary of its technical competencies, and which of them it needs. */
  readonly technical: readonly [framework: string, ...competencies: string[]]
}

/** Real names of functional positions; their needs in the sample dictionaries are made up. */
const families: readonly Family[] = [
  {
    position: 'perawat',
    offices: ['terampil', 'mahir', 'penyelia', 'ahli-pertama', 'ahli-muda', 'ahli-madya'],
    technical: [
      'sampel-manajemen-rumah-sakit',
      'keselamatan-pasien',
      'pencegahan-infeksi',
      'rekam-medis-elektronik',
    ],
  },
  {
    position: 'epidemiolog-kesehatan',
    offices: ['ahli-pertama', 'ahli-muda', 'ahli-madya'],
    technical: ['sampel-kesehatan-masyarakat', 'surveilans-epidemiologi', 'promosi-kesehatan'],
  },
  {
    position: 'administrator-database-kependudukan',
    offices: ['ahli-pertama', 'ahli-muda', 'ahli-madya'],
    technical: [
      'sampel-pencatatan-sipil',
      'pengoperasian-siak',
      'verifikasi-dokumen',
      'pelindungan-data-pribadi',
    ],
  },
  {
    position: 'operator-siak',
    offices: ['terampil', 'mahir', 'penyelia'],
    technical: ['sampel-pencatatan-sipil', 'pengoperasian-siak', 'pendaftaran-penduduk'],
  },
]

const standardOf = (
  { validFrom, legalBasis, rules }: DatedRules<'position-levels'>,
  position: string,
  office: string,
  technical: Family['technical'] | [],
): PositionStandard => {
  const level = requiredLevelOf(rules, office)
  if (level === undefined) throw new Error(`no level is required of ${office}`)
  const [framework = '', ...competencies] = technical
  const common = everyones.competencies.map(competency => ({
    framework: everyones.framework,
    competency,
    level,
  }))
  const own = competencies.map(competency => ({ framework, competency, level }))
  return {
    position,
    validFrom,
    legalBasis: `${legalBasis} (contoh; ditetapkan per jabatan oleh pemerintah kota)`,
    requirements: [...common, ...own],
  }
}

/** Samples: the nine, and technical ones of functional positions, at the level of the office. */
export const sampleStandards = (): readonly PositionStandard[] => {
  const [first] = builtInOf('position-levels')
  const rules = first?.set as DatedRules<'position-levels'>
  return [
    ...families.flatMap(({ position, offices, technical }) =>
      offices.map(office => standardOf(rules, `${position}-${office}`, office, technical)),
    ),
    ...(['pelaksana', 'pengawas', 'administrator', 'jpt-pratama'] as const).map(office =>
      standardOf(rules, office, office, []),
    ),
  ]
}
