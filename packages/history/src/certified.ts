import { type DataOf, type Fact, type FactOf, named } from './fact.ts'
import type { Standing, Standings } from './validity.ts'

export type CertificateLine = DataOf<'CertificateIssued'> & {
  readonly status: 'valid' | 'expired' | 'revoked'
  /** Why it was revoked. */
  readonly reason?: string
}

type Revocations = ReadonlyMap<string, FactOf<'CertificateRevoked'>>

const revocationsOf = (facts: readonly Fact[]): Revocations =>
  new Map(named(facts, 'CertificateRevoked').map(fact => [fact.data.certificateId, fact]))

/** Every certificate that was issued by the day, and what it was worth on it. */
export const certificatesOf = (held: readonly Fact[], asOf: string): readonly CertificateLine[] => {
  const revocations = revocationsOf(held)
  return named(held, 'CertificateIssued').map(({ data }) => {
    const revoked = revocations.get(data.certificateId)
    if (revoked) return { ...data, status: 'revoked', reason: revoked.data.reason }
    return { ...data, status: asOf <= data.validUntil ? 'valid' : 'expired' }
  })
}

/** A certificate that was revoked after the day counted on it, and the line says what came. */
export const certifiedStandings = (
  held: readonly Fact[],
  known: readonly Fact[],
  asOf: string,
): Standings => {
  const [then, since] = [revocationsOf(held), revocationsOf(known)]
  const standing = ({ data }: FactOf<'CertificateIssued'>): Standing => {
    const { certificateId, validUntil } = data
    const revoked = then.get(certificateId)
    if (revoked) return { state: 'revoked', by: revoked.id, note: revoked.data.reason }
    if (validUntil < asOf) return { state: 'expired', note: `valid until ${validUntil}` }
    const later = since.get(certificateId)
    return later
      ? { state: 'counts', by: later.id, note: `revoked later: ${later.data.reason}` }
      : { state: 'counts' }
  }
  return new Map(named(held, 'CertificateIssued').map(fact => [fact, standing(fact)]))
}
