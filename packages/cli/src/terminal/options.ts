import { Option } from 'commander'
import { userPath } from './paths.ts'

export const serviceOption = () =>
  new Option('--service <name>', 'the service whose log it is').makeOptionMandatory()

export const dataOption = () => new Option('--data <dir>', 'the data folder').default('data')

export const mongoOption = () =>
  new Option('--mongo <url>', 'a MongoDB replica set; the database is jejak-<service>')

export const keysOption = () =>
  new Option('--keys <dir>', 'signing keys and last heads (default: the data folder + .keys)').env(
    'JEJAK_KEYS',
  )

/** A folder that was named, as the user meant it. */
export const optionalPath = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : userPath(path)
