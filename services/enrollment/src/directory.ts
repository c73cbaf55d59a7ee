import type { Touched } from '@jejak/access/rights'
import type { HeldAccreditation } from '@jejak/competency/accreditation'
import { agencyOn } from '@jejak/competency/agency-register'
import { dayBefore } from '@jejak/competency/calendar'
import { joinLifeDays, type LifeDays, lifeDaysOf, type Term } from '@jejak/competency/days'
import type { Employment } from '@jejak/competency/figures/hours'
import { heldOn } from '@jejak/competency/figures/standard'
import { parseNip } from '@jejak/competency/nip'
import type { OfficeRules } from '@jejak/competency/offices'
import {
  type Merge,
  readLinkedRecords,
  recordsOfPerson,
  survivorOf,
} from '@jejak/competency/person-records'
import { correctedFields, type PersonalFields } from '@jejak/competency/personal-data'
import { nipOn, postingOn } from '@jejak/competency/posting'
import { unseal } from '@jejak/privacy/seal'
import type { SubjectKey, Vault } from '@jejak/privacy/vault'
import type { Employees, Registers, ResolvedEmployee } from '@jejak/rpc/directory-client'
import { type Accreditation, type KnownAssessor, termOf } from './assessors/assessor.ts'
import type { Employee, Suggest } from './employee.ts'
import type { Agencies } from './registers/agencies.ts'
import type { RuleRegister } from './registers/rule-register.ts'
import type { EnrollmentStreams } from './streams.ts'

export type Found = { readonly asnId: string; readonly state: Employee }

/** The merges that the records say of themselves: another's word for it comes before. */
const mergesIn = (records: ReadonlyMap<string, Employee>): readonly Merge[] =>
  [...records].flatMap(([asnId, { mergedInto }]) =>
    mergedInto ? [{ asnId, survivorId: mergedInto }] : [],
  )

type DirectoryStreams = Pick<EnrollmentStreams, 'employees' | 'enrollments' | 'assessors'>

export type LocalDirectory = ReturnType<typeof openDirectory>

