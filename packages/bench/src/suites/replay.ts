import { type BenchStorage, withPlace } from '../storage-place.ts'
import type { SubjectName } from '../subjects/all.ts'
import type { StoragePlace } from '../subjects/subject.ts'
import type { Suite } from '../suite.ts'
import { runLogTask } from '../worker-process.ts'

/** Reading everything in order, from a log that was filled before. */
export const replaySuite: Suite = async (storage, { replayEvents: events }, subjects, during) => {
  const readers = subjects.filter(subject => !subject.endsWith('-single'))
  await withFilledPlaces(storage, readers, events, places =>
    during(
      places.flatMap(([subject, place]) =>
        (subject.startsWith('jejak') ? [true, false] : [false]).map(proven => async () => {
          const {
            events: rate = 0,
            early = 0,
            peak = 0,
          } = await runLogTask({ subject, place, measure: 'replay', events, proven })
          const of = { subject: `${subject}-${proven ? 'proven' : 'plain'}`, clients: 1 }
          return [
            { ...of, unit: 'events/s', value: rate },
            { ...of, unit: 'MiB after a tenth', value: early },
            { ...of, unit: 'MiB at most', value: peak },
          ]
        }),
      ),
    ),
  )
}

type Filled = readonly (readonly [SubjectName, StoragePlace])[]

/** Fills a place for each subject, for one use, and removes them after it. */
export const withFilledPlaces = async (
  storage: BenchStorage,
  [subject, ...others]: readonly SubjectName[],
  events: number,
  use: (places: Filled) => Promise<void>,
): Promise<void> => {
  if (!subject) return use([])
  await withPlace(storage, async place => {
    // Peers read by stream, and are filled much faster by streams: they get streams of 100.
    const perStream = subject.startsWith('emmett') ? 100 : 1
    await runLogTask({ subject, place, measure: 'fill', events, perStream })
    await withFilledPlaces(storage, others, events, places => use([[subject, place], ...places]))
  })
}
