import type { Decider } from './decider.ts'
import type { EventLog } from './log.ts'
import { type Codec, type Transact, transactor } from './transact.ts'

/** The streams of one kind, `<kind>/<id>`: decided on, and read, by their ids. */
export const streamsOf = <State, Event extends { readonly type: string }>(
  log: EventLog,
  kind: string,
  decider: Decider<State, Event>,
  codec: Codec<Event>,
) => {
  const { transact, read } = transactor(log, decider, codec)
  const streamOf = (id: string) => `${kind}/${id}`
  return {
    transact: <R extends string>(id: string, rest: Omit<Transact<State, Event, R>, 'stream'>) =>
      transact({ stream: streamOf(id), ...rest }),
    read: (id: string) => read(streamOf(id)),
  }
}
