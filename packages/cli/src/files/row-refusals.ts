import { status } from '@grpc/grpc-js'
import { BadRequestSchema } from '@jejak/proto/google/rpc/error_details'
import { RpcError } from '@jejak/rpc/error'
import { fixOf, isReason, type Reason } from '@jejak/texts/reasons'
import type { Columns, RowFault } from './columns.ts'
import { isPassing } from './sending.ts'

/** Why the service refused a row. Throws an error that is no answer to the row. */
export const rowFaultsOf = (error: unknown, columns: Columns): readonly RowFault[] => {
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
