import { hash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { chance } from '@jejak/cli/generate/chance'
import { type AgencyStaff, peopleOf, type ScenarioPerson, staff } from './people.ts'
import { programmeOf, programmes } from './programmes.ts'

/** The folder of the agencies' files. */
export const scenarioFolder = fileURLToPath(new URL('../scenario', import.meta.url))

export type ScenarioCell = string | number | { readonly formula: string; readonly result: number }

/** A file as an agency would send it: its path in the folder, and its content. */
export type ScenarioFile = { readonly path: string } & (
  | { readonly rows: readonly (readonly ScenarioCell[])[] }
  | { readonly json: unknown }
)

/** A cohort's sessions and participants; `absent` has the modules that a participant missed. */
export type CohortPlan = {
  readonly program: string
  readonly cohort: string
  readonly sessions: readonly {
    readonly module: string
    readonly heldOn: string
    readonly jp: number
  }[]
  readonly completedOn: string
  readonly participants: readonly {
    readonly agency: string
    readonly nip: string
    readonly absent?: readonly string[]
  }[]
}

/** Who is put on the register of assessors. */
export type PlannedAssessor = {
  readonly assessorId: string
  readonly nip: string
  readonly since: string
  readonly accreditation: {
    readonly title: string
    readonly issuer: string
    readonly since: string
  }
}

/** A correction and a contest of single rows, by their references. */
export type FollowUp = {
  readonly correction: {
    readonly agency: string
    readonly employee: string
    readonly assessment: string
    readonly level: number
    readonly reason: string
  }
  readonly contest: {
    readonly agency: string
    readonly employee: string
    readonly assessment: string
    readonly statement: string
    readonly upheld: boolean
    readonly reason: string
    /** Assessors of other agencies. */
    readonly panel: readonly string[]
  }
}

const employeeHeadings = [
  'referensi',
  'nip',
  'nama',
  'tanggal_lahir',
  'instansi',
  'unit',
  'jabatan',
  'sejak',
]
const assessmentHeadings = [
  'referensi',
  'nip',
  'kamus',
  'kompetensi',
  'level',
  'metode',
  'fase',
  'asesor',
  'tanggal',
  'bukti_sha256',
]

/** A day as Indonesian offices write it: 31-01-2026. */
const spoken = (day: string): string => day.split('-').reverse().join('-')

const employeeRow = (person: ScenarioPerson): ScenarioCell[] => [
  person.reference,
  person.nip,
  person.name,
  spoken(person.birthDate),
  person.agency,
  person.unit,
  person.position,
  spoken(person.since),
]

const first = (agency: string): ScenarioPerson =>
  peopleOf(staff.find(it => it.agency === agency) as AgencyStaff)[0] as ScenarioPerson

const corrected = { agency: 'rsud-daya', competency: 'keselamatan-pasien' }
const contested = { agency: 'disdukcapil', competency: 'integritas' }

/** Levels with mistakes that real files have; the follow-up mends the first two. */
const levelAfter = (
  person: ScenarioPerson,
  at: number,
  competency: string,
  target: number,
): number => {
  const is = ({ agency, competency: its }: typeof corrected) =>
    at === 0 && person.agency === agency && competency === its
  if (is(corrected)) return target - 1
  if (is(contested)) return 1
  const falls = at > 0 && chance(100, 'falls', person.nip) < 15
  const short = chance(4, 'short', person.nip)
  const { targets } = programmeOf(person.agency).program
  return falls && targets[short]?.competency === competency ? target - 1 : target
}

const referenceOf = (person: ScenarioPerson, phase: 'awal' | 'akhir', competency: string): string =>
  `${person.reference}-${phase.toUpperCase()}-${competency}`

const assessmentRows = (agencyStaff: AgencyStaff, phase: 'awal' | 'akhir'): ScenarioCell[][] =>
  peopleOf(agencyStaff)
    .slice(0, agencyStaff.participants)
    .flatMap((person, at) =>
      programmeOf(agencyStaff.agency).program.targets.map(({ framework, competency, level }) => {
        const before = Math.max(1, level - 1 - (chance(100, person.nip, competency) < 40 ? 1 : 0))
        const reference = referenceOf(person, phase, competency)
        return [
          reference,
          person.nip,
          framework,
          competency,
          String(phase === 'awal' ? before : levelAfter(person, at, competency, level)),
          'Uji kompetensi',
          phase === 'awal' ? 'awal' : 'setelah pelatihan',
          assessorOf(agencyStaff.agency),
          phase === 'awal' ? '15-01-2026' : '10-04-2026',
          hash('sha256', reference),
        ]
      }),
    )

/** An accredited civil servant of each agency, who is not trained, assesses the others there. */
const assessorOfAgency = (agencyStaff: AgencyStaff): PlannedAssessor => ({
  assessorId: assessorOf(agencyStaff.agency),
  nip: peopleOf(agencyStaff).at(-1)?.nip ?? '',
  since: '2024-01-02',
  accreditation: { title: 'Asesor SDM Aparatur', issuer: 'BKN', since: '2024-01-02' },
})

/** The id of an agency's assessor. */
const assessorOf = (agency: string): string =>
  hash('sha256', `assessor ${agency}`).replace(
    /^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/,
    '$1-$2-8$3-8$4-$5',
  )

/** A row like the first, with a reference of its own and one thing wrong. */
const wrong = (
  rows: readonly ScenarioCell[][],
  heading: string,
  value: ScenarioCell,
): ScenarioCell[] => {
  const headings = rows[0]?.length === assessmentHeadings.length ? assessmentHeadings : []
  const row = [...(rows[0] as ScenarioCell[])]
  row[0] = `${row[0]}-KELIRU-${heading}`
  row[headings.indexOf(heading)] = value
  return row
}

const unregistered = '199001012015011999'

/** Rows that are wrong on purpose, by file. */
const mistakes: Readonly<
  Record<string, (rows: readonly ScenarioCell[][]) => readonly ScenarioCell[][]>
> = {
  'rsud-daya/asesmen-awal.xlsx': rows => [
    wrong(rows, 'nip', Number(rows[0]?.[1])),
    wrong(rows, 'level', { formula: 'MAX(E2:E5)', result: 2 }),
  ],
  'dinkes/asesmen-awal.csv': rows => [
    wrong(rows, 'level', '6'),
    wrong(rows, 'kompetensi', 'Pelayanan Prima'),
  ],
  'dinsos/asesmen-awal.csv': rows => [wrong(rows, 'nip', unregistered)],
  'disdukcapil/asesmen-akhir.xlsx': rows => [wrong(rows, 'nip', first('rsud-daya').nip)],
  'dinkes/pegawai.csv': () => [
    employeeRow({ ...first('dpmptsp'), reference: 'CONTOH-DINKES-PINDAHAN', nip: unregistered }),
  ],
  'disdukcapil/pegawai.csv': rows => [
    ['CONTOH-DISDUKCAPIL-EXCEL', '1,98609E+17', ...(rows[0]?.slice(2) ?? [])],
  ],
}

const table = (path: string, headings: readonly string[], rows: readonly ScenarioCell[][]) => ({
  path,
  rows: [headings, ...rows, ...(mistakes[path]?.(rows) ?? [])],
})

/** Some offices keep their lists in Excel. */
const workbooks = ['rsud-daya/asesmen-awal', 'disdukcapil/asesmen-akhir']

const agencyFiles = (agencyStaff: AgencyStaff): readonly ScenarioFile[] => [
  table(
    `${agencyStaff.agency}/pegawai.csv`,
    employeeHeadings,
    peopleOf(agencyStaff).map(employeeRow),
  ),
  ...(['awal', 'akhir'] as const).map(phase => {
    const name = `${agencyStaff.agency}/asesmen-${phase}`
    const path = `${name}.${workbooks.includes(name) ? 'xlsx' : 'csv'}`
    return table(path, assessmentHeadings, assessmentRows(agencyStaff, phase))
  }),
]

const planOf = (
  { program }: (typeof programmes)[number],
  cohort: (typeof programmes)[number]['cohorts'][number],
): CohortPlan => ({
  program: program.code,
  cohort: cohort.title,
  sessions: program.modules.map(({ code, jp }, at) => ({
    module: code,
    heldOn: `${cohort.startsOn.slice(0, 8)}${String(10 + at).padStart(2, '0')}`,
    jp,
  })),
  completedOn: cohort.endsOn,
  participants: staff
    .filter(({ agency }) => cohort.agencies.includes(agency))
    .flatMap(agencyStaff => peopleOf(agencyStaff).slice(0, agencyStaff.participants))
    .map(({ agency, nip }, at) => ({
      agency,
      nip,
      ...(at % 15 === 14 && { absent: [program.modules[0]?.code ?? ''] }),
    })),
})

const followUp: FollowUp = {
  correction: {
    agency: corrected.agency,
    employee: first(corrected.agency).reference,
    assessment: referenceOf(first(corrected.agency), 'akhir', corrected.competency),
    level: 3,
    reason: 'salah ketik: pada berita acara tertulis level 3',
  },
  contest: {
    agency: contested.agency,
    employee: first(contested.agency).reference,
    assessment: referenceOf(first(contested.agency), 'akhir', contested.competency),
    statement: 'Saya cuti pada hari uji kompetensi.',
    upheld: true,
    reason: 'daftar hadir membenarkan keberatan',
    panel: staff
      .filter(({ agency }) => agency !== contested.agency)
      .slice(0, 3)
      .map(({ agency }) => assessorOf(agency)),
  },
}

/** Every file of the scenario. */
export const scenarioFiles = (): readonly ScenarioFile[] => [
  ...staff.flatMap(agencyFiles),
  { path: 'bkpsdmd/asesor.json', json: staff.map(assessorOfAgency) },
  ...programmes.flatMap(programme => [
    {
      path: `bkpsdmd/${programme.program.code}.json`,
      json: {
        program: programme.program,
        cohorts: programme.cohorts.map(({ agencies: _, ...cohort }) => cohort),
      },
    },
    ...programme.cohorts.map((cohort, at) => ({
      path: `bkpsdmd/${programme.program.code}-angkatan-${at + 1}.json`,
      json: planOf(programme, cohort),
    })),
  ]),
  { path: 'bkpsdmd/tindak-lanjut.json', json: followUp },
]
