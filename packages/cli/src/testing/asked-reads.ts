import { randomUUID } from 'node:crypto'
import type { Clients } from '@jejak/embedded/testing/testbed'
import { EmployeeStatus } from '@jejak/proto/jejak/enrollment/v1/employee'
import type { PeopleRead, ReadLine } from './expected-reads.ts'
import type { Caller } from './installation.ts'
import type { GamePeople, ModelPerson } from './person-model.ts'

// What can be read of somebody in a game, and of whom the answer has to be.

/** What somebody asks for, and what the model says of it. */
export type AskedRead = Pick<PeopleRead, 'service' | 'fields' | 'purpose'> & {
  /** Whether it is answered at all. */
  readonly may: boolean
  /** Whose personal data it gives out, if it is answered. */
  readonly whom: readonly ModelPerson[]
  /** Resolves to a record of each whose data is in the answer. */
  readonly call: () => Promise<readonly string[]>
}

export type Asking = {
  readonly game: GamePeople
  readonly reader: Caller
  readonly clients: Clients
  readonly http: AskHttp
  /** Who is asked about, and by which record. */
  readonly person: ModelPerson
  readonly asnId: string
  /** Chooses among what there is. */
  readonly other: number
}

/** Rejects with `HttpRefused` if it is refused. */
export type AskHttp = (
  path: string,
  asked?: {
    readonly purpose?: string | undefined
    readonly body?: object | undefined
    readonly headers?: Readonly<Record<string, string>>
  },
) => Promise<HttpAnswer>

type NamedPerson = { readonly asnId: string; readonly person?: object }

/** What reports answer with; each has some of it. */
export type HttpAnswer = NamedPerson & {
  readonly text: string
  readonly records: readonly string[]
  readonly people: readonly NamedPerson[]
  readonly reads: readonly ReadLine[]
  readonly next?: string
}

const personal = ['birthDate', 'name', 'nip']
const purposes = [undefined, 'pemeriksaan APIP', 'mutasi'] as const

export const mayRead = (
  game: Pick<GamePeople, 'personOf'>,
  { role, agency, asnId }: Caller,
  person: ModelPerson,
): boolean => {
  if (role === 'asn') return game.personOf(asnId as string) === person && !person.erased
  return role === 'agency' ? person.agency === agency : role !== 'ministry'
}

const mayList = ({ role, agency }: Caller, listed: string): boolean =>
  role === 'agency' ? agency === listed : role === 'hr' || role === 'auditor'

const agencyIn = ({ game: { agencies }, other }: Asking): string => agencies[other % 2] as string
const nipIn = ({ person: { nips }, other }: Asking): string => nips[other % nips.length] as string

const servingAt = ({ people }: GamePeople, agency: string) =>
  people.filter(each => !each.erased && each.agency === agency)

type Employee = { readonly asnId: string; readonly status: EmployeeStatus }

/** Nothing is left to give of who was erased. */
const givenOf = (employee: Employee | undefined) =>
  employee && employee.status !== EmployeeStatus.ERASED ? [employee.asnId] : []

const ofEmployees = (asking: Asking): readonly AskedRead[] => {
  const { game, reader, person, asnId, other } = asking
  const { employees } = asking.clients
  const may = mayRead(game, reader, person)
  const shown = { service: 'enrollment', fields: personal, whom: person.erased ? [] : [person] }
  const agency = agencyIn(asking)
  return [
    {
      ...{ ...shown, may },
      call: async () => givenOf((await employees.getEmployee({ asnId })).employee),
    },
    {
      ...{ ...shown, may: may && !person.erased },
      call: async () => {
        const found = await employees.lookUpEmployee({ nip: nipIn(asking) })
        return givenOf(found.employee)
      },
    },
    {
      ...{ ...shown, may: mayList(reader, agency), whom: servingAt(game, agency) },
      call: () =>
        inPages(async pageToken => {
          const page = { agency, pageSize: 1 + (other % 3), pageToken }
          const listed = await employees.listEmployees(page)
          return [listed.employees.flatMap(givenOf), listed.nextPageToken]
        }),
    },
  ]
}

const ofEnrollments = ({
  game,
  reader,
  clients: { enrollments },
  person,
  asnId,
  other,
}: Asking): readonly AskedRead[] => {
  const may = mayRead(game, reader, person)
  const enrolled = { service: 'enrollment', fields: ['enrollments'] }
  const cohortId = game.cohorts[other % 2] as string
  const isKnown = reader.asnId === undefined || !game.personOf(reader.asnId).erased
  const seen = game.people.filter(each => mayRead(game, reader, each))
  const { id: enrollmentId } = person.enrollments[other % (person.enrollments.length || 1)] ?? {}
  const one: AskedRead = {
    ...{ ...enrolled, may, whom: [person] },
    call: async () => {
      const { enrollment } = await enrollments.getEnrollment({ enrollmentId: enrollmentId ?? '' })
      return enrollment ? [enrollment.asnId] : []
    },
  }
  return [
    {
      ...{ ...enrolled, may, whom: person.enrollments.length > 0 ? [person] : [] },
      call: async () =>
        (await enrollments.listEnrollments({ asnId })).enrollments.map(each => each.asnId),
    },
    {
      ...{ ...enrolled, may: reader.role !== 'ministry' && isKnown },
      whom: seen.filter(each => each.enrollments.some(({ cohort }) => cohort === cohortId)),
      call: () =>
        inPages(async pageToken => {
          const page = { cohortId, pageSize: 1 + (other % 3), pageToken }
          const listed = await enrollments.listEnrollments(page)
          return [listed.enrollments.map(each => each.asnId), listed.nextPageToken]
        }),
    },
    ...(enrollmentId ? [one] : []),
  ]
}

