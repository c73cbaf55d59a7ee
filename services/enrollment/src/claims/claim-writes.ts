import { plain } from '@jejak/privacy/seal'
import type { Vault } from '@jejak/privacy/vault'
import { ClaimService } from '@jejak/proto/jejak/enrollment/v1/claim'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import type { ReadAudit } from '@jejak/rpc/read-audit'
import type { Recall } from '@jejak/rpc/recall'
import { reasonProblem, uuidProblem, validate } from '@jejak/rpc/validate'
import { attributesOf, joinRecorded, recordedOrThrow } from '@jejak/rpc/write'
import type { LocalDirectory } from '../directory.ts'
import { type PostingRegisters, readClaim } from '../employee-request.ts'
import type { Lists } from '../lists.ts'
import { claimReasons } from '../reasons.ts'
import type { Agencies } from '../registers/agencies.ts'
import type { EnrollmentStreams } from '../streams.ts'
import { keyedContent, writingOf } from '../writing.ts'
import { decideClaim, fileClaim, type KnownClaim } from './claim.ts'
import type { Claims } from './claims.ts'

type Handler = Handlers<typeof ClaimService>
const { method } = ClaimService

/** What the calls of claims work with. */
export type ClaimRpcPorts = PostingRegisters & {
  readonly streams: EnrollmentStreams
  readonly directory: LocalDirectory
  readonly vault: Pick<Vault, 'keys'>
  readonly lists: Lists
  readonly claims: Claims
  readonly agencies: Agencies
  /** The day in Makassar. */
  readonly today: () => string
  readonly audit: ReadAudit
  readonly recall: Recall
}

const filing = (ports: ClaimRpcPorts) =>
  (async (request, call) => {
    const { streams, directory, vault, claims, agencies, today } = ports
    const { requestId: claimId, reason } = request
    const { person, posting } = await readClaim(request, ports, today())
    const agency = await agencies.bringing(posting.agency)
    authorise(call, 'enrollment.FileClaim', { agency })
    const holder = await directory.holder(person.nip)
    if (!holder) throw refusedBy('NIP_UNKNOWN')
    const { asnId } = holder
    if ((await directory.agencyOf(holder.state)) === agency) {
      throw refusedBy('CLAIM_NEEDLESS', { asn_id: asnId })
    }
    const [key] = await vault.keys([asnId])
    if (!key || key === 'erased') throw refusedBy('NIP_UNKNOWN')
    const filed = { claimId, asnId, ...posting, person: plain(key, person), reason }
    const transacted = await claims.filing(asnId, async () => {
      const open = await claims.open(posting.agency, asnId)
      if (open && open.filed.claimId !== claimId) throw openClaimOf(open.filed.claimId)
      return streams.claims.transact(claimId, {
        ...writingOf(call, method.fileClaim, request, { key }),
        decide: state => fileClaim(state, filed),
      })
    })
    if ('unchanged' in transacted) throw refusedBy('REQUEST_ID_REUSED')
    const { repeated = false } = await recordedOrThrow(transacted, claimReasons)
    return { claimId, repeated }
  }) satisfies Handler['fileClaim']

const openClaimOf = (claimId: string) => refusedBy('CLAIM_OPEN', { claim_id: claimId })

const deciding = (ports: ClaimRpcPorts) =>
  (async (request, call) => {
    const { claimId, reason, upheld } = request
    validate({
      request_id: uuidProblem(request.requestId),
      claim_id: uuidProblem(claimId),
      reason: reasonProblem(reason),
    })
    authorise(call, 'enrollment.DecideClaim', {})
    const { claims } = ports.streams
    const known = await claims.read(claimId)
    if (known.status === 'absent') throw refusedBy('CLAIM_UNKNOWN')
    const person = await ports.directory.survivor(known.filed.asnId)
    if (person?.state.status === 'erased') {
      await ports.claims.endOf(person.asnId, attributesOf(call))
      throw refusedBy('EMPLOYEE_ERASED')
    }
    if (upheld && known.status === 'open') await ports.claims.checkPosting(known)
    const decided = await claims.transact(claimId, {
      ...writingOf(call, method.decideClaim, request),
      decide: state => decideClaim(state, upheld ? 'upheld' : 'dismissed', reason),
    })
    const stored = await recordedOrThrow(decided, claimReasons)
    const state = (await claims.read(claimId)) as KnownClaim
    return { recorded: joinRecorded([stored, await following(ports, call, state)]) }
  }) satisfies Handler['decideClaim']

/** What follows from a decision: done once, and answered the same each time. */
const following = ({ claims }: ClaimRpcPorts, call: Call, state: KnownClaim) =>
  state.status === 'upheld' ? claims.postClaimed(state, attributesOf(call)) : {}

/** How a retry of each call is answered with what it has stored. */
export const retriedClaims = (ports: ClaimRpcPorts) => {
  const { vault, streams, recall } = ports
  return {
    fileClaim: recall.retryingUnary(method.fileClaim, filing(ports), {
      content: keyedContent(vault)(method.fileClaim.input),
      answer: (_, { requestId }) => ({ claimId: requestId, repeated: true }),
    }),
    decideClaim: recall.retryingUnary(method.decideClaim, deciding(ports), {
      // The posting too: a crash may have come before it.
      answer: async (decided, { claimId }, call) => {
        const state = (await streams.claims.read(claimId)) as KnownClaim
        return { recorded: joinRecorded([decided, await following(ports, call, state)]) }
      },
    }),
  }
}
