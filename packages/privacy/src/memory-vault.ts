import { randomBytes, randomUUID } from 'node:crypto'
import type { Erased, SubjectKey, Vault } from './vault.ts'

export type MemoryRows = {
  readonly keys: Map<string, SubjectKey | Erased>
  readonly nips: Map<string, string>
}

/** A vault that lives as long as what holds its rows: for tests. */
export const memoryVault = (
  { keys, nips }: MemoryRows = { keys: new Map(), nips: new Map() },
): Vault => ({
  async create(subject) {
    const made = keys.get(subject) ?? { subject, keyId: randomUUID(), key: randomBytes(32) }
    keys.set(subject, made)
    return made
  },
  keys: async subjects => subjects.map(subject => keys.get(subject)),
  async erase(subject) {
    keys.set(subject, 'erased')
    for (const [nip, holder] of nips) if (holder === subject) nips.delete(nip)
  },
  async reserve(nip, subject) {
    const holder = nips.get(nip)
    if (holder === undefined && keys.get(subject) !== 'erased') nips.set(nip, subject)
    return holder ?? subject
  },
  async takeOver(nip, from, subject) {
    if (nips.get(nip) !== from || keys.get(subject) === 'erased') return false
    nips.set(nip, subject)
    return true
  },
  find: async nip => nips.get(nip),
  close: async () => {},
})
