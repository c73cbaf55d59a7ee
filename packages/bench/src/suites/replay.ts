import { type Ground, run, within } from '../ground.ts'
import type { SubjectName } from '../subjects/all.ts'
import type { Place } from '../subjects/subject.ts'
import type { Suite } from '../suite.ts'

/** Reading everything in order, from a log that was filled before. */
export const replay: Suite = async (ground, { replayEvents: events }, subjects, during) => {
  const readers = subjects.filter(subject => !subject.endsWith('-single'))
  await filled(ground, readers, events, places =>
    during(
      places.flatMap(([subject, place]) =>
        (subject.startsWith('jejak') ? [true, false] : [false]).map(proven => async () => {
          const {
            events: rate = 0,
            early = 0,
            peak = 0,
          } = await run({ subject, place, measure: 'replay', events, proven })
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

type Filled = readonly (readonly [SubjectName, Place])[]

/** Fills a place for each subject, has them used, and removes them. */
export const filled = async (
  ground: Ground,
  [subject, ...others]: readonly SubjectName[],
  events: number,
  use: (places: Filled) => Promise<void>,
): Promise<void> => {
  if (!subject) return use([])
  await within(ground, async place => {
    // Peers read by stream, or take minutes to be filled otherwise: they get streams of 100.
    const perStream = subject.startsWith('emmett') ? 100 : 1
    await run({ subject, place, measure: 'fill', events, perStream })
    await filled(ground, others, events, places => use([[subject, place], ...places]))
  })
}
