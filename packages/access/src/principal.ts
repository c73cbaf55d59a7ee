export const roles = ['agency', 'hr', 'auditor', 'ministry', 'asn'] as const

/** An agency (OPD), the regional HR office (BKPSDM), an auditor, the ministry, a civil servant. */
export type Role = (typeof roles)[number]

/** The caller. An agency has its code, a civil servant their `asnId`. */
export type Principal = {
  /** UUID of the token; it goes on every event as `actor`. */
  readonly id: string
  /** Services call each other with a secret of their own: no token of that role is issued. */
  readonly role: Role | 'service'
  readonly agency?: string
  readonly asnId?: string
}
