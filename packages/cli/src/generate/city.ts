import { everyones } from '@jejak/competency/standards'
import { requestIdOf } from '../files/request-id.ts'
import { chance, chosen } from './chance.ts'

/** What is generated: the same numbers make the same people, and the same years of theirs. */
export type CityPlan = {
  readonly seed: number
  readonly people: number
  /** Calendar years, in order. */
  readonly years: readonly number[]
}

export type GeneratedPerson = {
  readonly asnId: string
  readonly nip: string
  readonly name: string
  readonly birthDate: string
  readonly agency: string
  readonly unit: string
  readonly position: string
  readonly office: string
  readonly employment: 'pns' | 'pppk'
  /** The first day of the posting, and of the contract of a PPPK. */
  readonly since: string
}

export type GeneratedRating = {
  readonly requestId: string
  readonly competency: string
  readonly level: number
  readonly method: string
  readonly occurredOn: string
  /** The enrollment whose effect is measured: the rating is made at its end. */
  readonly enrollmentId?: string
}

export type GeneratedTraining = {
  readonly enrollmentId: string
  readonly programme: GeneratedProgramme
  readonly cohort: GeneratedCohort
}

export type GeneratedProgramme = {
  readonly programId: string
  readonly code: string
  readonly title: string
  readonly competency: string
}

export type GeneratedCohort = {
  readonly cohortId: string
  readonly title: string
  readonly startsOn: string
  readonly endsOn: string
}

export type GeneratedLearning = {
  readonly requestId: string
  readonly form: number
  readonly title: string
  readonly on: string
  readonly minutes: number
  readonly claimedJp: number
}

/** One year of one person. */
export type GeneratedYear = {
  readonly ratings: readonly GeneratedRating[]
  readonly training: GeneratedTraining | undefined
  readonly learning: GeneratedLearning | undefined
}

/** About so many people are in a cohort; who is in which is drawn. */
const seatsPerCohort = 40
/** A training has so many modules, of so many JP each. */
export const trainingModules = ['m1', 'm2']
export const jpPerModule = 8

/** Agencies that a city has, hospitals and schools with more people than others. */
export const generatedAgencies = [
  'rsud-daya',
  'disdik',
  'disdik',
  'disdik',
  'dinkes',
  'dinkes',
  'disdukcapil',
  'bkpsdmd',
  'dinsos',
  'dpmptsp',
  'satpol-pp',
  'setda',
]

/** Codes of positions, with the level of their office. */
const positions = [
  ['perawat-terampil', 'terampil'],
  ['perawat-ahli-pertama', 'ahli-pertama'],
  ['perawat-ahli-muda', 'ahli-muda'],
  ['epidemiolog-kesehatan-ahli-pertama', 'ahli-pertama'],
  ['operator-siak-terampil', 'terampil'],
  ['pelaksana', 'pelaksana'],
  ['pelaksana', 'pelaksana'],
  ['pengawas', 'pengawas'],
  ['administrator', 'administrator'],
] as const

const units = Array.from({ length: 12 }, (_, at) => `unit-${two(at + 1)}`)
const methods = ['uji-kompetensi', 'asesmen-kompetensi', 'observasi', 'wawancara-kompetensi']
/** Forms of learning (jenisDiklat of SIASN) that need no cohort, as e-learning and self-study. */
const forms = [4, 11, 16, 22]

