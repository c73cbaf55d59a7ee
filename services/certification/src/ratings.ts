import type { Rating } from '@jejak/competency/level'
import type { PublisherHistory } from '@jejak/consumer/consumer'
import { assessmentsIn } from '@jejak/history/assessed'
import { factOf } from '@jejak/history/fact'

const log = 'assessment'

/**
 * All ratings of a person, under whichever record they came, as the log of assessment has them now.
 * Nothing of them is kept here: what is heard of one only says that it is time to look.
 */
export const ratingsOf = async (
  history: PublisherHistory,
  records: readonly string[],
): Promise<readonly Rating[]> => {
  const streams = await Promise.all(records.map(asnId => factsIn(history, `competency/${asnId}`)))
  return assessmentsIn(streams.flat().toSorted((a, b) => a.position - b.position)).ratings
}

const factsIn = async (history: PublisherHistory, stream: string) => {
  const entries: { readonly position: number; readonly entry: Uint8Array }[] = []
  for (let from = 1; ; ) {
    const { events, end } = await history(log, { stream, from })
    entries.push(...events)
    from = (events.at(-1)?.version ?? from) + 1
    if (end) return entries.flatMap(({ position, entry }) => factOf(log, position, entry) ?? [])
  }
}
