import { competencies, framework, targetLevel } from './assessing.ts'
import { type Caller, caller, type Installation, Ledger, type Office } from './caller.ts'
import { fateOf, idsOf, nipOf, type Person } from './fate.ts'
import { randomOf } from './random.ts'
import { modules, train } from './training.ts'

const agencies = ['rsud-daya', 'dinkes', 'disdukcapil']
const clientsOfAgency = 2
const groupPeople = 4
/** Leaves each client its own NIPs. */
const groupsMax = 10_000

/** Opens an office, with a programme and a cohort an agency. Closes the tokens with it. */
export const openOffice = async (installation: Installation, seed: number) => {
  const ledger = new Ledger()
  const id = idsOf(`${seed}`)
  const office: Office = {
    ledger,
    hr: await caller(installation, { role: 'hr' }),
    agencies: await agenciesOf(installation),
    asn: asnId => caller(installation, { role: 'asn', asnId }),
    cohorts: new Map(agencies.map(agency => [agency, id(agency)])),
  }
  const { programs } = office.hr
  const programId = id('programme')
  await ledger.write(() => programs.publishProgram({ requestId: programId, program }))
  for (const [title, requestId] of office.cohorts) {
    const cohort = { programId, title, startsOn: '2026-03-01', endsOn: '2026-03-31' }
    await ledger.write(() =>
      programs.openCohort({ requestId, cohort: { ...cohort, capacity: 10_000 } }),
    )
  }
  const callers = [office.hr, ...office.agencies.values()]
  return {
    office,
    renew: () => {
      for (const each of callers) each.renew()
    },
    async close() {
      ledger.close()
      for (const each of callers) each.close()
      await installation.tokens.close()
    },
  }
}

const agenciesOf = async (installation: Installation) => {
  const callers = new Map<string, Caller>()
  for (const agency of agencies) {
    callers.set(agency, await caller(installation, { role: 'agency', agency }))
  }
  return callers
}

const program = {
  code: 'pelayanan-2026',
  title: 'Pelayanan Publik',
  field: 'kesehatan',
  targets: competencies.map(competency => ({ framework, competency, level: targetLevel })),
  modules: modules.map(code => ({ code, title: code, jp: 8, practiceJp: 4 })),
  validityMonths: 36,
}

/** Clients that train one group of people after the other. Resolves with all of these. */
export const work = async (
  office: Office,
  seed: number,
  goesOn: (client: number, groups: number) => boolean,
): Promise<readonly (readonly Person[])[][]> => {
  const client = async (number: number) => {
    const groups: (readonly Person[])[] = []
    do {
      const people = groupOf(seed, number, groups.length)
      await train(office, people)
      groups.push(people)
    } while (goesOn(number, groups.length) && groups.length < groupsMax)
    return groups
  }
  return Promise.all(Array.from({ length: agencies.length * clientsOfAgency }, (_, n) => client(n)))
}

/** The same whenever it is asked for. */
const groupOf = (seed: number, client: number, group: number): readonly Person[] => {
  const at = client % agencies.length
  const first = (client * groupsMax + group) * groupPeople
  const random = randomOf(seed + first)
  return Array.from({ length: groupPeople }, (_, place) => {
    const number = first + place
    const id = idsOf(`${seed} ${number}`)
    return {
      id,
      fate: fateOf(random),
      agency: agencies[at] as string,
      elsewhere: agencies[(at + 1) % agencies.length] as string,
      asnId: id('register'),
      enrollmentId: id('nominate'),
      nips: [nipOf(number * 3), nipOf(number * 3 + 1), nipOf(number * 3 + 2)],
    }
  })
}
