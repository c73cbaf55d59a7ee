import { terminalText } from '@jejak/texts/terminal'
import { CommandFailed } from '../terminal/exit.ts'
import { givenFile } from '../terminal/given-file.ts'

/** Fields of a person beside the NIP: how a file names them, and how a request does. */
export const personFields = {
  name: 'name',
  birth_date: 'birthDate',
  birth_place: 'birthPlace',
  email: 'email',
  phone: 'phone',
  bkn_id: 'bknId',
  sex: 'sex',
} as const

const bytesMax = 64 * 1024

/**
 * A JSON object in a file that has texts only, and some of the known fields. Personal data comes in
 * a file: a shell keeps what is typed behind a command.
 */
export const textFieldsIn = async <Name extends string>(
  file: string,
  known: readonly Name[],
): Promise<readonly (readonly [Name, string])[]> => {
  const text = (await givenFile('file', file, bytesMax)).toString()
  const given = Object.entries(objectIn(text) ?? {})
  const isOurs = given.every(
    ([name, value]) => known.includes(name as Name) && typeof value === 'string',
  )
  if (given.length > 0 && isOurs) return given as [Name, string][]
  throw new CommandFailed('BrokenFile', terminalText({ key: 'not-text-fields', values: { known } }))
}

const objectIn = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** As a request has them. */
export const requestFields = <Name extends string>(
  fields: Readonly<Partial<Record<Name, string>>>,
  given: readonly (readonly [string, string])[],
): Record<string, string> =>
  Object.fromEntries(
    given.flatMap(([name, value]) => {
      const field = Object.hasOwn(fields, name) ? fields[name as Name] : undefined
      return field ? [[field, value]] : []
    }),
  )
