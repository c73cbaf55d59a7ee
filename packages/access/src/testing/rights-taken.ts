import { type Action, rights } from '../rights.ts'

/** Does work while nobody has a right to any call but those that are spared. */
export const withRightsTaken = async <T>(
  work: () => Promise<T>,
  spared: readonly Action[] = [],
): Promise<T> => {
  const table = rights as Record<Action, object>
  const before = { ...table }
  for (const action of Object.keys(table) as Action[]) {
    if (!spared.includes(action)) table[action] = {}
  }
  try {
    return await work()
  } finally {
    Object.assign(table, before)
  }
}
