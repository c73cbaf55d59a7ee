import { timingSafeEqual } from 'node:crypto'
import type { Principal } from '@jejak/access/principal'
import type { Directory } from '@jejak/rpc/directory-client'
import type { Authenticate } from '@jejak/rpc/dispatch'

/** Whoever has the secret is one of us, and needs no name: services write as those they act for. */
const aService: Principal = { id: '00000000-0000-0000-0000-000000000001', role: 'service' }

export type Authentication = {
  /** The secret that services call each other with. */
  readonly secret: string
  readonly find: (token: string) => Promise<Principal | undefined> | Principal | undefined
  readonly resolve: Directory['resolve']
}

/** Whose token it is, or that it is the secret of the services. */
export const authenticating = ({ secret, find, resolve }: Authentication): Authenticate => {
  const isSecret = isThe(secret)
  return async bearer => {
    if (!bearer) return undefined
    if (isSecret(bearer)) return aService
    const principal = await find(bearer)
    if (!principal?.asnId) return principal
    // The record that it was issued for may have been merged into another since.
    const [person] = await resolve([principal.asnId])
    return person ? { ...principal, asnId: person.asnId } : principal
  }
}

const isThe = (secret: string) => {
  const wanted = Buffer.from(secret)
  return (given: string) => {
    const bytes = Buffer.from(given)
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
  }
}
