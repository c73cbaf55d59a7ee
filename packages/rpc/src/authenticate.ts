import type { Principal } from '@jejak/access/principal'
import type { Authenticate } from './dispatch.ts'

export type Authentication = {
  /** The principal of a token; undefined if it is unknown or revoked. */
  readonly find: (token: string) => Principal | undefined | Promise<Principal | undefined>
  /** The surviving records of these ids; the token of an erased person is one no more. */
  readonly resolve: (
    asnIds: readonly string[],
  ) => Promise<readonly ({ readonly asnId: string; readonly status?: string } | undefined)[]>
}

/** By token. A civil servant's record may have been merged into another since it was issued. */
export const authenticating =
  ({ find, resolve }: Authentication): Authenticate =>
  async bearer => {
    const principal = bearer ? await find(bearer) : undefined
    if (!principal?.asnId) return principal
    const [person] = await resolve([principal.asnId])
    if (person?.status === 'erased') return undefined // One of before, as in a restored backup.
    return person ? { ...principal, asnId: person.asnId } : principal
  }
