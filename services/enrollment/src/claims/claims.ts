import { hash } from 'node:crypto'
import { agencyOn } from '@jejak/competency/agency-register'
import { dayOf } from '@jejak/competency/calendar'
import { postingOn } from '@jejak/competency/posting'
import { isRefusal } from '@jejak/eventsourcing/decider'
import type { NewEvent, Request } from '@jejak/eventsourcing/log'
import { serial } from '@jejak/messaging/serial'
import { RpcError, refusedBy } from '@jejak/rpc/error'
import { problemsWithin, uuidBytes, violationsOf } from '@jejak/rpc/validate'
import { type Recorded, recordedOrThrow } from '@jejak/rpc/write'
import type { LocalDirectory } from '../directory.ts'
import { type Employee, type Posting, postAnyway } from '../employee.ts'
import { type PostingRegisters, registeredProblems } from '../employee-request.ts'
import type { Lists } from '../lists.ts'
import { claimReasons, employeeReasons } from '../reasons.ts'
import type { Agencies } from '../registers/agencies.ts'
import type { EnrollmentStreams } from '../streams.ts'
import { type Claim, decideClaim, type KnownClaim } from './claim.ts'

type Attributes = NonNullable<NewEvent['attributes']>

/** Why a claim ended that nobody has decided: in the log for ever. */
const because = {
  erased: 'The personal data of the person was erased.',
  dismissed: 'The agency has another open claim to the same person.',
} as const

export type ClaimPorts = PostingRegisters & {
  readonly streams: Pick<EnrollmentStreams, 'employees' | 'claims'>
  readonly directory: Pick<LocalDirectory, 'survivor' | 'records' | 'lifeDays' | 'suggesting'>
  readonly lists: Pick<Lists, 'ids' | 'unfinishedClaims'>
  readonly agencies: Pick<Agencies, 'register' | 'problem' | 'bringing'>
  /** The day in Makassar. */
  readonly today: () => string
}

export type Claims = ReturnType<typeof openClaims>

