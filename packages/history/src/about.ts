import { declarationOf, declarations, type Fact, type LogName, textOf } from './fact.ts'

/** The owner of a fact: the record that it names, or an enrollment or certificate of one. */
export type About =
  | { readonly asnId: string }
  | { readonly enrollmentId: string }
  | { readonly certificateId: string }

/** By the fact alone; undefined if it is about nobody, as the publication of a programme. */
export const aboutOf = (fact: Fact): About | undefined => {
  const { stream } = fact
  const slash = stream.indexOf('/')
  if (slash > 0 && personal.has(stream.slice(0, slash))) return { asnId: stream.slice(slash + 1) }
  const { person, enrollment, certificate } = subjectsOf(fact)
  const asnId = textIn(fact, person)
  if (asnId !== undefined) return { asnId }
  const enrollmentId = textIn(fact, enrollment)
  if (enrollmentId !== undefined) return { enrollmentId }
  const certificateId = textIn(fact, certificate)
  return certificateId === undefined ? undefined : { certificateId }
}

const subjectsOf = (fact: Fact) => {
  const { about } = declarationOf(fact)
  return about === 'nobody' ? {} : about
}

const textIn = (fact: Fact, field: string | undefined): string | undefined =>
  field === undefined ? undefined : textOf(fact, field)

/** By the kind of a stream: the field of its events that it is named after. */
export const namedAfter: ReadonlyMap<string, string> = new Map(
  declarations.flatMap(({ stream: { kind, id } }) => (id === undefined ? [] : [[kind, id]])),
)

/** By the kind of stream that is named after a person's record: the log that has it. */
const personal: ReadonlyMap<string, LogName> = new Map(
  declarations.flatMap(({ log, stream: { kind, id }, about }) =>
    about !== 'nobody' && id !== undefined && about.person === id ? [[kind, log]] : [],
  ),
)

/** Kinds of streams with events of several people, as `cohort`. */
export const sharedKinds: ReadonlySet<string> = new Set(
  declarations.flatMap(({ stream: { kind, id }, about }) => {
    if (about === 'nobody') return []
    const { person, enrollment, certificate } = about
    return [person, enrollment, certificate].includes(id) ? [] : [kind]
  }),
)

/** The streams that are named after a record, and the logs that have them. */
export const streamsOfRecord = (
  asnId: string,
): readonly { readonly log: LogName; readonly stream: string }[] =>
  Array.from(personal, ([kind, log]) => ({ log, stream: `${kind}/${asnId}` }))

/** If an enrollment or a certificate begins with the fact: its id, and whose it is. */
export const ownerOf = (
  fact: Fact,
): { readonly id: string; readonly asnId: string } | undefined => {
  const { begins, person } = subjectsOf(fact)
  const [id, asnId] = [textIn(fact, begins), textIn(fact, person)]
  return id === undefined || asnId === undefined ? undefined : { id, asnId }
}

/** If the fact joins two records of one person: the other one. */
export const otherRecordOf = (fact: Fact): string | undefined =>
  textIn(fact, subjectsOf(fact).otherRecord)

/** The enrollment that the fact belongs to. */
export const enrollmentOf = (fact: Fact): string | undefined =>
  textIn(fact, subjectsOf(fact).enrollment)

/** The facts that are about an assessment, as a contest is, each with the id of that assessment. */
export const aboutAssessments = (facts: readonly Fact[]): readonly (readonly [Fact, string])[] =>
  facts.flatMap(fact => {
    const { assessment } = subjectsOf(fact)
    return assessment === undefined ? [] : [[fact, fact.data[assessment] as string] as const]
  })
