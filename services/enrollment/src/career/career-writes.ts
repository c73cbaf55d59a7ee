import { isDeepStrictEqual } from 'node:util'
import { lifeDayFault } from '@jejak/competency/days'
import { isRefusal } from '@jejak/eventsourcing/decider'
import { plain, unseal } from '@jejak/privacy/seal'
import type { SubjectKey, Vault } from '@jejak/privacy/vault'
import { CareerService, type StateDisciplineRequest } from '@jejak/proto/jejak/enrollment/v1/career'
import { authorise } from '@jejak/rpc/authorise'
import { refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import type { ReadAudit } from '@jejak/rpc/read-audit'
import type { Recall } from '@jejak/rpc/recall'
import { recordedOrThrow } from '@jejak/rpc/write'
import type { LocalDirectory } from '../directory.ts'
import { careerReasons } from '../reasons.ts'
import type { EnrollmentStreams } from '../streams.ts'
import { keyedContent, registeredPerson, writingOf } from '../writing.ts'
import { type Career, recordCareer, stateDiscipline } from './career.ts'
import { careerRecordsOf, checkCareer, checkDiscipline } from './career-request.ts'

export type CareerPorts = {
  readonly streams: EnrollmentStreams
  readonly directory: LocalDirectory
  readonly vault: Pick<Vault, 'keys'>
  /** The day in Makassar. */
  readonly today: () => string
  readonly audit: ReadAudit
  readonly recall: Recall
}
type Handler = Handlers<typeof CareerService>
const { method } = CareerService

const recording = (ports: CareerPorts) =>
  (async (request, call) => {
    const { streams, directory, today } = ports
    checkCareer(request, today())
    authorise(call, 'enrollment.RecordCareer', {})
    const { asnId } = registeredPerson(await directory.survivor(request.asnId))
    const records = careerRecordsOf(request, asnId)
    const { qualification, structuralTraining } = request
    const days = [qualification?.graduatedOn, structuralTraining?.completedOn]
    const [life = {}] = await directory.lifeDays([asnId])
    if (days.some(day => day && lifeDayFault(day, life))) {
      throw refusedBy({ key: 'DAYS_CONTRADICT', values: 'before-birth' })
    }
    const transacted = await streams.careers.transact(asnId, {
      ...writingOf(call, method.recordCareer, request),
      decide: state => {
        const decided = records.map(record => recordCareer(state, record))
        return decided.find(isRefusal) ?? decided.flatMap(each => (isRefusal(each) ? [] : each))
      },
    })
    return { recorded: await recordedOrThrow(transacted, careerReasons) }
  }) satisfies Handler['recordCareer']

/** What is encrypted of a statement. */
export type Statement = {
  readonly punishments: readonly {
    readonly level: 'ringan' | 'sedang' | 'berat'
    readonly on: string
    readonly until?: string
  }[]
  readonly source: string
}

/** Longer than a statement of a few punishments: its length must not show that there are any. */
const statementPadding = 1_024

const stating = (ports: CareerPorts) =>
  (async (request, call) => {
    const { streams, vault, today } = ports
    checkDiscipline(request, today())
    authorise(call, 'enrollment.StateDiscipline', {})
    const { asnId } = registeredPerson(await ports.directory.survivor(request.asnId))
    const [key] = await vault.keys([asnId])
    if (!key || key === 'erased') throw refusedBy('EMPLOYEE_ERASED')
    const content = statementOf(request)
    const { length } = JSON.stringify(content)
    const padding = ' '.repeat(Math.max(0, statementPadding - length))
    const statement = plain(key, { ...content, padding })
    const { asOf } = request
    const transacted = await streams.careers.transact(asnId, {
      ...writingOf(call, method.stateDiscipline, request, { key }),
      decide: state =>
        stateDiscipline(state, { asnId, asOf, statement }, isStated(state, key, asOf, content)),
    })
    return { recorded: await recordedOrThrow(transacted, careerReasons) }
  }) satisfies Handler['stateDiscipline']

const statementOf = ({ punishments, source }: StateDisciplineRequest): Statement => ({
  punishments: punishments.map(({ level, on, until }) => ({
    ...{ level: level as Statement['punishments'][number]['level'], on },
    ...(until && { until }),
  })),
  source,
})

/** What a statement says, opened with the key of its record. */
export const openedStatement = (
  { statement }: Career['statements'][number],
  key: SubjectKey,
): Statement => {
  const { padding: _, ...content } = unseal(statement, key) as Statement & {
    readonly padding: string
  }
  return content
}

const isStated = ({ statements }: Career, key: SubjectKey, asOf: string, content: Statement) => {
  const last = statements.at(-1)
  return last?.asOf === asOf && isDeepStrictEqual(openedStatement(last, key), content)
}

/** How a retry of each call is answered with what it has stored. */
export const retriedCareer = (ports: CareerPorts) => {
  const { retryingUnary } = ports.recall
  return {
    recordCareer: retryingUnary(method.recordCareer, recording(ports)),
    stateDiscipline: retryingUnary(method.stateDiscipline, stating(ports), {
      content: keyedContent(ports.vault)(method.stateDiscipline.input),
    }),
  }
}
