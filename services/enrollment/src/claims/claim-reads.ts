import type { MessageInitShape } from '@bufbuild/protobuf'
import { codesOfAgency } from '@jejak/competency/agency-register'
import { unseal } from '@jejak/privacy/seal'
import {
  type ClaimSchema,
  type ClaimService,
  ClaimStatus,
} from '@jejak/proto/jejak/enrollment/v1/claim'
import { authorise, authoriseOver } from '@jejak/rpc/authorise'
import type { Handlers } from '@jejak/rpc/implement'
import {
  afterOf,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  validate,
} from '@jejak/rpc/validate'
import { type List, listPage } from '../lists.ts'
import type { KnownClaim } from './claim.ts'
import type { ClaimRpcPorts } from './claim-writes.ts'
import { claimIdIn } from './claims.ts'

type Handler = Handlers<typeof ClaimService>

const statuses: Record<KnownClaim['status'], ClaimStatus> = {
  open: ClaimStatus.OPEN,
  upheld: ClaimStatus.UPHELD,
  dismissed: ClaimStatus.DISMISSED,
  erased: ClaimStatus.ERASED,
}

export const listingClaims = (ports: ClaimRpcPorts) =>
  (async ({ pageSize: size, pageToken: token }, call) => {
    const { agency } = call.principal
    const filter = ['claims', agency ?? '']
    validate({ page_size: pageSizeProblem(size), page_token: pageTokenProblem(token, filter) })
    if (agency) await authoriseOver(call, 'enrollment.ListClaims', agency, ports.directory)
    else authorise(call, 'enrollment.ListClaims', {})
    const ids = ports.lists.ids(await listsOf(ports, agency), afterOf(token))
    const { items, next } = await listPage(ids, pageSizeOf(size), chunk =>
      Promise.all(chunk.map(id => messageOf(ports, id, agency !== undefined))),
    )
    const read = items.filter(({ person }) => person)
    return {
      answer: { claims: [...items], nextPageToken: next && pageTokenOf(filter, next) },
      asnIds: [...new Set(read.map(({ asnId = '' }) => asnId))],
      fields: [...new Set(read.flatMap(({ person }) => Object.keys(person ?? {})))],
    }
  }) satisfies Handler['listClaims']

/** Those of an agency are also those of the agencies that were merged into it. */
const listsOf = async (
  { agencies, today }: ClaimRpcPorts,
  agency: string | undefined,
): Promise<readonly List[]> => {
  if (!agency) return ['claim']
  const codes = codesOfAgency(await agencies.register(), agency, today())
  return codes.map(code => `claim-by/${code}` as const)
}

type Message = MessageInitShape<typeof ClaimSchema>

/** For the claimant without the record and what is sealed; for HR as long as it is open. */
const messageOf = async (
  { streams, directory, vault }: ClaimRpcPorts,
  listed: string,
  isOwn: boolean,
): Promise<Message | undefined> => {
  const state = await streams.claims.read(claimIdIn(listed))
  if (state.status === 'absent' || !(isOwn || state.status === 'open')) return undefined
  const { claimId, asnId, person, reason, ...posting } = state.filed
  const message = {
    claimId,
    status: statuses[state.status],
    posting,
    reason,
    filedAt: state.filedAt,
    decisionReason: state.decision?.reason ?? '',
  }
  if (isOwn) return message
  const [[key], survivor] = await Promise.all([vault.keys([asnId]), directory.survivor(asnId)])
  const opened = key && key !== 'erased' ? (unseal(person, key) as Message['person']) : undefined
  return { ...message, asnId: survivor?.asnId ?? asnId, ...(opened && { person: opened }) }
}
