import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { readGivenSecret, SecretExposed } from '@jejak/storage/secret-file'

/** A variable of the environment: its purpose, its form, and how its text is read. */
export type SettingVariable<T> = {
  readonly name: string
  readonly meaning: string
  /** Its form, in words: an error message ends with it. */
  readonly form: string
  readonly required: boolean
  /** Used if it is not set. */
  readonly default?: string
  /** Its value is never shown. */
  readonly secret?: boolean
  readonly read: (text: string) => ReadSetting<T>
}

export type ReadSetting<T> = { readonly value: T } | BadSetting
/** Why a value is refused; undefined if it just has another form. */
export type BadSetting = { readonly wrong: string | undefined }

/** Its value is undefined if it is not set. */
export const optionalSetting = <T>(
  variable: SettingVariable<T>,
): SettingVariable<T | undefined> => ({
  ...variable,
  required: false,
})

export const withDefault = <T>(variable: SettingVariable<T>, text: string): SettingVariable<T> => ({
  ...variable,
  required: false,
  default: text,
})

const otherForm: BadSetting = { wrong: undefined }
const readIf = <T>(fits: boolean, value: T): ReadSetting<T> => (fits ? { value } : otherForm)

export const textSetting = (name: string, meaning: string): SettingVariable<string> => ({
  name,
  meaning,
  form: 'a text',
  required: true,
  read: value => ({ value }),
})

export const secret = (name: string, meaning: string): SettingVariable<string> => ({
  ...textSetting(name, meaning),
  secret: true,
})

export const integer = (
  name: string,
  meaning: string,
  { min, max }: { readonly min: number; readonly max: number },
): SettingVariable<number> => ({
  name,
  meaning,
  form: `a whole number from ${min} to ${max}`,
  required: true,
  read: text => readIf(/^\d{1,15}$/.test(text) && +text >= min && +text <= max, Number(text)),
})

export const oneOf = <const T extends string>(
  name: string,
  meaning: string,
  values: readonly T[],
): SettingVariable<T> => ({
  name,
  meaning,
  form: `one of ${values.join(', ')}`,
  required: true,
  read: text => readIf(values.includes(text as T), text as T),
})

/** Kept as text: servers and clients take it so. */
export const address = (name: string, meaning: string): SettingVariable<string> => ({
  name,
  meaning,
  form: 'host:port',
  required: true,
  read: text => readIf(splitAddress(text) !== undefined, text),
})

export const addresses = (name: string, meaning: string): SettingVariable<readonly string[]> => ({
  name,
  meaning,
  form: 'host:port,host:port',
  required: true,
  read: text => {
    const list = text.split(',').map(part => part.trim())
    return readIf(list.every(splitAddress), list)
  },
})

/** `127.0.0.1:8080` or `[::1]:8080`; undefined if it is neither. */
export const splitAddress = (address: string): { host: string; port: number } | undefined => {
  const [, six, name, port = ''] =
    /^(?:\[([\da-f:.]+)\]|([^\s:[\],/]+)):(\d{1,5})$/i.exec(address) ?? []
  const host = six ?? name
  return host === undefined || +port > 65_535 ? undefined : { host, port: Number(port) }
}

/** Never shown, for it may have a password. It may have several hosts, as MongoDB's URLs do. */
export const url = (
  name: string,
  meaning: string,
  protocols: readonly string[],
): SettingVariable<string> => ({
  name,
  meaning,
  form: `a URL that begins with ${protocols.map(protocol => `${protocol}://`).join(' or ')}`,
  required: true,
  secret: true,
  read: text => {
    const [, protocol = ''] = /^([a-z][a-z\d+.-]*):\/\/[^\s/?#]+\S*$/.exec(text) ?? []
    return readIf(protocols.includes(protocol), text)
  },
})

/** An absolute path. The folder need not exist yet. */
export const folder = (name: string, meaning: string): SettingVariable<string> => ({
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
): SettingVariable<string> => ({
  name,
  meaning,
  form: `the path of a file of ${charactersMin} characters or more`,
  required: true,
  read: path => {
    try {
      const value = readGivenSecret(path).trim()
      if (value.length >= charactersMin) return { value }
      return { wrong: value === '' ? 'is empty' : `has only ${value.length} characters` }
    } catch (error) {
      if (error instanceof SecretExposed) return { wrong: `is not secret: ${error.message}` }
      return { wrong: `can't be read (${(error as NodeJS.ErrnoException).code})` }
    }
  },
})
