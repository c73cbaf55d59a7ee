import { agencyCodes } from '../people.ts'

/**
 * Differ from one run to the next: positions, times of recording and random values. Requests that
 * are sent at once are recorded in any order.
 */
const unstable = new Set([
  'position',
  'version',
  'by',
  'eventId',
  'recordedAt',
  'knownAt',
  'logs',
  'restsOn',
  'clocks',
  'adoptedBy',
  'keyId',
  'commitment',
])

/**
 * Everybody's history as reports have it, in the order of their ids, without what differs from one
 * run of the scenario to the next.
 */
export const stableHistories = async (http: string, token: string): Promise<readonly unknown[]> => {
  const ask = async (path: string) => {
    const answer = await fetch(`${http}/v1/${path}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Record<string, unknown>
  }
  const people = new Set<string>()
  for (const agency of agencyCodes) {
    for (let query = ''; ; ) {
      const page = await ask(`agencies/${agency}/people?${query}`)
      for (const { asnId } of page['people'] as { asnId: string }[]) people.add(asnId)
      if (!page['next']) break
      query = `after=${page['next']}`
    }
  }
  const histories: unknown[] = []
  for (const asnId of [...people].toSorted()) {
    histories.push(stable(await ask(`people/${asnId}/history`)))
  }
  return histories
}

const stable = (history: unknown): unknown => {
  const { lines, ...rest } = JSON.parse(
    undated(JSON.stringify(history, (name, value) => (unstable.has(name) ? undefined : value))),
  ) as { readonly lines: readonly unknown[] }
  return { ...rest, lines: lines.map(line => JSON.stringify(line)).toSorted() }
}

const dayMs = 86_400_000

/** Midnight may be between two runs: days from yesterday on are replaced. */
const undated = (text: string): string => {
  const yesterday = new Date(Date.now() - dayMs).toISOString().slice(0, 10)
  return text.replaceAll(/\b\d{4}-\d{2}-\d{2}\b/g, day => (day < yesterday ? day : 'a day'))
}