const ofAssessments = ({
  game,
  reader,
  clients: { assessments },
  person,
  asnId,
}: Asking): readonly AskedRead[] => {
  const asked = { service: 'assessment', may: mayRead(game, reader, person) }
  return [
    {
      ...{ ...asked, fields: ['assessments'] },
      whom: person.assessments.length > 0 ? [person] : [],
      call: async () => {
        const listed = await assessments.listAssessments({ asnId })
        return listed.assessments.flatMap(({ assessment }) => assessment?.asnId ?? [])
      },
    },
    {
      ...{ ...asked, fields: ['levels'], whom: [person] },
      call: async () => {
        await assessments.getCompetencyProfile({ asnId })
        return [asnId]
      },
    },
  ]
}

const ofCertificates = ({
  game,
  reader,
  clients: { certificates },
  person,
  asnId,
  other,
}: Asking): readonly AskedRead[] => {
  const asked = { service: 'certification', may: mayRead(game, reader, person) }
  const { id: enrollmentId } = person.enrollments[other % (person.enrollments.length || 1)] ?? {}
  const explained: AskedRead = {
    ...{ ...asked, fields: ['enrollments', 'levels'], whom: [person] },
    call: async () => {
      await certificates.explainCertification({ enrollmentId: enrollmentId ?? '' })
      return [asnId]
    },
  }
  return [
    {
      ...{ ...asked, fields: ['certificates'] },
      whom: person.certified.size > 0 ? [person] : [],
      call: async () =>
        (await certificates.listCertificates({ asnId })).certificates.map(each => each.asnId),
    },
    ...(enrollmentId ? [explained] : []),
  ]
}

const namedIn = ({ asnId, person }: NamedPerson) => (person ? [asnId] : [])

const ofReports = (asking: Asking): readonly AskedRead[] => {
  const { game, reader, http, person, asnId, other } = asking
  const may = mayRead(game, reader, person)
  const purpose = purposes[other % purposes.length]
  const shown = { service: 'reporting', purpose, fields: personal, may }
  const whom = person.erased ? [] : [person]
  const agency = agencyIn(asking)
  const opened = [...personal, ...(person.hasStatement ? ['statement'] : [])]
  return [
    {
      ...{ ...shown, may: may && !person.erased, whom },
      call: async () =>
        namedIn(await http('/people/search', { purpose, body: { nip: nipIn(asking) } })),
    },
    {
      ...{ ...shown, whom },
      call: async () => namedIn(await http(`/people/${asnId}`, { purpose })),
    },
    {
      ...{ ...shown, whom: [] }, // The caller has it already.
      call: async () => {
        await http(`/people/${asnId}`, { purpose, headers: { 'if-none-match': '*' } })
        return []
      },
    },
    {
      ...{ ...shown, fields: ['history', ...(person.erased ? [] : opened)], whom: [person] },
      call: async () => (await http(`/people/${asnId}/history`, { purpose })).records,
    },
    {
      ...{ ...shown, may: mayList(reader, agency), whom: servingAt(game, agency) },
      call: () =>
        inPages(async after => {
          const page = `limit=${1 + (other % 3)}${after && `&after=${after}`}`
          const { people, next } = await http(`/agencies/${agency}/people?${page}`, { purpose })
          return [people.flatMap(namedIn), next ?? '']
        }),
    },
  ]
}

/** All courses were completed while the person was at the first of the agencies. */
const ofExports = (asking: Asking): readonly AskedRead[] => {
  const { game, reader, http } = asking
  const unit = agencyIn(asking)
  const requestId = randomUUID()
  const people = game.people.filter(each => !each.erased && each.certified.size > 0)
  const rows: AskedRead = {
    ...{ service: 'reporting', fields: ['certificates', 'enrollments', 'nip'] },
    ...{ purpose: `export ${requestId}`, whom: unit === game.agencies[0] ? people : [] },
    may: ['hr', 'auditor', 'ministry'].includes(reader.role),
    call: async () => {
      await http('/exports/siasn-kursus', { body: { requestId, format: 'csv', unit } })
      const { text } = await http(`/exports/${requestId}/siasn-kursus.csv`)
      const nips = new Set(text.match(/\b\d{18}\b/g))
      return people.flatMap(each => (each.nips.some(nip => nips.has(nip)) ? each.records : []))
    },
  }
  return [rows]
}

const kinds = [ofEmployees, ofEnrollments, ofAssessments, ofCertificates, ofReports, ofExports]

/** Everything that can be read. */
export const askedReads = (asking: Asking): readonly AskedRead[] =>
  kinds.flatMap(kind => kind(asking))

export const inPages = async (
  ask: (after: string) => Promise<readonly [items: readonly string[], next: string]>,
): Promise<readonly string[]> => {
  const all: string[] = []
  for (let next: string | undefined = ''; next !== undefined; ) {
    const [items, after] = await ask(next)
    all.push(...items)
    next = after || undefined
  }
  return all
}
