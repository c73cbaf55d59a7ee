import { type History, historyOf } from '@jejak/history/history'
import { postedPrefix } from '@jejak/reporting/read-model/keys'
import { openQueries } from '@jejak/reporting/read-model/queries'
import { openReadModel } from '@jejak/reporting/read-model/versions'
import { readFolder } from '@jejak/storage/data-folder'
import { sqliteProjections } from '@jejak/storage/sqlite/projections'

export type Histories = {
  /** The `asnId`s of all who were posted there once. */
  readonly everybody: (agency: string) => AsyncIterable<string>
  /** The history as of today; undefined if nobody has the record. */
  readonly historyOf: (asnId: string) => Promise<History | undefined>
  readonly close: () => Promise<void>
}

/** Histories from the read model of a data folder, without its services. */
export const openHistories = (data: string, clock = Date.now): Histories => {
  const store = sqliteProjections(readFolder(data, 'reporting'))
  const queries = openQueries({ store, clock })
  return {
    async *everybody(agency) {
      const prefix = postedPrefix(agency)
      for await (const [key] of openReadModel(store).dump(prefix)) yield key.slice(prefix.length)
    },
    async historyOf(asnId) {
      const person = await queries.person(asnId)
      if (!person) return undefined
      const { asnIds, facts, reference } = person
      return historyOf(asnIds, facts, reference, { now: clock() })
    },
    close: store.close,
  }
}