export const openDirectory = (
  { employees, enrollments, assessors }: DirectoryStreams,
  vault: Pick<Vault, 'keys' | 'find'>,
  today: () => string,
  agencies: Pick<Agencies, 'register'>,
  ruleRegister: Pick<RuleRegister, 'rules'>,
) => {
  const read = (asnIds: readonly string[]) =>
    Promise.all(asnIds.map(asnId => employees.read(asnId)))

  /** The record that stands for the person now; undefined if nobody was registered. */
  const survivor = async (asnId: string): Promise<Found | undefined> => {
    const chain = await readLinkedRecords(asnId, read, ({ mergedInto }) =>
      mergedInto ? [mergedInto] : [],
    )
    const last = survivorOf(chain.keys(), mergesIn(chain)) ?? asnId
    const state = chain.get(last)
    return state?.person && { asnId: last, state }
  }

  /** All records of one person: the surviving one, and those that were merged into it. */
  const records = async (asnId: string): Promise<readonly Found[]> => {
    const first = await survivor(asnId)
    if (!first) return []
    const absorbed = await readLinkedRecords(first.asnId, read, state =>
      state.absorbed.map(({ duplicateId }) => duplicateId),
    )
    return [...recordsOfPerson(first.asnId, mergesIn(absorbed))].flatMap(asnId => {
      const state = absorbed.get(asnId)
      return state ? [{ asnId, state }] : []
    })
  }

  /** The days of a record that were read: what is sealed in a state stays the same. */
  const known = new WeakMap<Employee, LifeDays>()

  /** Every NIP of a record, whose days are known from then on: it is unsealed once for both. */
  const nipsOf = (state: Employee, key: SubjectKey): readonly string[] => {
    const opened = openedRecord(state, key)
    if (!opened) return []
    const { person, changes } = opened
    const nips = [person.nip, ...changes.map(({ nip }) => nip)]
    known.set(state, lifeDaysOf(person['birthDate'] ?? '', nips))
    return nips
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

  /** The agency of today's posting, or the successor of one that was merged into another since. */
  const agencyOf = async ({ postings }: Employee): Promise<string | undefined> => {
    const posting = postingOn(postings, today())
    return posting && agencyOn(await agencies.register(), posting.agency, today())
  }

  /** By the records of each person; the vault is asked once, for those that were not read yet. */
  const lifeDays = async (people: readonly (readonly Found[])[]): Promise<readonly LifeDays[]> => {
    const unread = people
      .flat()
      .filter(({ state }) => state.status !== 'erased' && !known.has(state))
    const keys = unread.length > 0 ? await vault.keys(unread.map(({ asnId }) => asnId)) : []
    for (const [at, { state }] of unread.entries()) {
      const key = keys[at]
      if (key && key !== 'erased') nipsOf(state, key)
      if (!known.has(state)) known.set(state, {}) // Nothing can be opened of it any more.
    }
    return people.map(records => joinLifeDays(records.map(({ state }) => known.get(state) ?? {})))
  }

  const resolved = async (
    found: readonly (Found | undefined)[],
  ): Promise<readonly (ResolvedEmployee | undefined)[]> => {
    const people = await Promise.all(
      found.map(async one => {
        if (!one) return []
        // Nearly everybody has one only, and that was read.
        return one.state.absorbed.length > 0 ? records(one.asnId) : [one]
      }),
    )
    const [life, register, rules] = await Promise.all([
      lifeDays(people),
      agencies.register(),
      ruleRegister.rules(),
    ])
    const offices = rules.on('offices', today())?.rules
    return people.map((records, at) => {
      const [first] = records
      const posting = first && postingOn(first.state.postings, today())
      if (!posting) return undefined
      return {
        asnId: first.asnId,
        records: records.map(({ asnId }) => asnId),
        agency: agencyOn(register, posting.agency, today()),
        position: posting.position,
        status: first.state.status === 'erased' ? 'erased' : 'active',
        ...life[at],
        ...officeHeld(posting, first.state.postings, today(), offices),
      }
    })
  }

  /** On the register: that of a civil servant ends with the day before their erasure. */
  const assessorTerm = async (assessor: KnownAssessor): Promise<Term> => {
    const term = termOf(assessor)
    const { registration } = assessor
    const person = 'asnId' in registration ? await records(registration.asnId) : []
    const lastDays = person.flatMap(({ state: { erasedOn } }) =>
      erasedOn ? [dayBefore(erasedOn)] : [],
    )
    const [until] = [...lastDays, ...(term.until ? [term.until] : [])].toSorted()
    return until ? { ...term, until } : term
  }

  return {
    survivor,
    records,
    assessorTerm,
    holder,
    agencyOf,
    /** What the NIPs of a record suggest of its employment, by day. */
    suggesting: async (asnId: string): Promise<Suggest> => {
      const [key] = await vault.keys([asnId])
      return (state, day) =>
        key && key !== 'erased' ? suggestedBy(personOf(state, key, day)?.nip) : undefined
    },
    /** Whom a right to something of a person is asked for. */
    touched: async (asnId: string): Promise<Touched> => {
      const found = await survivor(asnId)
      return found ? { asnId: found.asnId, agency: await agencyOf(found.state) } : {}
    },
    /** The days that those of each person are compared with. */
    lifeDays: async (asnIds: readonly string[]) => lifeDays(await Promise.all(asnIds.map(records))),
    owners: ids =>
      Promise.all(
        ids.map(async id => {
          const enrollment = await enrollments.read(id)
          return enrollment.status === 'absent' ? undefined : enrollment.nomination.asnId
        }),
      ),
    successors: async codes => {
      const register = await agencies.register()
      return codes.map(code => agencyOn(register, code, today()))
    },
    assessors: ids =>
      Promise.all(
        ids.map(async id => {
          const assessor = await assessors.read(id)
          if (assessor.status === 'absent') return undefined
          const { registration, accreditations } = assessor
          return {
            ...(await assessorTerm(assessor)),
            ...('asnId' in registration && { asnId: registration.asnId }),
            ...(accreditations.length > 0 && { accreditations: accreditations.map(heldOf) }),
          }
        }),
      ),
    resolve: async asnIds => resolved(await Promise.all(asnIds.map(survivor))),
    byNip: async nips => resolved(await Promise.all(nips.map(holder))),
  } satisfies Employees & Registers & Record<string, unknown>
}

const heldOf = ({ title: _, issuer: __, ...held }: Accreditation): HeldAccreditation => held

type Held = Pick<ResolvedEmployee, 'heldPosition' | 'heldOffice' | 'standsIn'>

const officeHeld = (
  posting: Posting,
  postings: readonly Posting[],
  day: string,
  offices: OfficeRules | undefined,
): Held => {
  const held = heldOn(postings, day, offices)
  if (!held) return { standsIn: true }
  const { position, office } = held
  return {
    ...(position !== posting.position && { heldPosition: position }),
    ...(office && { heldOffice: office }),
  }
}

type Posting = Employee['postings'][number]

/** A CPNS has the same NIP as a PNS; an odd one says nothing. */
const suggestedBy = (nip: string | undefined): Employment | undefined => {
  const read = nip === undefined ? undefined : parseNip(nip)
  return read && 'kind' in read && read.kind !== 'unknown' ? read.kind : undefined
}

export type OpenedPerson = { readonly nip: string } & Readonly<Record<string, string>>

/** Personal data as corrected, with the NIP on the day; undefined once the person is erased. */
export const personOf = (
  state: Employee,
  key: SubjectKey,
  day: string,
): OpenedPerson | undefined => {
  const opened = openedRecord(state, key)
  return opened && { ...opened.person, nip: nipOn(opened.person.nip, opened.changes, day) }
}

/** Personal data as corrected, and the changes of the NIP. */
const openedRecord = ({ person, nips, corrections }: Employee, key: SubjectKey) =>
  person && {
    person: correctedFields(
      unseal(person, key) as OpenedPerson,
      corrections.map(correction => unseal(correction, key) as PersonalFields),
    ),
    changes: nips.map(({ nip, since }) => ({ nip: unseal(nip, key) as string, since })),
  }
