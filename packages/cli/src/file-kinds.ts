import { create } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { BadRequestSchema } from '@jejak/proto/google/rpc/error_details'
import {
  AssessmentService,
  type SubmitAssessmentsRequest,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import {
  EmployeeService,
  type RegisterEmployeeRequest,
} from '@jejak/proto/jejak/enrollment/v1/employee'
import { RecordedSchema } from '@jejak/proto/jejak/log/v1/log'
import type { Connection } from '@jejak/rpc/client'
import { errorOf, RpcError } from '@jejak/rpc/error'
import { assessmentColumns, assessmentOf } from './assessment-rows.ts'
import type { Fault } from './columns.ts'
import { employeeColumns, employeeOf } from './employee-rows.ts'
import type { FileKind, Sent } from './file-command.ts'
import { type Exchange, isPassing, oneByOne } from './sending.ts'

/** So many registrations are under way at once. */
const atOnce = 32

/** An agency's assessments: over one stream. */
export const assessments = {
  kind: (bearer: string): FileKind<typeof assessmentColumns, SubmitAssessmentsRequest> => ({
    columns: assessmentColumns,
    requestOf: cells => assessmentOf(cells, bearer),
  }),
  exchange: (connection: Connection): Exchange<SubmitAssessmentsRequest, Sent> => {
    const client = connection.client(AssessmentService)
    return async function* (requests) {
      for await (const { requestId, outcome } of client.submitAssessments(requests)) {
        if (outcome.case === 'recorded') yield { requestId, recorded: outcome.value }
        if (outcome.case === 'refused') yield { requestId, faults: answered(outcome.value) }
      }
    }
  },
}

/** Employees: a call each, many at once. */
export const employees = {
  kind: (bearer: string): FileKind<typeof employeeColumns, RegisterEmployeeRequest> => ({
    columns: employeeColumns,
    requestOf: cells => employeeOf(cells, bearer),
  }),
  exchange: (connection: Connection): Exchange<RegisterEmployeeRequest, Sent> => {
    const client = connection.client(EmployeeService)
    return oneByOne(async (request): Promise<Sent> => {
      try {
        const { recorded = create(RecordedSchema) } = await client.registerEmployee(request)
        return { recorded }
      } catch (error) {
        return { faults: faultsOf(error) }
      }
    }, atOnce)
  },
}

const answered = (refused: Parameters<typeof errorOf>[0]): readonly Fault[] =>
  faultsOf(errorOf(refused))

/** Why the service refused a row; throws on what is no answer to the row. */
const faultsOf = (error: unknown): readonly Fault[] => {
  const unanswered = !(error instanceof RpcError) || isPassing(error)
  if (unanswered || error.code === status.UNAUTHENTICATED) throw error
  const violations = error.detail(BadRequestSchema)?.fieldViolations ?? []
  if (violations.length > 0) {
    return violations.map(({ field, description: reason }) => ({ field, reason, fix: 'mend it' }))
  }
  return [
    { field: '', reason: error.message, fix: fixes[error.reason] ?? 'ask whoever runs Jejak' },
  ]
}

/** What to do about a refusal that is of no one field. */
const fixes: Readonly<Record<string, string>> = {
  REQUEST_ID_REUSED: 'the row was sent with other content before: give it a new reference',
  NO_RIGHT: 'it is for the agency where the person serves',
  NIP_TAKEN: 'the person is registered already',
  EMPLOYEE_UNKNOWN: 'register the person first',
  EMPLOYEE_ERASED: 'leave the row out: the person was erased',
}