/** What follows from claims, and which of them are open. Doing it twice is doing it once. */
export const openClaims = (ports: ClaimPorts) => {
  const { streams, directory, lists, today } = ports
  const { claims, employees } = streams

  const readAll = async (ids: AsyncIterable<string>): Promise<readonly KnownClaim[]> => {
    const listed = await Array.fromAsync(ids)
    const states = await Promise.all(listed.map(id => claims.read(claimIdIn(id))))
    return states.filter(isKnown)
  }

  const ofPerson = async (asnId: string): Promise<readonly KnownClaim[]> => {
    const records = await directory.records(asnId)
    return readAll(lists.ids(records.map(record => `claim-of/${record.asnId}` as const)))
  }

  /**
   * The record to post, whoever the survivor is by now, and the decision that posts it: as of the
   * day on which the claim was upheld. What HR has posted since stays.
   */
  const postingOf = async ({ filed, decision }: KnownClaim) => {
    const { claimId: _, asnId: record, person: __, reason: ___, ...posting } = filed
    const asnId = (await directory.survivor(record))?.asnId ?? record
    const [life = {}] = await directory.lifeDays([asnId])
    const suggest = await directory.suggesting(asnId)
    const upheldAt = decision?.from?.time
    const day = upheldAt === undefined ? today() : dayOf(Date.parse(upheldAt))
    const decide = (state: Employee) =>
      upheldAt !== undefined && (state.postedAt ?? '') > upheldAt
        ? []
        : postAnyway(state, asnId, inPlaceOfPresent(state, posting, day), life, suggest)
    return { asnId, decide }
  }

  /**
   * Posts the person of an upheld claim; if that was done before, nothing but its answer. Throws
   * why they can't be posted there any more: the claim stays upheld, and HR posts them elsewhere.
   */
  const postClaimed = async (
    upheld: KnownClaim,
    attributes: Attributes,
  ): ReturnType<typeof employees.transact> => {
    const { asnId, decide } = await postingOf(upheld)
    const cause = upheld.decision?.from
    await checkPosted(decide(await employees.read(asnId)))
    const transacted = await employees.transact(asnId, {
      attributes: { ...attributes, ...(cause && { causationid: cause.id }) },
      decide,
      request: requestOf(upheld.filed.claimId),
    })
    // Merged meanwhile: the survivor is another, and a merge ends, as records of a person do.
    const isMerged = 'refused' in transacted && transacted.refused === 'EmployeeMerged'
    return isMerged ? postClaimed(upheld, attributes) : transacted
  }

  /** Throws if the agency or the office of a posting is not there. */
  const checkPosted = async (possible: ReturnType<typeof postAnyway>): Promise<void> => {
    if (isRefusal(possible)) return
    for (const posted of possible) {
      if (posted.type === 'EmployeePosted') await checkRegistered(ports, posted)
    }
  }

  /** Who has the rights of each claimant today: two that were merged have filed as one. */
  const claimants = async (): Promise<(agency: string) => string> => {
    const register = await ports.agencies.register()
    return agency => agencyOn(register, agency, today())
  }

  const end = async (
    { filed }: KnownClaim,
    as: keyof typeof because,
    attributes: Attributes,
  ): Promise<void> => {
    const decide = (state: Claim) => decideClaim(state, as, because[as])
    const ended = await claims.transact(filed.claimId, { attributes, decide })
    // Decided meanwhile: then it has ended, too.
    if (!('refused' in ended && ended.refused === 'DecidedOtherwise'))
      await recordedOrThrow(ended, claimReasons)
  }

  /** Once records are one person, the first claim of an agency goes on, and its others end. */
  const endDoubles = async (asnId: string, attributes: Attributes): Promise<void> => {
    const claimant = await claimants()
    const open = (await ofPerson(asnId)).filter(({ status }) => status === 'open')
    for (const own of Map.groupBy(open, ({ filed }) => claimant(filed.agency)).values()) {
      const [, ...others] = own.toSorted(byFiling)
      for (const each of others) await end(each, 'dismissed', attributes)
    }
  }

  return {
    /** Throws why the person can't be posted as the claim says, as it is now. */
    async checkPosting(open: KnownClaim): Promise<void> {
      const { asnId, decide } = await postingOf(open)
      const possible = decide(await employees.read(asnId))
      if (isRefusal(possible)) throw refusedBy(employeeReasons[possible.refused])
      await checkPosted(possible)
    },
    /** Nothing, if the person was erased meanwhile: the decision stays. */
    postClaimed: async (upheld: KnownClaim, attributes: Attributes): Promise<Recorded> => {
      const posted = await postClaimed(upheld, attributes)
      const isErased = 'refused' in posted && posted.refused === 'EmployeeErased'
      return isErased ? {} : recordedOrThrow(posted, employeeReasons)
    },
    /**
     * One after the other by the person: each sees what the others have filed, under whichever code
     * of whichever agency.
     */
    filing: serial(),
    endDoubles,
    /** The claim of the agency to the person that is not decided. */
    async open(agency: string, asnId: string): Promise<KnownClaim | undefined> {
      const [all, claimant] = await Promise.all([ofPerson(asnId), claimants()])
      return all.find(
        ({ status, filed }) => status === 'open' && claimant(filed.agency) === claimant(agency),
      )
    },
    /** Ends the open claims to a person who was erased. */
    async endOf(asnId: string, attributes: Attributes): Promise<void> {
      for (const each of await ofPerson(asnId)) {
        if (each.status === 'open') await end(each, 'erased', attributes)
      }
    },
    /** What a crash has left: a decision without its posting, or a claim that must end. */
    async finishAll(): Promise<void> {
      for (const each of await readAll(lists.unfinishedClaims())) {
        const person = await directory.survivor(each.filed.asnId)
        const isErased = person?.state.status === 'erased'
        const from = each.decision?.from?.attributes ?? { actor: 'enrollment' }
        if (each.status === 'open' && isErased) await end(each, 'erased', from)
        else if (each.status === 'open') await endDoubles(each.filed.asnId, from)
        // A refusal must not keep the service from starting: HR gets it when they ask again.
        if (each.status === 'upheld' && !isErased) await postClaimed(each, from).catch(passingOver)
      }
    },
  }
}

/** What is refused is no fault of the service. */
const passingOver = (error: unknown): void => {
  if (!(error instanceof RpcError)) throw error
}

/** The agency and the office are there on the day, and the agency or its successor is today. */
const checkRegistered = async (registers: ClaimPorts, posting: Posting): Promise<void> => {
  const { agency, office } = await registeredProblems(posting, registers)
  const isHeld = (await registers.agencies.bringing(posting.agency)) !== undefined
  const problems = { agency: agency ?? (isHeld ? undefined : 'agency-closed'), office } as const
  const [violation] = violationsOf(problemsWithin('posting', problems))
  if (violation) throw refusedBy({ key: 'CLAIM_IMPOSSIBLE', values: violation })
}

const byFiling = (a: KnownClaim, b: KnownClaim): number =>
  a.filedAt + a.filed.claimId < b.filedAt + b.filed.claimId ? -1 : 1

/** From the day on which the posting with another agency began, which would count otherwise. */
const inPlaceOfPresent = ({ postings }: Employee, claimed: Posting, day: string): Posting => {
  const present = postingOn(postings, day)
  const isHidden = present && present.agency !== claimed.agency && present.since > claimed.since
  return isHidden ? { ...claimed, since: present.since } : claimed
}

/**
 * The claim alone says which request it is: it posts once, whatever was posted or merged since. Who
 * asked again, and on which day, is nothing to it.
 */
const requestOf = (claimId: string): Request => {
  const posted = hash('sha256', `post ${claimId}`, 'buffer')
  return { key: Buffer.concat([uuidBytes(claimId), posted.subarray(0, 8)]), digest: posted }
}

const isKnown = (state: Claim): state is KnownClaim => state.status !== 'absent'

/** Some lists have them in the order in which they were filed: `<time>/<claimId>`. */
export const claimIdIn = (listed: string): string => listed.slice(listed.lastIndexOf('/') + 1)
