import { status } from '@grpc/grpc-js'
import type { Action } from '@jejak/access/rights'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import DataLoader from 'dataloader'

/** A person, as enrollment answers. */
export type Person = {
  /** The surviving record's, of one that was merged. */
  readonly asnId: string
  /** Where they serve today, and as what. */
  readonly agency: string
  readonly position: string
  readonly status: 'active' | 'erased'
}

/** Whom to ask who somebody is. Answers stand in the order of the questions; undefined: nobody. */
export type Employees = {
  readonly resolve: (asnIds: readonly string[]) => Promise<readonly (Person | undefined)[]>
  readonly byNip: (nips: readonly string[]) => Promise<readonly (Person | undefined)[]>
}

const askedAtOnceMax = 256

export type People = ReturnType<typeof openPeople>

/** Questions that come together are asked together. */
export const openPeople = (employees: Employees) => {
  // Nothing is kept: where somebody serves, and so who has a right to them, can change any moment.
  const options = { cache: false, maxBatchSize: askedAtOnceMax }
  const byId = new DataLoader(employees.resolve, options)
  const byNip = new DataLoader(employees.byNip, options)

  /** Whom the call is about, with a right to them. Throws what the caller is to be told. */
  const touched = async (
    call: Call,
    action: Action,
    { asnId, nip = '' }: { readonly asnId: string; readonly nip?: string },
  ): Promise<Person> => {
    const person = await (asnId ? byId.load(asnId) : byNip.load(nip))
    // Who has no right to anybody is not told who is there.
    authorise(call, action, person ?? call.principal)
    if (person) return person
    throw refusedBy(
      status.NOT_FOUND,
      'EMPLOYEE_UNKNOWN',
      asnId ? 'no civil servant is registered under this id' : 'nobody has or had this NIP',
    )
  }

  return {
    touched,
    /** The same, of whom something is to be recorded. */
    active: async (...args: Parameters<typeof touched>): Promise<Person> => {
      const person = await touched(...args)
      if (person.status === 'erased') throw erased()
      return person
    },
  }
}

export const erased = () =>
  refusedBy(
    status.FAILED_PRECONDITION,
    'EMPLOYEE_ERASED',
    'the person was erased, and nothing can be recorded of them',
  )
