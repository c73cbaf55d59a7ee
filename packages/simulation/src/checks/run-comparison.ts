import { setTimeout as sleep } from 'node:timers/promises'
import { RpcError } from '@jejak/rpc/error'
import { deservesCertificate, type SimulatedPerson } from '../workload/people.ts'
import type { Answers, Workload } from '../workload/service-clients.ts'
import type { runWorkload } from '../workload/workload.ts'
import { certificateDifferences, differences, undated, undatedCertificates } from './differences.ts'
import type { LogContents } from './installation-logs.ts'
import type { Verdict } from './log-check.ts'

export type Groups = Awaited<ReturnType<typeof runWorkload>>

/** The requests of clients, and the services' answers. */
export type AnsweredWork = {
  readonly groups: Groups
  readonly reads: readonly PersonRead[]
  readonly answers: Answers
}
type PersonRead = { readonly of: string; readonly answer: string }

/** People whose records are read at the same time. */
const concurrentReadsMax = 8
/** While a log is being verified after a start, each explanation says so. */
const verifying = /^the log of \w+ is still being verified/
const askAgainMs = 50

/** Reads all that the services answer about each person. */
export const readPeople = async (
  { hr, answers }: Workload,
  people: readonly SimulatedPerson[],
): Promise<readonly PersonRead[]> => {
  const reads: PersonRead[] = []
  const read = async ({ asnId, enrollmentId, nips }: SimulatedPerson) => {
    const calls: Readonly<Record<string, () => Promise<object>>> = {
      profile: () => hr.assessments.getCompetencyProfile({ asnId }),
      explanation: async () => {
        for (;;) {
          const answer = await hr.certificates.explainCertification({ enrollmentId })
          if (!answer.missing.some(reason => verifying.test(reason))) return answer
          await sleep(askAgainMs)
        }
      },
      certificates: () => hr.certificates.listCertificates({ asnId }),
      enrollments: () => hr.enrollments.listEnrollments({ asnId }),
      employee: () => hr.employees.getEmployee({ asnId }),
      ...Object.fromEntries(
        nips.map((nip, i) => [`NIP ${i}`, () => hr.employees.lookUpEmployee({ nip })]),
      ),
    }
    const answered = Object.entries(calls).map(async ([name, call]) => ({
      of: `${name} of ${asnId}`,
      answer: await answerOf(answers.insist(call)),
    }))
    return Promise.all(answered)
  }
  for (let at = 0; at < people.length; at += concurrentReadsMax) {
    reads.push(...(await Promise.all(people.slice(at, at + concurrentReadsMax).map(read))).flat())
  }
  return reads
}

const answerOf = (call: Promise<object>): Promise<string> =>
  call.then(JSON.stringify, error => {
    if (error instanceof RpcError && error.reason) return error.reason
    throw error
  })

export type RunResult = { readonly answered: AnsweredWork; readonly logs: LogContents }

/** Compares the result of services that were killed with that of an undisturbed run. */
export const compareRuns = (
  killed: RunResult,
  undisturbed: RunResult,
  found: readonly string[] = [],
): Verdict => {
  const { answered, logs } = killed
  const { answeredAtMs, proven, retries, unproven } = answered.answers
  const deserving = answered.groups
    .flat(2)
    .flatMap(({ expected, enrollmentId }) => (deservesCertificate(expected) ? enrollmentId : []))
  return {
    violations: [
      ...logs.violations,
      ...undisturbed.logs.violations.map(violation => `in peace: ${violation}`),
      ...certificateDifferences(deserving, logs.certified),
      ...differences(logs.streams, undisturbed.logs.streams),
      ...differences(answersOf(answered), answersOf(undisturbed.answered)),
      ...(unproven > 0 ? [`${unproven} writes were answered without a receipt`] : []),
      ...found,
    ],
    commits: logs.commits,
    events: logs.events,
    fences: logs.fences,
    acknowledged: answeredAtMs.length,
    refused: 0,
    unknown: retries,
    receipts: proven.length,
    longestStallMs: longestStall(answeredAtMs),
  }
}

const answersOf = ({ reads }: AnsweredWork) =>
  new Map(reads.map(({ of, answer }) => [of, [answer]]))

/** A result without dates, for runs whose clocks do not stand still. */
export const undatedRun = ({ answered, logs }: RunResult): RunResult => ({
  answered: {
    ...answered,
    reads: answered.reads.map(({ of, answer }) => ({ of, answer: undated(answer) })),
  },
  logs: { ...logs, streams: undatedCertificates(logs.streams) },
})

const longestStall = (times: readonly number[]) =>
  times.reduce((longest, at, i) => Math.max(longest, at - (times[i - 1] ?? at)), 0)
