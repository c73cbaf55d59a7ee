import { hash } from 'node:crypto'
import { type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf'
import type { Principal } from '@jejak/access/principal'
import type { Request } from '@jejak/eventsourcing/log'
import type { Call } from './call.ts'
import { uuidBytes } from './validate.ts'

/** Content that has personal data: an HMAC-SHA-256 under a subkey of the person's key. */
export type Keyed = { /** UUID. */ readonly keyId: string; readonly mac: Uint8Array }

/**
 * The log's request key and digest of a call (AIP-155). The key is the request_id, which keeps keys
 * in order of time, and 8 bytes that tell one caller, method and step from another. The digest says
 * whether the content is the same, and nothing else about it.
 */
export const requestOf = (
  call: Pick<Call, 'principal'>,
  /** Full name, as `jejak.enrollment.v1.EmployeeService.RegisterEmployee`. */
  method: string,
  /** A UUID, checked before. */
  requestId: string,
  content: Uint8Array | Keyed,
  /** The number of the append, if one call appends more than once. */
  step = 0,
): Request => {
  return {
    key: Buffer.concat([uuidBytes(requestId), scopeOf(call.principal, method, step)]),
    digest:
      content instanceof Uint8Array
        ? Buffer.concat([Uint8Array.of(0), sha256(content)])
        : Buffer.concat([Uint8Array.of(1), uuidBytes(content.keyId), content.mac]),
  }
}

/** Of what comes with the program, and no call asks for: by its id alone, whatever its content. */
export const builtInRequest = (id: string): Request => {
  const key = sha256(`built-in ${id}`)
  return { key, digest: key }
}

const scopes = new WeakMap<Principal, Map<string, Uint8Array>>()

/** Not by the token: who has a new one sends again what the old one had sent. */
const scopeOf = (principal: Principal, method: string, step: number): Uint8Array => {
  const known = scopes.get(principal) ?? new Map<string, Uint8Array>()
  const name = `${method} ${step}`
  const before = known.get(name)
  if (before) return before
  const { role, agency, asnId } = principal
  const parts = [role, agency ?? asnId ?? '', method, ...(step === 0 ? [] : [step])]
  const scope = sha256(JSON.stringify(parts)).subarray(0, 8)
  scopes.set(principal, known.set(name, scope))
  return scope
}

/** The bytes that two requests with the same content share. */
export const contentOf = <D extends DescMessage>(schema: D, request: MessageShape<D>): Uint8Array =>
  toBinary(schema, request, { writeUnknownFields: false })

const sha256 = (data: string | Uint8Array) => hash('sha256', data, 'buffer')
