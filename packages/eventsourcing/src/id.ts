import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

const randomBytes = 16
const pool = Buffer.alloc(256 * randomBytes)
let used = pool.length

/** A UUIDv7 (RFC 9562): in order of time. Randomness is fetched for many at once. */
export const newId = (): string => {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += randomBytes
  return v7({ random: pool.subarray(used - randomBytes, used) })
}
