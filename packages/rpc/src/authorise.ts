import { type Action, may, type Touched } from '@jejak/access/rights'
import type { Call } from './call.ts'
import type { Registers } from './directory-client.ts'
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

/**
 * The same for an agency that is named: a right to it is that of the agency which has its rights
 * today. So the token of an agency that was merged into another has none any more.
 */
export const authoriseOver = async (
  call: Call,
  action: Action,
  agency: string,
  { successors }: Pick<Registers, 'successors'>,
): Promise<void> => {
  const [holder] = await successors([agency])
  authorise(call, action, { agency: holder })
}
