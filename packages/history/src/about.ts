import { declarationOf, declarations, type Fact, textOf } from './fact.ts'

/** Whose fact it is: the record that it names, or what belongs to one. */
export type About =
  | { readonly asnId: string }
  | { readonly enrollmentId: string }
  | { readonly certificateId: string }

/** As the fact alone says it; undefined if it is about nobody, as a programme is. */
export const aboutOf = (fact: Fact): About | undefined => {
  const { stream } = fact
  const slash = stream.indexOf('/')
  if (slash > 0 && personal.has(stream.slice(0, slash))) return { asnId: stream.slice(slash + 1) }
  const { person, enrollment, certificate } = subjectsOf(fact)
  const asnId = named(fact, person)
  if (asnId !== undefined) return { asnId }
  const enrollmentId = named(fact, enrollment)
  if (enrollmentId !== undefined) return { enrollmentId }
  const certificateId = named(fact, certificate)
  return certificateId === undefined ? undefined : { certificateId }
}

const subjectsOf = (fact: Fact) => {
  const { about } = declarationOf(fact)
  return about === 'nobody' ? {} : about
}

const named = (fact: Fact, field: string | undefined): string | undefined =>
  field === undefined ? undefined : textOf(fact, field)

/** Streams that are named after the record that they are about. */
const personal: ReadonlySet<string> = new Set(
  declarations.flatMap(({ stream, about }) =>
    about !== 'nobody' && about.person !== undefined && about.person === stream.id
      ? [stream.kind]
      : [],
  ),
)

/** An enrollment or a certificate, and whose it is, of the fact that begins it. */
export const ownerOf = (
  fact: Fact,
): { readonly id: string; readonly asnId: string } | undefined => {
  const { begins, person } = subjectsOf(fact)
  const [id, asnId] = [named(fact, begins), named(fact, person)]
  return id === undefined || asnId === undefined ? undefined : { id, asnId }
}

/** The other record of the same person, of a fact that joins two. */
export const otherRecordOf = (fact: Fact): string | undefined =>
  named(fact, subjectsOf(fact).otherRecord)

/** The enrollment that the fact belongs to. */
export const enrollmentOf = (fact: Fact): string | undefined =>
  named(fact, subjectsOf(fact).enrollment)
