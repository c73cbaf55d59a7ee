import { hash } from 'node:crypto'

/** RFC 6962 section 2.1: a leaf and a node are hashed under different first bytes. */
const leafPrefix = 0x00
const nodePrefix = 0x01

export const hashBytes = 32

/** The root of a log without entries. */
export const emptyRoot: Buffer = hash('sha256', '', 'buffer')

export const leafHash = (entry: Uint8Array): Buffer => {
  const input = Buffer.allocUnsafe(1 + entry.length)
  input[0] = leafPrefix
  input.set(entry, 1)
  return hash('sha256', input, 'buffer')
}

// `hash` is synchronous and keeps nothing, so that one buffer serves every node.
const node = Buffer.alloc(1 + 2 * hashBytes)
node[0] = nodePrefix

export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => {
  node.set(left, 1)
  node.set(right, 1 + hashBytes)
  return hash('sha256', node, 'buffer')
}
