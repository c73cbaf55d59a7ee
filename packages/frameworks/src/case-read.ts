import { hiddenCharacterProblem, personalNumberProblem } from '@jejak/competency/lasting-text'
import type { DropReason } from '@jejak/texts/framework-faults'
import type { FileFault } from './dictionary-file.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** A part of a package that is not in the dictionary, or not as it was, and why. */
export type Dropped = {
  /** Where it is, as `CFItems[3].notes`. */
  readonly path: string
  /** Its identifier, or that of what it belongs to, as the package has it. */
  readonly identifier?: string
  readonly why: DropReason
}

/** What is found on the way through a package. */
export type Findings = { readonly dropped: Dropped[]; readonly faults: FileFault[] }

/** A place in a package: where it is, and whose. */
export type CasePlace = { readonly path: string; readonly identifier?: string }

export const drop = ({ dropped }: Findings, place: CasePlace, why: DropReason): void =>
  void dropped.push({ ...place, why })

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0)

/** A field by its name: `constructor` is none of a package. */
const fieldOf = (of: JsonObject, name: string): unknown =>
  Object.hasOwn(of, name) ? of[name] : undefined

const within = ({ path, identifier }: CasePlace, name: string): CasePlace => ({
  path: path === '' ? name : `${path}.${name}`,
  ...(identifier !== undefined && { identifier }),
})

/** The objects of a list, each with its place; what is no object is dropped. */
export const objectsOf = (
  of: JsonObject,
  name: string,
  place: CasePlace,
  findings: Findings,
  most: number,
): readonly (readonly [JsonObject, CasePlace])[] => {
  const list = fieldOf(of, name)
  if (isEmpty(list)) return []
  const at = within(place, name)
  if (!Array.isArray(list)) {
    drop(findings, at, 'wrong-type')
    return []
  }
  if (list.length > most) drop(findings, at, { key: 'too-many', values: { most } })
  return list.slice(0, most).flatMap((item, index) => {
    const here = { ...at, path: `${at.path}[${index}]` }
    if (isObject(item)) {
      const identifier = idOf(item)
      return [[item, { ...here, ...(identifier !== undefined && { identifier }) }] as const]
    }
    drop(findings, here, 'not-object')
    return []
  })
}

export const idOf = (of: JsonObject): string | undefined => {
  const identifier = fieldOf(of, 'identifier')
  return typeof identifier === 'string' && identifier.trim() !== ''
    ? identifier.trim().slice(0, 500)
    : undefined
}

/** The fields that are there and have no place in a dictionary. */
export const dropOthers = (
  of: JsonObject,
  kept: readonly string[],
  place: CasePlace,
  findings: Findings,
): void => {
  for (const name of Object.keys(of)) {
    if (!kept.includes(name) && !isEmpty(fieldOf(of, name))) {
      drop(findings, within(place, name.slice(0, 100)), 'not-kept')
    }
  }
}

/**
 * A text as an event can have it for ever: in one line, without what nobody sees, and no longer
 * than so many characters. One that has something of the form of a NIP is a fault.
 */
export const lastingTextIn = (
  of: JsonObject,
  name: string,
  most: number,
  place: CasePlace,
  findings: Findings,
): string | undefined => {
  const value = fieldOf(of, name)
  if (isEmpty(value)) return undefined
  const at = within(place, name)
  if (typeof value !== 'string') {
    drop(findings, at, 'wrong-type')
    return undefined
  }
  const clean = cleaned(value)
  if (clean !== value.trim()) drop(findings, at, 'cleaned')
  const text = shortened(clean, most)
  if (text !== clean) drop(findings, at, { key: 'cut', values: { most } })
  if (personalNumberProblem(text)) {
    findings.faults.push({ path: at.path, fault: 'personal-number' })
  }
  return text === '' ? undefined : text
}

export const cleaned = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (!hiddenCharacterProblem(line)) return line
  return [...line]
    .filter(character => !hiddenCharacterProblem(character))
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

export const shortened = (text: string, most: number): string => {
  const characters = [...text]
  return characters.length > most ? characters.slice(0, most).join('').trim() : text
}

/** The identifier that a link names: CASE has an object, and earlier files its address alone. */
export const linkedBy = (of: JsonObject, name: string): string | undefined => {
  const link = fieldOf(of, name)
  if (typeof link === 'string') return lastSegment(link)
  if (!isObject(link)) return undefined
  const uri = fieldOf(link, 'uri')
  return idOf(link) ?? (typeof uri === 'string' ? lastSegment(uri) : undefined)
}

const lastSegment = (uri: string): string | undefined =>
  uri.trim().slice(0, 2000).split('/').at(-1) || undefined

/** A finite number, also one that is written as a text. */
export const numberOf = (of: JsonObject, name: string): number | undefined => {
  const value = fieldOf(of, name)
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
