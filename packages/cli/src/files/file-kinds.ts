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
import { fixOf, isReason, type Reason } from '@jejak/texts/reasons'
import { assessmentColumns, assessmentOf } from './assessment-rows.ts'
import type { Columns, Fault } from './columns.ts'
import { employeeColumns, employeeOf } from './employee-rows.ts'
import type { FileKind, Sent } from './send-file.ts'
import { type Exchange, isPassing, oneByOne } from './sending.ts'

/** So many registrations are under way at once. */
const atOnce = 32

/** An agency's assessments: over one stream. */
export const assessments = {
  kind: (bearer: string): FileKind<typeof assessmentColumns, SubmitAssessmentsRequest> => ({
    columns: assessmentColumns,
    unique: ['reference'],
    requestOf: cells => assessmentOf(cells, bearer),
  }),
  exchange: (connection: Connection): Exchange<SubmitAssessmentsRequest, Sent> => {
    const client = connection.client(AssessmentService)
    return async function* (requests, signal) {
      for await (const { requestId, outcome } of client.submitAssessments(requests, { signal })) {
        if (outcome.case === 'recorded') yield { requestId, recorded: outcome.value }
        if (outcome.case === 'refused') {
          yield { requestId, faults: faultsOf(errorOf(outcome.value), assessmentColumns) }
        }
      }
    }
  },
}

/** Employees: a call each, many at once. */
export const employees = {
  kind: (bearer: string): FileKind<typeof employeeColumns, RegisterEmployeeRequest> => ({
    columns: employeeColumns,
    unique: ['reference', 'nip'],
    requestOf: cells => employeeOf(cells, bearer),
  }),
  exchange: (connection: Connection): Exchange<RegisterEmployeeRequest, Sent> => {
    const client = connection.client(EmployeeService)
    return oneByOne(async (request): Promise<Sent> => {
      try {
        const { recorded = create(RecordedSchema) } = await client.registerEmployee(request)
        return { recorded }
      } catch (error) {
        return { faults: faultsOf(error, employeeColumns) }
      }
    }, atOnce)
  },
}

/** Why the service refused a row; throws on what is no answer to the row. */
export const faultsOf = (error: unknown, columns: Columns): readonly Fault[] => {
  const unanswered = !(error instanceof RpcError) || isPassing(error)
  if (unanswered || error.code === status.UNAUTHENTICATED) throw error
  const violations = error.detail(BadRequestSchema)?.fieldViolations ?? []
  if (violations.length > 0) {
    return violations.map(({ field, description: reason }) => {
      const column = Object.entries(columns).find(([, known]) => known.field === field)
      return { field: column?.[0] ?? field, reason, fix: column?.[1].fix ?? '' }
    })
  }
  const { reason } = error
  const known = isReason(reason) ? { field: fields[reason], fix: fixOf(reason) } : {}
  const { field = '', fix = 'leave the row out, and ask whoever runs Jejak' } = known
  return [{ field, reason: error.message, fix }]
}

/** The column that a refusal is about, where it is one. */
const fields: Readonly<Partial<Record<Reason, string>>> = {
  REQUEST_ID_REUSED: 'reference',
  REGISTERED_ALREADY: 'reference',
  NIP_TAKEN: 'nip',
  EMPLOYEE_UNKNOWN: 'nip',
  EMPLOYEE_ERASED: 'nip',
  TOO_MANY_ASSESSMENTS: 'nip',
}
