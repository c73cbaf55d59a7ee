import type { certificationEvents } from '@jejak/events/certification'
import type { StreamEventOf } from '@jejak/events/declaration'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'

export type CertificateEvent = StreamEventOf<typeof certificationEvents, 'certificate'>
type Issued = Extract<CertificateEvent, { readonly type: 'CertificateIssued' }>

/** What a certificate says. Stays the same for ever, also when it is revoked. */
export type Content = Omit<Issued, 'type'>

/** The same without what it rests on, which only proven entries tell. */
export type Attested = Omit<Content, 'restsOn'>

export type Certificate =
  | { readonly status: 'absent' }
  | { readonly status: 'issued'; readonly content: Content }
  | { readonly status: 'revoked'; readonly content: Content; readonly reason: string }

export const certificate: Decider<Certificate, CertificateEvent> = {
  initial: { status: 'absent' },
  evolve: {
    CertificateIssued: (_, { type: __, ...content }) => ({ status: 'issued', content }),
    CertificateRevoked: (state, { reason }) =>
      state.status === 'absent' ? state : { status: 'revoked', content: state.content, reason },
  },
}

export type Refused = 'NeverIssued' | 'Revoked'
type Decided<R extends Refused> = Outcome<CertificateEvent, R>

/** The first content stays: what is attained later makes no other certificate. */
export const issue = (current: Certificate, content: Content): Decided<'Revoked'> => {
  if (current.status === 'revoked') return refuse('Revoked')
  return current.status === 'absent' ? [{ type: 'CertificateIssued', ...content }] : []
}

/** The first reason stays. */
export const revoke = (current: Certificate, reason: string): Decided<'NeverIssued'> => {
  if (current.status === 'absent') return refuse('NeverIssued')
  if (current.status === 'revoked') return []
  const { certificateId } = current.content
  return [{ type: 'CertificateRevoked', certificateId, reason }]
}
