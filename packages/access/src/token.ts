import { hash, randomBytes, randomUUID } from 'node:crypto'
import { type Principal, type Role, roles } from './principal.ts'

const tokenBytes = 32

export type Grant = {
  readonly role: Role
  /** Code of the agency, of the role agency. */
  readonly agency?: string
  /** The role asn alone has it. */
  readonly asnId?: string
  /** Name of the holder, for people to read. */
  readonly label?: string
}

/**
 * Lets secret scanners find a token that was committed by mistake, and its bearer see whose it is.
 * Only the digest decides who is calling.
 */
const prefixOf = ({ role, agency }: Grant): string => `jejak_${role}${agency ? `.${agency}` : ''}_`

/** A new token and its principal. Throws a RangeError for a grant that nobody may have. */
export const makeToken = (
  grant: Grant,
): { readonly token: string; readonly principal: Principal } => {
  check(grant)
  const { role, agency, asnId } = grant
  return {
    token: prefixOf(grant) + randomBytes(tokenBytes).toString('base64url'),
    principal: principalOf({ id: randomUUID(), role, agency, asnId }),
  }
}

/** Tokens are stored by digest only, so that a reader of the store has no token. */
export const tokenDigest = (token: string): Buffer => hash('sha256', token, 'buffer')

type Fields = Pick<Principal, 'id' | 'role'> & {
  readonly [Name in 'agency' | 'asnId']?: string | null | undefined
}

export const principalOf = ({ id, role, agency, asnId }: Fields): Principal => ({
  id,
  role,
  ...(agency && { agency }),
  ...(asnId && { asnId }),
})

const check = ({ role, agency, asnId }: Grant) => {
  if (!roles.includes(role)) throw new RangeError(`role: must be one of ${roles.join(', ')}`)
  if ((role === 'agency') !== Boolean(agency))
    throw new RangeError('agency: the role agency, and no other, must have one')
  if ((role === 'asn') !== Boolean(asnId))
    throw new RangeError('asnId: the role asn, and no other, must have one')
}
