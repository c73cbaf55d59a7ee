import type { MessageInitShape } from '@bufbuild/protobuf'
import { plain, unseal } from '@jejak/privacy/seal'
import type { Vault } from '@jejak/privacy/vault'
import { type ClaimSchema, ClaimService, ClaimStatus } from '@jejak/proto/jejak/enrollment/v1/claim'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import { type Handlers, implement } from '@jejak/rpc/implement'
import type { RecordRead } from '@jejak/rpc/read-audit'
import type { Recall } from '@jejak/rpc/recall'
import {
  afterOf,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  reasonProblem,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import { attributesOf, joinRecorded, recordedOrThrow } from '@jejak/rpc/write'
import type { Agencies } from '../agencies.ts'
import type { LocalDirectory } from '../directory.ts'
import { readRegistration } from '../employee-request.ts'
import { type Lists, listPage } from '../lists.ts'
import { claimReasons } from '../reasons.ts'
import type { EnrollmentStreams } from '../streams.ts'
import { keyedContent, writingOf } from '../writing.ts'
import { decideClaim, fileClaim, type KnownClaim } from './claim.ts'
import { type Claims, claimIdIn } from './claims.ts'

type Handler = Handlers<typeof ClaimService>
const { method } = ClaimService

export type ClaimRpcPorts = {
  readonly streams: EnrollmentStreams
  readonly directory: LocalDirectory
  readonly vault: Pick<Vault, 'keys'>
  readonly lists: Lists
  readonly claims: Claims
  readonly agencies: Agencies
  /** The day in Makassar. */
  readonly today: () => string
  readonly recordRead: RecordRead
  readonly recall: Recall
}

export const claimRpc = (ports: ClaimRpcPorts) => {
  const { vault, streams, recall } = ports
  return implement(ClaimService, {
    fileClaim: recall.retryingUnary(method.fileClaim, filing(ports), {
      content: keyedContent(vault)(method.fileClaim.input),
      answer: (_, { requestId }) => ({ claimId: requestId, repeated: true }),
    }),
    listClaims: listing(ports),
    decideClaim: recall.retryingUnary(method.decideClaim, deciding(ports), {
      // The posting too: a crash may have come before it.
      answer: async (decided, { claimId }, call) => {
        const state = (await streams.claims.read(claimId)) as KnownClaim
        return { recorded: joinRecorded([decided, await following(ports, call, state)]) }
      },
    }),
  })
}

const filing = ({ streams, directory, vault, claims, agencies, today }: ClaimRpcPorts) =>
  (async (request, call) => {
    const { requestId: claimId, reason } = request
    const others = { reason: reasonProblem(reason) }
    const { person, posting } = await readRegistration(request, agencies, today(), others)
    authorise(call, 'enrollment.FileClaim', { agency: posting.agency })
    const holder = await directory.holder(person.nip)
    if (!holder) throw refusedBy('NIP_UNKNOWN')
    const { asnId } = holder
    if ((await directory.agencyOf(holder.state)) === posting.agency) {
      throw refusedBy('CLAIM_NEEDLESS', { asn_id: asnId })
    }
    const open = await claims.open(posting.agency, asnId)
    if (open && open.filed.claimId !== claimId) throw openClaimOf(open.filed.claimId)
    const [key] = await vault.keys([asnId])
    if (!key || key === 'erased') throw refusedBy('NIP_UNKNOWN')
    const filed = { claimId, asnId, ...posting, person: plain(key, person), reason }
    const transacted = await streams.claims.transact(claimId, {
      ...writingOf(call, method.fileClaim, request, { key }),
      decide: state => fileClaim(state, filed),
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

/** What follows from a decision, the same each time. */
const following = ({ claims }: ClaimRpcPorts, call: Call, state: KnownClaim) =>
  state.status === 'upheld' ? claims.postClaimed(state, attributesOf(call)) : {}

const statuses: Record<KnownClaim['status'], ClaimStatus> = {
  open: ClaimStatus.OPEN,
  upheld: ClaimStatus.UPHELD,
  dismissed: ClaimStatus.DISMISSED,
  erased: ClaimStatus.ERASED,
}

const listing = (ports: ClaimRpcPorts) =>
  (async ({ pageSize: size, pageToken: token }, call) => {
    const { agency } = call.principal
    const filter = ['claims', agency ?? '']
    validate({ page_size: pageSizeProblem(size), page_token: pageTokenProblem(token, filter) })
    authorise(call, 'enrollment.ListClaims', { agency })
    const ids = ports.lists.ids([agency ? `claim-by/${agency}` : 'claim'], afterOf(token))
    const { items, next } = await listPage(ids, pageSizeOf(size), chunk =>
      Promise.all(chunk.map(id => messageOf(ports, id, agency !== undefined))),
    )
    const read = items.filter(({ person }) => person)
    await ports.recordRead(call, {
      asnIds: [...new Set(read.map(({ asnId = '' }) => asnId))],
      fields: [...new Set(read.flatMap(({ person }) => Object.keys(person ?? {})))].sort(),
    })
    return { claims: [...items], nextPageToken: next && pageTokenOf(filter, next) }
  }) satisfies Handler['listClaims']

type Message = MessageInitShape<typeof ClaimSchema>

/** For the claimant without the record and what is sealed; for HR as long as it is open. */
const messageOf = async (
  { streams, directory, vault }: ClaimRpcPorts,
  listed: string,
  isOwn: boolean,
): Promise<Message | undefined> => {
  const state = await streams.claims.read(claimIdIn(listed))
  if (state.status === 'absent' || !(isOwn || state.status === 'open')) return undefined
  const { claimId, asnId, agency, unit, position, since, person, reason } = state.filed
  const message = {
    claimId,
    status: statuses[state.status],
    posting: { agency, ...(unit && { unit }), position, since },
    reason,
    filedAt: state.filedAt,
    decisionReason: state.decision?.reason ?? '',
  }
  if (isOwn) return message
  const [[key], survivor] = await Promise.all([vault.keys([asnId]), directory.survivor(asnId)])
  const opened = key && key !== 'erased' ? (unseal(person, key) as Message['person']) : undefined
  return { ...message, asnId: survivor?.asnId ?? asnId, ...(opened && { person: opened }) }
}
