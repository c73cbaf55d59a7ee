import { hash } from 'node:crypto'
import type { Grant } from '@jejak/access/token'
import { everyones } from '@jejak/competency/standards'
import { AssessmentService, Phase } from '@jejak/proto/jejak/assessment/v1/assessment'
import { AssessorService } from '@jejak/proto/jejak/enrollment/v1/assessor'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { LearningService } from '@jejak/proto/jejak/enrollment/v1/learning'
import { ProgramService } from '@jejak/proto/jejak/enrollment/v1/program'
import { type Connection, connect } from '@jejak/rpc/client'
import type { ServiceAddresses } from '@jejak/rpc/endpoints'
import { errorOf } from '@jejak/rpc/error'
import { requestIdOf } from '../files/request-id.ts'
import { oneByOne, sendAll } from '../files/sending.ts'
import {
  type CityPlan,
  type GeneratedCity,
  type GeneratedPerson,
  type GeneratedTraining,
  type GeneratedYear,
  jpPerModule,
  openCity,
  trainingModules,
} from './city.ts'

export type GenerateOptions = {
  readonly plan: CityPlan
  readonly address: string | ServiceAddresses
  readonly issue: (grant: Grant) => Promise<string>
  readonly progress: (done: number, total: number) => void
}

/** How many of each were stored, now or by an earlier run. */
export type Generated = {
  readonly people: number
  readonly ratings: number
  readonly trainings: number
  readonly learning: number
}

const atOnce = 64
/** The most that a cohort can have: nobody is left out. */
const seatsMax = 10_000

/** Sends all of a city to the services, as its agencies and HR would. Repeated, it adds nothing. */
export const generateCity = async (options: GenerateOptions): Promise<Generated> => {
  const { plan, address, issue, progress } = options
  const city = openCity(plan)
  const connections: Connection[] = []
  const connected = async (grant: Grant) => {
    const connection = connect(address, { token: await issue(grant) })
    connections.push(connection)
    return connection
  }
  const total = plan.people * (1 + plan.years.length)
  let done = 0
  const settled = () => progress(++done, total)
  try {
    const hr = await connected({ role: 'hr' })
    await prepare(hr, city, plan)
    const everybody = city.everybody()
    await allOf(everybody, person => register(hr, person), settled)
    const agencies = new Map<string, Connection>()
    for (const agency of city.agencies) {
      agencies.set(agency, await connected({ role: 'agency', agency }))
    }
    const sums = { people: everybody.length, ratings: 0, trainings: 0, learning: 0 }
    for (const year of plan.years) {
      const lived = [...city.yearOf(year)].map((each, at) => ({
        ...each,
        person: everybody[at] as GeneratedPerson,
      }))
      await openCohorts(hr, lived)
      await allOf(lived, each => live(hr, each), settled)
      for (const [agency, connection] of agencies) {
        const own = lived.filter(({ person }) => person.agency === agency)
        sums.ratings += await rate(connection, city.assessorId, own)
      }
      sums.trainings += lived.filter(({ training }) => training).length
      sums.learning += lived.filter(({ learning }) => learning).length
    }
    return sums
  } finally {
    for (const connection of connections) connection.close()
  }
}

type Lived = GeneratedYear & { readonly person: GeneratedPerson }

/** Who assesses, and what is taught. */
const prepare = async (hr: Connection, city: GeneratedCity, { years }: CityPlan) => {
  await hr.client(AssessorService).registerAssessor({
    requestId: city.assessorId,
    name: 'Asesor Contoh',
    since: `${(years[0] ?? 0) - 1}-01-01`,
  })
  const taught = trainingModules.map(code => ({
    code,
    title: code,
    jp: jpPerModule,
    practiceJp: 4,
  }))
  for (const { programId: requestId, code, title, competency } of city.programmes) {
    const target = { framework: everyones.framework, competency, level: 3 }
    await hr.client(ProgramService).publishProgram({
      requestId,
      program: {
        ...{ code, title, field: 'umum', targets: [target] },
        ...{ modules: taught, validityMonths: 36 },
      },
    })
  }
}

