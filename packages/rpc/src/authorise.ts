import { status } from '@grpc/grpc-js'
import { type Action, may, type Touched } from '@jejak/access/rights'
import type { Call } from './call.ts'
import { refusedBy } from './error.ts'

/**
 * The one way a handler asks whether the caller may: throws PERMISSION_DENIED where not. Ask again
 * for each thing that a call touches.
 */
export const authorise = (call: Call, action: Action, touched: Touched): void => {
  const { principal } = call
  if (may(principal, action, touched)) return
  call.refused?.()
  throw refusedBy(
    status.PERMISSION_DENIED,
    'NO_RIGHT',
    `the role ${principal.role} has no right to ${action} here`,
    { action, role: principal.role },
  )
}
