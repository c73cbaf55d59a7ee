import type { Fact, LogName } from '@jejak/history/fact'
import type { HistoryLog } from '@jejak/rpc/history'

/** The logs of the services whose events are facts about people. */
export type FactLogs = ReadonlyMap<LogName, HistoryLog>

/** So many are read at once. */
const queriesMax = 500

/** The entries of facts, byte for byte as their logs have hashed them. */
export const readEntries = async (
  logs: FactLogs,
  facts: readonly Fact[],
): Promise<ReadonlyMap<Fact, Uint8Array>> => {
  const found = new Map<Fact, Uint8Array>()
  for (const [name, own] of Map.groupBy(facts, ({ log }) => log)) {
    for (let from = 0; from < own.length; from += queriesMax) {
      const part = own.slice(from, from + queriesMax)
      const queries = part.map(({ stream, version }) => ({ stream, from: version, to: version }))
      const pages = (await logs.get(name)?.readStreams(queries)) ?? []
      for (const [at, fact] of part.entries()) {
        const [recorded] = pages[at]?.events ?? []
        if (recorded?.position !== fact.position) {
          throw new Error(`${fact.stream} of ${name} has no version ${fact.version} where it was`)
        }
        found.set(fact, recorded.entry)
      }
    }
  }
  return found
}
