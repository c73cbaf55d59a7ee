import { type GivenHead, readGivenHeads } from '@jejak/service-log/given-heads'
import { optionText } from '@jejak/texts/help'
import { Option } from 'commander'
import { userPath } from './paths.ts'

export const serviceOption = () =>
  new Option('--service <name>', optionText('service')).makeOptionMandatory()

export const dataOption = () => new Option('--data <dir>', optionText('data')).default('data')

export const mongoOption = () => new Option('--mongo <url>', optionText('mongo'))

export const keysOption = () => new Option('--keys <dir>', optionText('keys')).env('JEJAK_KEYS')

export const headOption = () =>
  new Option('--head <file>', optionText('head'))
    .env('JEJAK_HEAD_FILE')
    .argParser((file: string, others: readonly string[] = []) => [...others, file])

/** The heads in the files of `headOption`. */
export const givenHeads = (files: readonly string[] = []): readonly GivenHead[] =>
  readGivenHeads(files.filter(file => file !== '').map(userPath))

/** A folder that was named, as the user meant it. */
export const optionalPath = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : userPath(path)
