import { withPlace } from '../storage-place.ts'
import type { Suite } from '../suite.ts'
import { runLogTask } from '../worker-process.ts'
import { withFilledPlaces } from './replay.ts'

const clients = 64

/** Appends to a log that has millions of events, in ratio to an empty one measured beside it. */
export const growthSuite: Suite = async (storage, scale, subjects, during) => {
  const groups = subjects.filter(name => name.startsWith('jejak') || name.endsWith('-group'))
  const measure = { measure: 'append', clients, ids: 'v7', ...scale } as const
  await withFilledPlaces(storage, groups, scale.growthEvents, places =>
    during(
      places.map(([subject, place]) => async () => {
        const { appends: before = 0 } = await withPlace(storage, place =>
          runLogTask({ subject, place, ...measure }),
        )
        const { appends: after = 0 } = await runLogTask({ subject, place, ...measure })
        return [
          { subject: `${subject}-empty`, clients, unit: 'appends/s', value: before },
          { subject: `${subject}-grown`, clients, unit: 'appends/s', value: after },
          { subject, clients, unit: 'ratio', value: after / before },
        ]
      }),
    ),
  )
}
