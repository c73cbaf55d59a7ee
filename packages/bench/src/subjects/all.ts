import { bareMongo } from './bare-mongo.ts'
import { bareSqlite } from './bare-sqlite.ts'
import { emmettMongo, emmettSqlite } from './emmett.ts'
import { jejakMongo, jejakSqlite } from './jejak.ts'
import type { StoragePlace, Subject } from './subject.ts'

/** The measured logs, by the name in the results. */
export const subjects = {
  'jejak-mongo': jejakMongo,
  'emmett-mongodb': emmettMongo,
  'bare-mongo-single': place => bareMongo(place, 'single'),
  'bare-mongo-group': place => bareMongo(place, 'group'),
  'jejak-sqlite': jejakSqlite,
  'emmett-sqlite': emmettSqlite,
  'bare-sqlite-single': place => bareSqlite(place, 'single'),
  'bare-sqlite-group': place => bareSqlite(place, 'group'),
} as const satisfies Record<string, (place: StoragePlace) => Promise<Subject>>

export type SubjectName = keyof typeof subjects
