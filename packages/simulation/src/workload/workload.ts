import {
  competencies,
  frameworkCode,
  simulatedAssessor,
  simulatedPanel,
  targetLevel,
} from './assessing.ts'
import { idsOf, nipOf, randomOutcome, type SimulatedPerson } from './people.ts'
import { randomOf } from './random.ts'
import {
  Answers,
  type Installation,
  openServiceClients,
  type ServiceClients,
  type Workload,
} from './service-clients.ts'
import { modules, train } from './training.ts'

const agencies = ['rsud-daya', 'dinkes', 'disdukcapil']
const clientsOfAgency = 2
const groupPeople = 4
/** Each client has its own range of NIPs. */
const groupsMax = 10_000

/** Connects the clients, registers the assessor, and opens a programme and a cohort an agency. */
export const openWorkload = async (installation: Installation, seed: number) => {
  const answers = new Answers()
  const id = idsOf(`${seed}`)
  const workload: Workload = {
    answers,
    hr: await openServiceClients(installation, { role: 'hr' }),
    agencies: await openAgencies(installation),
    asn: asnId => openServiceClients(installation, { role: 'asn', asnId }),
    cohorts: new Map(agencies.map(agency => [agency, id(agency)])),
  }
  const { assessors, programs } = workload.hr
  for (const requestId of [simulatedAssessor, ...simulatedPanel]) {
    const assessor = { requestId, name: 'Dr. Halim', since: '2020-01-01' }
    await answers.write(() => assessors.registerAssessor(assessor))
  }
  const programId = id('programme')
  await answers.write(() => programs.publishProgram({ requestId: programId, program }))
  for (const [title, requestId] of workload.cohorts) {
    const cohort = { programId, title, startsOn: '2026-03-01', endsOn: '2026-03-31' }
    await answers.write(() =>
      programs.openCohort({ requestId, cohort: { ...cohort, capacity: 10_000 } }),
    )
  }
  const callers = [workload.hr, ...workload.agencies.values()]
  return {
    workload,
    reconnect: () => {
      for (const each of callers) each.reconnect()
    },
    async close() {
      answers.close()
      for (const each of callers) each.close()
      await installation.tokens.close()
    },
  }
}

const openAgencies = async (installation: Installation) => {
  const callers = new Map<string, ServiceClients>()
  for (const agency of agencies) {
    callers.set(agency, await openServiceClients(installation, { role: 'agency', agency }))
  }
  return callers
}

const program = {
  code: 'pelayanan-2026',
  title: 'Pelayanan Publik',
  field: 'kesehatan',
  targets: competencies.map(competency => ({
    framework: frameworkCode,
    competency,
    level: targetLevel,
  })),
  modules: modules.map(code => ({ code, title: code, jp: 8, practiceJp: 4 })),
  validityMonths: 36,
}

/** Each client trains one group of people after the other. Resolves with all groups. */
export const runWorkload = async (
  workload: Workload,
  seed: number,
  goesOn: (client: number, groups: number) => boolean,
): Promise<readonly (readonly SimulatedPerson[])[][]> => {
  const client = async (number: number) => {
    const groups: (readonly SimulatedPerson[])[] = []
    do {
      const people = groupOf(seed, number, groups.length)
      await train(workload, people)
      groups.push(people)
    } while (goesOn(number, groups.length) && groups.length < groupsMax)
    return groups
  }
  return Promise.all(Array.from({ length: agencies.length * clientsOfAgency }, (_, n) => client(n)))
}

/** A seed always makes the same group. */
const groupOf = (seed: number, client: number, group: number): readonly SimulatedPerson[] => {
  const at = client % agencies.length
  const first = (client * groupsMax + group) * groupPeople
  const random = randomOf(seed + first)
  return Array.from({ length: groupPeople }, (_, place) => {
    const number = first + place
    const id = idsOf(`${seed} ${number}`)
    return {
      id,
      expected: randomOutcome(random),
      agency: agencies[at] as string,
      elsewhere: agencies[(at + 1) % agencies.length] as string,
      asnId: id('register'),
      enrollmentId: id('nominate'),
      nips: [nipOf(number * 3), nipOf(number * 3 + 1), nipOf(number * 3 + 2)],
    }
  })
}
