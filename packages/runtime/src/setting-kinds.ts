import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

/** A variable of the environment: what it is for, what it takes, and how its text is read. */
export type Variable<T> = {
  readonly name: string
  readonly meaning: string
  /** What it takes, in words: a problem ends with it. */
  readonly form: string
  readonly required: boolean
  /** The text that stands in where it is not set. */
  readonly default?: string
  /** Its value is never shown. */
  readonly secret?: boolean
  readonly read: (text: string) => Read<T>
}

export type Read<T> = { readonly value: T } | Wrong
/** What is wrong with a value, where there is more to say than that it has another form. */
export type Wrong = { readonly wrong: string | undefined }

/** Where it is not set, its value is undefined. */
export const optional = <T>(variable: Variable<T>): Variable<T | undefined> => ({
  ...variable,
  required: false,
})

export const withDefault = <T>(variable: Variable<T>, text: string): Variable<T> => ({
  ...variable,
  required: false,
  default: text,
})

const otherForm: Wrong = { wrong: undefined }
const where = <T>(fits: boolean, value: T): Read<T> => (fits ? { value } : otherForm)

export const text = (name: string, meaning: string): Variable<string> => ({
  name,
  meaning,
  form: 'a text',
  required: true,
  read: value => ({ value }),
})

export const secret = (name: string, meaning: string): Variable<string> => ({
  ...text(name, meaning),
  secret: true,
})

export const integer = (
  name: string,
  meaning: string,
  { min, max }: { readonly min: number; readonly max: number },
): Variable<number> => ({
  name,
  meaning,
  form: `a whole number from ${min} to ${max}`,
  required: true,
  read: text => where(/^\d{1,15}$/.test(text) && +text >= min && +text <= max, Number(text)),
})

export const oneOf = <const T extends string>(
  name: string,
  meaning: string,
  values: readonly T[],
): Variable<T> => ({
  name,
  meaning,
  form: `one of ${values.join(', ')}`,
  required: true,
  read: text => where(values.includes(text as T), text as T),
})

/** The text itself: servers and clients take it as it is. */
export const address = (name: string, meaning: string): Variable<string> => ({
  name,
  meaning,
  form: 'host:port',
  required: true,
  read: text => where(splitAddress(text) !== undefined, text),
})

export const addresses = (name: string, meaning: string): Variable<readonly string[]> => ({
  name,
  meaning,
  form: 'host:port,host:port',
  required: true,
  read: text => {
    const list = text.split(',').map(part => part.trim())
    return where(list.every(splitAddress), list)
  },
})

/** `127.0.0.1:8080` or `[::1]:8080`; undefined where it is neither. */
export const splitAddress = (address: string): { host: string; port: number } | undefined => {
  const [, six, name, port = ''] =
    /^(?:\[([\da-f:.]+)\]|([^\s:[\],/]+)):(\d{1,5})$/i.exec(address) ?? []
  const host = six ?? name
  return host === undefined || +port > 65_535 ? undefined : { host, port: Number(port) }
}

/** It may have a password: it is never shown. Several hosts may stand in it, as MongoDB has it. */
export const url = (
  name: string,
  meaning: string,
  protocols: readonly string[],
): Variable<string> => ({
  name,
  meaning,
  form: `a URL that begins with ${protocols.map(protocol => `${protocol}://`).join(' or ')}`,
  required: true,
  secret: true,
  read: text => {
    const [, protocol = ''] = /^([a-z][a-z\d+.-]*):\/\/[^\s/?#]+\S*$/.exec(text) ?? []
    return where(protocols.includes(protocol), text)
  },
})

/** An absolute path. It need not be there yet: whoever keeps something in it makes it. */
export const folder = (name: string, meaning: string): Variable<string> => ({
  name,
  meaning,
  form: 'the path of a folder',
  required: true,
  read: text => {
    const path = resolve(text)
    const found = statSync(path, { throwIfNoEntry: false })
    return found && !found.isDirectory() ? { wrong: 'is no folder' } : { value: path }
  },
})

/** The content of the file, without the space around it. */
export const secretFile = (
  name: string,
  meaning: string,
  { charactersMin }: { readonly charactersMin: number },
): Variable<string> => ({
  name,
  meaning,
  form: `the path of a file of ${charactersMin} characters or more`,
  required: true,
  read: path => {
    try {
      const value = readFileSync(path, 'utf8').trim()
      if (value.length >= charactersMin) return { value }
      return { wrong: value === '' ? 'is empty' : `has only ${value.length} characters` }
    } catch (error) {
      return { wrong: `can't be read (${(error as NodeJS.ErrnoException).code})` }
    }
  },
})
