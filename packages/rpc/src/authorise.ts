import { type Action, may, type Touched } from '@jejak/access/rights'
import type { Call } from './call.ts'
import { refusedBy } from './error.ts'

/**
 * The one way for a handler to check the caller's right: throws PERMISSION_DENIED without it. Check
 * again for each thing that a call touches.
 */
export const authorise = (call: Call, action: Action, touched: Touched): void => {
  const { principal } = call
  if (may(principal, action, touched)) return
  call.refused?.()
  const values = { action, role: principal.role }
  throw refusedBy({ key: 'NO_RIGHT', values }, values)
}
