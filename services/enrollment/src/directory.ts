import type { Touched } from '@jejak/access/rights'
import { type SealedField, unseal } from '@jejak/privacy/seal'
import type { SubjectKey, Vault } from '@jejak/privacy/vault'
import { type Employee, postedOn } from './employee.ts'
import type { EnrollmentStreams } from './streams.ts'

/** A person, as other services ask for one. */
export type Resolved = {
  /** The surviving record's, of one that was merged. */
  readonly asnId: string
  /** All of the person, this one first: each keeps what was recorded under it. */
  readonly records: readonly string[]
  /** Where they serve today, and as what. */
  readonly agency: string
  readonly position: string
  readonly status: 'active' | 'erased'
}

/** Where to ask who somebody is. Answers stand in the order of the questions. */
export type Employees = {
  /** Undefined of an id that nobody has. */
  readonly resolve: (asnIds: readonly string[]) => Promise<readonly (Resolved | undefined)[]>
  /** Undefined of a NIP that nobody has or had, and once its person is erased. */
  readonly byNip: (nips: readonly string[]) => Promise<readonly (Resolved | undefined)[]>
}

export type Found = { readonly asnId: string; readonly state: Employee }

/** Records merge one into another a few times at most: more is a circle. */
const mergesMax = 16

export type Directory = ReturnType<typeof openDirectory>

export const openDirectory = (
  employees: EnrollmentStreams['employees'],
  vault: Pick<Vault, 'keys' | 'find'>,
  today: () => string,
) => {
  /** The record that stands for the person now; undefined where nobody was registered. */
  const survivor = async (asnId: string): Promise<Found | undefined> => {
    let found = { asnId, state: await employees.read(asnId) }
    for (let merges = 0; found.state.mergedInto && merges < mergesMax; merges++) {
      const into = found.state.mergedInto
      found = { asnId: into, state: await employees.read(into) }
    }
    return found.state.person && found
  }

  /** All records of one person: the surviving one, and those that were merged into it. */
  const records = async (asnId: string): Promise<readonly Found[]> => {
    const first = await survivor(asnId)
    const found = first ? [first] : []
    for (const { asnId, state } of found) {
      for (const duplicateId of state.absorbed) {
        const duplicate = { asnId: duplicateId, state: await employees.read(duplicateId) }
        if (duplicate.state.mergedInto === asnId) found.push(duplicate)
      }
    }
    return found
  }

  /** The person who has or had the NIP, blanks aside; nobody once they are erased. */
  const holder = async (spelled: string): Promise<Found | undefined> => {
    const nip = spelled.replaceAll(/\s/g, '')
    const asnId = await vault.find(nip)
    if (!asnId) return undefined
    const [state, [key]] = await Promise.all([employees.read(asnId), vault.keys([asnId])])
    if (!key || key === 'erased' || state.status === 'erased') return undefined
    // A NIP can be reserved for somebody who never got it.
    return nipsOf(state, key).includes(nip) ? survivor(asnId) : undefined
  }

  const resolved = async (found: Found | undefined): Promise<Resolved | undefined> => {
    const posting = found && postedOn(found.state, today())
    if (!posting) return undefined
    const { asnId, state } = found
    return {
      asnId,
      // Nearly everybody has one only, and that was read.
      records: state.absorbed.length > 0 ? (await records(asnId)).map(each => each.asnId) : [asnId],
      agency: posting.agency,
      position: posting.position,
      status: state.status === 'erased' ? 'erased' : 'active',
    }
  }

  return {
    survivor,
    records,
    holder,
    agencyOf: (state: Employee) => postedOn(state, today())?.agency,
    /** Whom a right to something of a person is asked for. */
    touched: async (asnId: string): Promise<Touched> => {
      const found = await survivor(asnId)
      return found ? { asnId: found.asnId, agency: postedOn(found.state, today())?.agency } : {}
    },
    resolve: asnIds => Promise.all(asnIds.map(async id => resolved(await survivor(id)))),
    byNip: nips => Promise.all(nips.map(async nip => resolved(await holder(nip)))),
  } satisfies Employees & Record<string, unknown>
}

export type Person = { readonly nip: string } & Readonly<Record<string, string>>

/** What is known of a person, with the NIP that they have now; undefined once they are erased. */
export const personOf = ({ person, nips }: Employee, key: SubjectKey): Person | undefined => {
  const opened = person && (unseal(person, key) as Person)
  const nip = nips.at(-1)
  return opened && { ...opened, nip: nip ? (unseal(nip, key) as string) : opened.nip }
}

const nipsOf = ({ person, nips }: Employee, key: SubjectKey): readonly string[] => [
  ...(person ? [(unseal(person, key) as Person).nip] : []),
  ...nips.map((nip: SealedField) => unseal(nip, key) as string),
]
