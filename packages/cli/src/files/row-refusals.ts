import { status } from '@grpc/grpc-js'
import { BadRequestSchema } from '@jejak/proto/google/rpc/error_details'
import { RpcError } from '@jejak/rpc/error'
import { fileText } from '@jejak/texts/files'
import { fixOf, isReason, type Reason } from '@jejak/texts/reasons'
import { type Columns, columnOf, fixOfColumn, type RowFault } from './columns.ts'
import { isPassing } from './sending.ts'

/** Why the service refused a row. Throws an error that is no answer to the row. */
export const rowFaultsOf = (error: unknown, columns: Columns): readonly RowFault[] => {
  const unanswered = !(error instanceof RpcError) || isPassing(error)
  if (unanswered || error.code === status.UNAUTHENTICATED) throw error
  const violations = error.detail(BadRequestSchema)?.fieldViolations ?? []
  if (violations.length > 0) {
    return violations.map(({ field, description: reason }) => {
      const column = columnOf(columns, field)
      return { field: column, reason, fix: fixOfColumn(columns, column) }
    })
  }
  const { reason } = error
  const known = isReason(reason) ? { field: fields[reason], fix: fixOf(reason) } : {}
  const { field = '', fix = fileText('ask-operator') } = known
  return [{ field, reason: error.message, fix }]
}

/** The column that a refusal is about, if it is about one. */
const fields: Readonly<Partial<Record<Reason, string>>> = {
  REQUEST_ID_REUSED: 'reference',
  REGISTERED_ALREADY: 'reference',
  NIP_TAKEN: 'nip',
  NIP_UNKNOWN: 'nip',
  CLAIM_OPEN: 'nip',
  CLAIM_NEEDLESS: 'nip',
  EMPLOYEE_UNKNOWN: 'nip',
  EMPLOYEE_ERASED: 'nip',
  TOO_MANY_ASSESSMENTS: 'nip',
}
