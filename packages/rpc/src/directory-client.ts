import { status } from '@grpc/grpc-js'
import type { HeldAccreditation } from '@jejak/competency/accreditation'
import type { LifeDays, Term } from '@jejak/competency/days'
import type {
  ResolvedAssessor as Answered,
  DirectoryService,
} from '@jejak/proto/jejak/enrollment/v1/directory'
import type { AdoptedRuleSet } from '@jejak/rules/rule-sets'
import { delays } from '@jejak/texts/delays'
import type { Client } from './client.ts'
import { RpcError, tryLater } from './error.ts'

/** A person as enrollment knows them today; without their days if they were erased. */
export type ResolvedEmployee = LifeDays & {
  /** The surviving record, if records were merged. */
  readonly asnId: string
  /** All records of the person, this one first: each keeps what was recorded under it. */
  readonly records: readonly string[]
  /** The agency and the position of today's posting. */
  readonly agency: string
  readonly position: string
  readonly status: 'active' | 'erased'
  /** That of the office that they hold, where it is another than today's: they stand in there. */
  readonly heldPosition?: string
  /** The level of that office. */
  readonly heldOffice?: string
  /** They only stand in for another: nothing is required of them by it. */
  readonly standsIn?: true
}

/** Whom to ask who somebody is. Answers stand in the order of the questions. */
export type Employees = {
  /** Undefined for an id that nobody has. */
  readonly resolve: (
    asnIds: readonly string[],
  ) => Promise<readonly (ResolvedEmployee | undefined)[]>
  /** Undefined for a NIP that nobody has or had, and once its person is erased. */
  readonly byNip: (nips: readonly string[]) => Promise<readonly (ResolvedEmployee | undefined)[]>
}

/** An agency, and any record of a person. */
export type Claimed = { readonly agency: string; readonly asnId: string }

/** Whom to ask whether an agency has claimed a person. Answers stand in the order of questions. */
export type OpenClaims = {
  /** The id of the claim that HR has not decided, undefined if there is none. */
  readonly openClaims: (claimed: readonly Claimed[]) => Promise<readonly (string | undefined)[]>
}

/** Who assesses, and when: with the record that it was registered for, if a civil servant. */
export type ResolvedAssessor = Term & {
  readonly asnId?: string
  /** In the order in which they were recorded; not given of one who has none. */
  readonly accreditations?: readonly HeldAccreditation[]
}

/** What else enrollment knows that others must not get wrong, in the order of the questions. */
export type Registers = {
  /** The record that was nominated; undefined for an enrollment that there is not. */
  readonly owners: (enrollmentIds: readonly string[]) => Promise<readonly (string | undefined)[]>
  /** The agency that has the rights of each today: itself, or the one that it was merged into. */
  readonly successors: (agencies: readonly string[]) => Promise<readonly string[]>
  /** Undefined for one who was never on the register. The first day of one who is stays. */
  readonly assessors: (
    assessorIds: readonly string[],
  ) => Promise<readonly (ResolvedAssessor | undefined)[]>
}

/** The rules of the field that were put in force. */
export type AdoptedRules = {
  /** Of each kind, in the order of the questions, all in the order of recording. */
  readonly ruleSets: (kinds: readonly string[]) => Promise<readonly (readonly AdoptedRuleSet[])[]>
}

type Key = { readonly subject: string; readonly keyId: string; readonly key: Uint8Array }

/** Enrollment's answers to other services about people. */
export type Directory = Employees &
  OpenClaims &
  Registers &
  AdoptedRules & {
    /** The keys of personal data; undefined for a subject that never had one. */
    readonly keys: (subjects: readonly string[]) => Promise<readonly (Key | 'erased' | undefined)[]>
  }

/** The most that one request may ask for. */
const askedMax = 1_000
const retryAfterMs = 1_000

export const remoteDirectory = (directory: Client<typeof DirectoryService>): Directory => {
  const resolved = async (question: { asnIds: string[] } | { nips: string[] }) => {
    const { employees } = await directory.resolveEmployees(question)
    return employees.map(({ asnId, records, agency, position, erased, ...days }) => {
      if (asnId === '') return undefined
      const { firstPossibleDay, firstPlausibleDay, heldPosition, heldOffice, standsIn } = days
      return {
        asnId,
        records,
        agency,
        position,
        status: erased ? ('erased' as const) : ('active' as const),
        ...(firstPossibleDay && { firstPossibleDay }),
        ...(firstPlausibleDay && { firstPlausibleDay }),
        ...(heldPosition && { heldPosition }),
        ...(heldOffice && { heldOffice }),
        ...(standsIn && { standsIn }),
      }
    })
  }
  return {
    resolve: inParts((asnIds: string[]) => resolved({ asnIds })),
    byNip: inParts((nips: string[]) => resolved({ nips })),
    openClaims: inParts(async claimed => {
      const { claimIds } = await directory.findOpenClaims({ claimed })
      return claimIds.map(id => id || undefined)
    }),
    owners: inParts(async (enrollmentIds: string[]) => {
      const { enrollmentOwners } = await directory.resolveEmployees({ enrollmentIds })
      return enrollmentOwners.map(owner => owner || undefined)
    }),
    successors: inParts(async (agencies: string[]) => {
      const { successors } = await directory.resolveEmployees({ agencies })
      return successors
    }),
    assessors: inParts(async (assessorIds: string[]) => {
      const { assessors } = await directory.resolveEmployees({ assessorIds })
      return assessors.map(assessorIn)
    }),
    ruleSets: inParts(async (ruleKinds: string[]) => {
      const { ruleSets } = await directory.resolveEmployees({ ruleKinds })
      return ruleSets.map(({ adopted }) => adopted)
    }),
    keys: inParts(async (subjects: string[]) => {
      const { keys } = await directory.getSubjectKeys({ subjects })
      return keys.map(({ subject, keyId, key }) => {
        if (subject === '') return undefined
        return keyId === '' ? 'erased' : { subject, keyId, key }
      })
    }),
  }
}

const assessorIn = ({
  asnId,
  since,
  until,
  accreditations,
}: Answered): ResolvedAssessor | undefined => {
  if (since === '') return undefined
  const held = accreditations.map(({ level, since, until }) => ({
    ...{ since, ...(until && { until }), ...(level && { level }) },
  }))
  return {
    ...{ since, ...(asnId && { asnId }), ...(until && { until }) },
    ...(held.length > 0 && { accreditations: held }),
  }
}

/** Questions in requests of at most that many. */
const inParts =
  <Question, Answer>(ask: (questions: Question[]) => Promise<readonly Answer[]>) =>
  async (questions: readonly Question[]): Promise<readonly Answer[]> => {
    const answers: Answer[] = []
    for (let at = 0; at < questions.length; at += askedMax)
      answers.push(...(await ask(questions.slice(at, at + askedMax)).catch(translated)))
    return answers
  }

/** A status of enrollment is not the status that our own caller gets. */
const translated = (error: unknown): never => {
  if (!(error instanceof RpcError)) throw error
  if ([status.UNAVAILABLE, status.DEADLINE_EXCEEDED].includes(error.code))
    throw tryLater(delays.directoryAway, retryAfterMs)
  throw new Error(`enrollment has refused a question of ours: ${error.message}`, { cause: error })
}
