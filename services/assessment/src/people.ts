import type { Action } from '@jejak/access/rights'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import type { Employees, ResolvedEmployee } from '@jejak/rpc/directory-client'
import { refusedBy } from '@jejak/rpc/error'
import DataLoader from 'dataloader'

const askedAtOnceMax = 256

export type People = ReturnType<typeof openPeople>

/** Questions that come together are asked together. */
export const openPeople = (employees: Employees) => {
  const byId = gathering(employees.resolve)
  const byNip = gathering(employees.byNip)

  /** Whom the call is about, with a right to them. Throws what the caller is to be told. */
  const touched = async (
    call: Call,
    action: Action,
    { asnId, nip = '' }: { readonly asnId: string; readonly nip?: string },
  ): Promise<ResolvedEmployee> => {
    const person = await (asnId ? byId.load(asnId) : byNip.load(nip))
    // Who has no right to anybody is not told who is there.
    authorise(call, action, person ? ownedBy(person, call) : call.principal)
    if (person) return person
    throw refusedBy({ key: 'EMPLOYEE_UNKNOWN', values: asnId ? 'id' : 'nip' })
  }

  return {
    touched,
    /** The same, of whom something is to be recorded. */
    active: async (...args: Parameters<typeof touched>): Promise<ResolvedEmployee> => {
      const person = await touched(...args)
      if (person.status === 'erased') throw refusedBy('EMPLOYEE_ERASED')
      return person
    },
  }
}

/** A civil servant's token can be for a record that was merged since. */
const ownedBy = ({ agency, asnId, records }: ResolvedEmployee, { principal }: Call) => ({
  agency,
  asnId: records.find(record => record === principal.asnId) ?? asnId,
})

/**
 * Asks for what has come while the question before was answered: at once where nobody waits, and
 * for the more, the slower the answers come.
 */
const gathering = (ask: Employees['resolve']) => {
  let answering: Promise<unknown> = Promise.resolve()
  return new DataLoader(
    (keys: readonly string[]) => {
      const answers = ask(keys)
      answering = answers.catch(() => {})
      return answers
    },
    {
      // Where somebody serves, and so who has a right to them, can change at any moment.
      cache: false,
      maxBatchSize: askedAtOnceMax,
      batchScheduleFn: dispatch => setImmediate(() => answering.then(dispatch)),
    },
  )
}
