import { type Fact, textOf } from './fact.ts'

/** Whose fact it is: the record that it names, or what belongs to one. */
export type About =
  | { readonly asnId: string }
  | { readonly enrollmentId: string }
  | { readonly certificateId: string }

/** As the fact alone says it; undefined where it is about nobody, as a programme is. */
export const aboutOf = (fact: Fact): About | undefined => {
  const { stream } = fact
  const slash = stream.indexOf('/')
  if (slash > 0 && personal.has(stream.slice(0, slash))) return { asnId: stream.slice(slash + 1) }
  for (const field of ['asnId', 'enrollmentId', 'certificateId'] as const) {
    const value = textOf(fact, field)
    if (value !== undefined) return { [field]: value } as About
  }
  return undefined
}

/** Streams that are named after the record that they are about. */
const personal: ReadonlySet<string> = new Set(['employee', 'competency'])

/** An enrollment or a certificate, and whose it is, of the fact that begins it. */
export const ownerOf = (
  fact: Fact,
): { readonly id: string; readonly asnId: string } | undefined => {
  const id = textOf(fact, beginnings[fact.type] ?? '')
  const asnId = textOf(fact, 'asnId')
  return id === undefined || asnId === undefined ? undefined : { id, asnId }
}

const beginnings: Readonly<Record<string, string>> = {
  EnrollmentNominated: 'enrollmentId',
  CertificateIssued: 'certificateId',
}

/** The other record of the same person, of a fact that joins two. */
export const otherRecordOf = (fact: Fact): string | undefined =>
  textOf(fact, 'survivorId') ?? textOf(fact, 'duplicateId')