const register = async (hr: Connection, person: GeneratedPerson) => {
  const { asnId: requestId, nip, name, birthDate, ...posted } = person
  const contractSince = posted.employment === 'pppk' ? posted.since : ''
  await hr.client(EmployeeService).registerEmployee({
    requestId,
    person: { nip, name, birthDate },
    posting: { ...posted, contractSince },
  })
}

const live = async (hr: Connection, { person, training, learning }: Lived) => {
  if (training) await train(hr, person, training)
  if (learning) await learn(hr, person, learning)
}

/** Does the work for each, many at once; a call that fails passingly is made again. */
const allOf = async <Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  settled = () => {},
) => {
  const numbered = async function* () {
    for (const [at, item] of items.entries()) yield { requestId: `${at}`, item }
  }
  const exchange = oneByOne(
    async ({ item }: { readonly requestId: string; readonly item: Item }) => {
      await work(item)
      return {}
    },
    atOnce,
  )
  await sendAll(numbered(), exchange, { settled })
}

const openCohorts = async (hr: Connection, years: readonly GeneratedYear[]) => {
  const trainings = years.flatMap(({ training }) => training ?? [])
  const cohorts = new Map(trainings.map(training => [training.cohort.cohortId, training]))
  await allOf([...cohorts.values()], async ({ programme, cohort }) => {
    const { cohortId: requestId, ...opened } = cohort
    const { programId } = programme
    await hr
      .client(ProgramService)
      .openCohort({ requestId, cohort: { programId, ...opened, capacity: seatsMax } })
  })
}

/** Recorded only of a PPPK whose year of the contract is above its ceiling. */
const overrideReason = 'Pengembangan kompetensi disamakan bagi PNS dan PPPK'

const train = async (
  hr: Connection,
  { asnId }: GeneratedPerson,
  { enrollmentId, cohort }: GeneratedTraining,
) => {
  const { cohortId, startsOn: heldOn, endsOn: completedOn } = cohort
  const idOf = (step: string) => requestIdOf('generated', enrollmentId, step)
  const client = hr.client(EnrollmentService)
  await client.nominate({ requestId: enrollmentId, cohortId, asnId })
  await client.approve({ requestId: idOf('approve'), enrollmentId, overrideReason })
  for (const module of trainingModules) {
    const requestId = idOf(module)
    await client.recordAttendance({ requestId, enrollmentId, module, heldOn, jp: jpPerModule })
  }
  await client.complete({ requestId: idOf('complete'), enrollmentId, completedOn })
}

const learn = async (
  hr: Connection,
  { asnId }: GeneratedPerson,
  { requestId, on, minutes, ...learned }: NonNullable<GeneratedYear['learning']>,
) => {
  const days = { startsOn: on, endsOn: on, sessions: [{ on, minutes }] }
  await hr
    .client(LearningService)
    .recordLearning({ requestId, asnId, learning: { ...learned, ...days, organiser: 'Contoh' } })
}

const sha256 = hash('sha256', 'contoh')

const rate = async (
  agency: Connection,
  assessorId: string,
  lived: readonly Lived[],
): Promise<number> => {
  const requests = async function* () {
    const rated = lived.flatMap(({ person, ratings }) =>
      ratings.map(rating => ({ asnId: person.asnId, ...rating })),
    )
    for (const { requestId, enrollmentId = '', ...rest } of rated) {
      const phase = enrollmentId ? Phase.AFTER_TRAINING : Phase.BASELINE
      const { framework } = everyones
      const about = { framework, phase, assessorId, enrollmentId }
      yield { requestId, assessment: { ...about, ...rest, evidence: [{ sha256 }] } }
    }
  }
  type Item = ReturnType<typeof requests> extends AsyncGenerator<infer I> ? I : never
  let stored = 0
  const { submitAssessments } = agency.client(AssessmentService)
  const exchange = async function* (items: AsyncIterable<Item>, signal: AbortSignal) {
    for await (const { requestId, outcome } of submitAssessments(items, { signal })) {
      if (outcome.case === 'refused') throw errorOf(outcome.value)
      yield { requestId }
    }
  }
  await sendAll(requests(), exchange, { settled: () => void stored++ })
  return stored
}
