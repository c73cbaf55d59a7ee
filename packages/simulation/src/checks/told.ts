import { RpcError } from '@jejak/rpc/error'
import type { Ledger, Office } from '../workload/caller.ts'
import { deserves, type Person } from '../workload/fate.ts'
import type { work } from '../workload/work.ts'
import { differences, misissued, undated, undatedCertificates } from './differences.ts'
import type { Verdict } from './log.ts'
import type { Outcome } from './outcome.ts'

export type Groups = Awaited<ReturnType<typeof work>>

/** What clients did, and what they were told. */
export type Told = {
  readonly groups: Groups
  readonly reads: readonly Read[]
  readonly ledger: Ledger
}
type Read = { readonly of: string; readonly answer: string }

/** Of people that are read of at once. */
const togetherMax = 8

/** What is answered of each person. */
export const readAll = async (
  { hr, ledger }: Office,
  people: readonly Person[],
): Promise<readonly Read[]> => {
  const reads: Read[] = []
  const read = async ({ asnId, enrollmentId, nips }: Person) => {
    const calls: Readonly<Record<string, () => Promise<object>>> = {
      profile: () => hr.assessments.getCompetencyProfile({ asnId }),
      explanation: () => hr.certificates.explainCertification({ enrollmentId }),
      certificates: () => hr.certificates.listCertificates({ asnId }),
      enrollments: () => hr.enrollments.listEnrollments({ asnId }),
      employee: () => hr.employees.getEmployee({ asnId }),
      ...Object.fromEntries(
        nips.map((nip, i) => [`NIP ${i}`, () => hr.employees.lookUpEmployee({ nip })]),
      ),
    }
    const answers = Object.entries(calls).map(async ([name, call]) => ({
      of: `${name} of ${asnId}`,
      answer: await answerOf(ledger.insist(call)),
    }))
    return Promise.all(answers)
  }
  for (let at = 0; at < people.length; at += togetherMax) {
    reads.push(...(await Promise.all(people.slice(at, at + togetherMax).map(read))).flat())
  }
  return reads
}

const answerOf = (call: Promise<object>): Promise<string> =>
  call.then(JSON.stringify, error => {
    if (error instanceof RpcError && error.reason) return error.reason
    throw error
  })

export type Ended = { readonly told: Told; readonly outcome: Outcome }

/** What came of services that were killed, held against what came of others left in peace. */
export const verdictOf = (killed: Ended, calm: Ended, found: readonly string[] = []): Verdict => {
  const { told, outcome } = killed
  const { answers, proven, retries, unproven } = told.ledger
  const deserving = told.groups
    .flat(2)
    .flatMap(({ fate, enrollmentId }) => (deserves(fate) ? enrollmentId : []))
  return {
    violations: [
      ...outcome.violations,
      ...calm.outcome.violations.map(violation => `in peace: ${violation}`),
      ...misissued(deserving, outcome.certified),
      ...differences(outcome.streams, calm.outcome.streams),
      ...differences(answersOf(told), answersOf(calm.told)),
      ...(unproven > 0 ? [`${unproven} writes were answered without a receipt`] : []),
      ...found,
    ],
    commits: outcome.commits,
    events: outcome.events,
    fences: outcome.fences,
    acknowledged: answers.length,
    refused: 0,
    unknown: retries,
    receipts: proven.length,
    longestStallMs: longestStall(answers),
  }
}

const answersOf = ({ reads }: Told) => new Map(reads.map(({ of, answer }) => [of, [answer]]))

/** For runs whose clocks went on. */
export const undatedEnd = ({ told, outcome }: Ended): Ended => ({
  told: { ...told, reads: told.reads.map(({ of, answer }) => ({ of, answer: undated(answer) })) },
  outcome: { ...outcome, streams: undatedCertificates(outcome.streams) },
})

const longestStall = (times: readonly number[]) =>
  times.reduce((longest, at, i) => Math.max(longest, at - (times[i - 1] ?? at)), 0)
