import type { Action } from '@jejak/access/rights'
import type { CareerService } from '@jejak/proto/jejak/enrollment/v1/career'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import { uuidProblem, validate } from '@jejak/rpc/validate'
import { ownOf } from '../writing.ts'
import type { CareerRecord } from './career.ts'
import { type CareerPorts, openedStatement } from './career-writes.ts'

type Handler = Handlers<typeof CareerService>

export const listingCareer = (ports: CareerPorts) =>
  (async ({ asnId }, call) => {
    const careers = await careersOf(ports, call, 'enrollment.ListCareer', asnId)
    const records = careers.flatMap(({ state }) => state.records.map(messageOf))
    return { answer: { records }, asnIds: [...new Set(records.map(record => record.asnId))] }
  }) satisfies Handler['listCareer']

export const gettingDiscipline = (ports: CareerPorts) =>
  (async ({ asnId }, call) => {
    const careers = await careersOf(ports, call, 'enrollment.GetDiscipline', asnId)
    const keys = await ports.vault.keys(careers.map(({ record }) => record))
    const statements = careers.flatMap(({ state }, at) => {
      const key = keys[at]
      if (!key || key === 'erased') return []
      return state.statements.map(stated => {
        const { punishments, source } = openedStatement(stated, key)
        return { asOf: stated.asOf, punishments: [...punishments], source }
      })
    })
    return { answer: { statements }, asnIds: statements.length > 0 ? [asnId] : [] }
  }) satisfies Handler['getDiscipline']

/** What each record of the person has. */
const careersOf = async (
  { directory, streams }: CareerPorts,
  call: Call,
  action: Action,
  asnId: string,
) => {
  validate({ asn_id: uuidProblem(asnId) })
  const records = await directory.records(asnId)
  const touched = records.length > 0 ? await directory.touched(asnId) : ownOf(call)
  authorise(call, action, touched)
  if (records.length === 0) throw refusedBy('EMPLOYEE_UNKNOWN')
  return Promise.all(
    records.map(async ({ asnId: record }) => ({
      record,
      state: await streams.careers.read(record),
    })),
  )
}

const messageOf = (record: CareerRecord) => {
  const { recordId, asnId, source, replaces = '' } = record
  const own = { recordId, asnId, source, replaces }
  switch (record.type) {
    case 'QualificationRecorded': {
      const { education, field = '', graduatedOn } = record
      return { ...own, qualification: { education, field, graduatedOn } }
    }
    case 'PerformanceRecorded': {
      const { year, assessedOn, value, predicate = '' } = record
      const scored = value === undefined ? { predicate } : { value }
      return { ...own, performance: { year, assessedOn, ...scored } }
    }
    case 'StructuralTrainingRecorded': {
      const { training, completedOn } = record
      return { ...own, structuralTraining: { training, completedOn } }
    }
  }
}
