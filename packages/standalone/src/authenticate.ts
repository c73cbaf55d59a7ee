import { timingSafeEqual } from 'node:crypto'
import type { Principal } from '@jejak/access/principal'
import type { Authenticate } from '@jejak/rpc/dispatch'

/** Whoever has the secret is one of us, and needs no name: services write as those they act for. */
const aService: Principal = { id: '00000000-0000-0000-0000-000000000001', role: 'service' }

/** As of everybody else, or by the secret that services call each other with. */
export const amongServices = (secret: string, authenticate: Authenticate): Authenticate => {
  const wanted = Buffer.from(secret)
  const isSecret = (given: string) => {
    const bytes = Buffer.from(given)
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
  }
  return bearer => (bearer && isSecret(bearer) ? aService : authenticate(bearer))
}