/** Opens the city of a plan: who is in it, and what each of their years holds. */
export const openCity = ({ seed, people, years }: CityPlan) => {
  const [first = 0] = years
  const idOf = (...words: readonly (string | number)[]) =>
    requestIdOf('generated', `${seed}`, words.join(' '))
  const programmes = everyones.competencies.slice(0, 6).map(
    (competency, at): GeneratedProgramme => ({
      programId: idOf('programme', at),
      code: `contoh-${seed}-${at + 1}`,
      title: `Pelatihan Contoh ${at + 1}`,
      competency,
    }),
  )
  const nips = new Set<string>()

  const person = (at: number): GeneratedPerson => {
    const drawn = (below: number, what: string) => chance(below, seed, what, at)
    const born = 1968 + drawn(30, 'born')
    const birthDate = `${born}-${two(1 + drawn(12, 'month'))}-${two(1 + drawn(28, 'day'))}`
    const isPppk = drawn(100, 'employment') < 15
    const appointed = isPppk ? first - 1 : Math.min(first - 1, born + 22 + drawn(6, 'age'))
    const month = two(1 + drawn(12, 'appointed'))
    const code = isPppk ? '21' : month
    const sex = 1 + drawn(2, 'sex')
    const nip = freshNip(
      nips,
      `${birthDate.replaceAll('-', '')}${appointed}${code}${sex}`,
      drawn(999, 'number'),
    )
    const [position, office] = chosen(positions, seed, 'position', at)
    return {
      asnId: idOf('person', at),
      nip,
      name: `Pegawai Contoh ${at + 1}`,
      birthDate,
      agency: chosen(generatedAgencies, seed, 'agency', at),
      unit: chosen(units, seed, 'unit', at),
      position,
      office,
      employment: isPppk ? 'pppk' : 'pns',
      since: `${appointed}-${month}-01`,
    }
  }

  const ratingsOf = (at: number, year: number, training: GeneratedTraining | undefined) => {
    const ability = 1 + chance(3, seed, 'ability', at)
    const rating = (key: string, competency: string, occurredOn: string): GeneratedRating => ({
      requestId: idOf('rating', at, year, key),
      competency,
      level: Math.min(5, ability + chance(2, seed, 'level', at, year, key)),
      method: chosen(methods, seed, 'method', at, year, key),
      occurredOn,
    })
    const turn = 2 * years.indexOf(year) + chance(9, seed, 'turn', at)
    const yearly = [turn, turn + 1].map(turn => {
      const competency = everyones.competencies[turn % everyones.competencies.length] ?? ''
      return rating(competency, competency, dayIn(year, chance(360, seed, 'rated', at, year, turn)))
    })
    if (!training) return yearly
    const { programme, cohort, enrollmentId } = training
    const after = rating('after', programme.competency, cohort.endsOn)
    return [...yearly, { ...after, level: Math.min(5, after.level + 1), enrollmentId }]
  }

  const learningOf = (at: number, year: number): GeneratedLearning | undefined => {
    const drawn = (below: number, what: string) => chance(below, seed, what, at, year)
    if (drawn(100, 'learns') >= 30) return undefined
    return {
      requestId: idOf('learning', at, year),
      form: chosen(forms, seed, 'form', at, year),
      title: `Belajar Contoh ${1 + drawn(50, 'title')}`,
      on: dayIn(year, drawn(360, 'learned')),
      minutes: 45 * (1 + drawn(8, 'minutes')),
      claimedJp: 1 + drawn(10, 'claimed'),
    }
  }

  const cohorts = Math.ceil((people * 0.4) / programmes.length / seatsPerCohort)
  const trainingOf = (at: number, year: number): GeneratedTraining | undefined => {
    if (chance(100, seed, 'trains', at, year) >= 40) return undefined
    const programme = chosen(programmes, seed, 'programme', at, year)
    const cohort = cohortOf(programme, year, chance(cohorts, seed, 'cohort', at, year))
    return { enrollmentId: idOf('enrollment', at, year), programme, cohort }
  }
  const cohortOf = ({ code }: GeneratedProgramme, year: number, number: number) => {
    const day = 7 * (number % 50)
    return {
      cohortId: idOf('cohort', code, year, number),
      title: `Angkatan ${number + 1} Tahun ${year}`,
      startsOn: dayIn(year, day),
      endsOn: dayIn(year, day + 4),
    }
  }

  return {
    agencies: [...new Set(generatedAgencies)],
    programmes,
    assessorId: idOf('assessor'),
    idOf,
    everybody: (): readonly GeneratedPerson[] =>
      Array.from({ length: people }, (_, at) => person(at)),
    /** One year of everybody, in their order. */
    *yearOf(year: number): Generator<GeneratedYear> {
      for (let at = 0; at < people; at++) {
        const training = trainingOf(at, year)
        yield { ratings: ratingsOf(at, year, training), training, learning: learningOf(at, year) }
      }
    },
  }
}

export type GeneratedCity = ReturnType<typeof openCity>

function two(number: number): string {
  return String(number).padStart(2, '0')
}

/** The day so many days after the first of a year. */
const dayIn = (year: number, after: number): string =>
  new Date(Date.UTC(year, 0, 1 + after)).toISOString().slice(0, 10)

/** With a number that nobody else here has. */
const freshNip = (nips: Set<string>, digits: string, first: number): string => {
  for (let number = first; ; number++) {
    const nip = `${digits}${String((number % 999) + 1).padStart(3, '0')}`
    if (nips.has(nip)) continue
    nips.add(nip)
    return nip
  }
}
