import { createHash } from 'node:crypto'
import { isDate } from '@jejak/competency/calendar'
import { comingDayFault, type LifeDays, lifeDayOddity, pastDayFault } from '@jejak/competency/days'
import { hiddenCharacterProblem, lastingTextProblem } from '@jejak/competency/lasting-text'
import { isPlausibleNip, parseNip } from '@jejak/competency/nip'
import { codeLengthMax, codePattern, sha256Pattern, uuidPattern } from '@jejak/events/patterns'
import { type Violated, violationText } from '@jejak/texts/violations'
import { type FieldViolation, invalid } from './error.ts'

/** The violation of a field, or all of them; undefined if there is none. */
export type FieldProblem = Violated | readonly Violated[] | undefined

/**
 * Fields go by their proto names, with dots and indexes: `assessment.evidence[0].sha256`. The text
 * of a problem says how to mend the field, and never repeats the value: it may be personal.
 */
export type Problems = Readonly<Record<string, FieldProblem>>

/** Throws INVALID_ARGUMENT with every violation there is. */
export const validate = (problems: Problems): void => {
  const violations = violationsOf(problems)
  if (violations.length > 0) throw invalid(violations)
}

export const violationsOf = (problems: Problems): readonly FieldViolation[] =>
  Object.entries(problems).flatMap(([field, problem]) =>
    problem === undefined ? [] : [{ field, description: descriptionOf(problem) }],
  )

const descriptionOf = (problem: Violated | readonly Violated[]): string =>
  [problem]
    .flat()
    .map(violated => violationText(violated))
    .join('; ')

/** The problems of a part, under the part's name. */
export const problemsWithin = (part: string, problems: Problems): Problems => {
  const found: Record<string, FieldProblem> = {}
  for (const [field, problem] of Object.entries(problems)) {
    if (problem !== undefined) found[`${part}.${field}`] = problem
  }
  return found
}

/** Those of each item of a list: `evidence[0].sha256`. */
export const problemsOfEach = <T>(
  list: string,
  items: readonly T[],
  problemsOf: (item: T, index: number) => Problems,
): Problems =>
  Object.assign(
    {},
    ...items.map((item, index) => problemsWithin(`${list}[${index}]`, problemsOf(item, index))),
  )

/** A field that may be left empty. */
export const unlessEmpty = (value: string, check: (value: string) => FieldProblem): FieldProblem =>
  value === '' ? undefined : check(value)

/** One of a list of codes. */
export const oneOfProblem =
  (known: readonly string[]) =>
  (value: string): FieldProblem =>
    known.includes(value) ? undefined : { key: 'one-of', values: { known } }

const uuidForm = new RegExp(uuidPattern)

export const uuidProblem = (value: string): FieldProblem =>
  uuidForm.test(value) ? undefined : 'uuid'

export const uuidBytes = (value: string): Uint8Array =>
  Buffer.from(value.replaceAll('-', ''), 'hex')

/** RFC 3339 full-date. */
export const dayProblem = (value: string): FieldProblem =>
  isDate(value) && value >= '1900' ? undefined : 'day'

const momentForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/

/** RFC 3339 date-time. */
export const momentProblem = (value: string): FieldProblem =>
  momentForm.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : 'moment'

/** A moment as entries have it, so that they compare as texts; undefined if it is empty. */
export const momentOf = (value: string): string | undefined =>
  value === '' ? undefined : new Date(value).toISOString()

/** A day on which something has happened; `today` is the caller's. */
export const pastDayProblem = (value: string, today: string): FieldProblem =>
  dayProblem(value) ?? pastDayFault(value, today)

/** A day until which something can be done. */
export const comingDayProblem = (value: string, today: string): FieldProblem =>
  dayProblem(value) ?? comingDayFault(value, today)

/** What is odd about a field and yet taken: in the form of violations, for a caller's eyes. */
export const lifeDayWarnings = (field: string, day: string, life: LifeDays): string[] => {
  const odd = lifeDayOddity(day, life)
  return odd ? [warningOf(field, odd)] : []
}

/** What is recorded of a person and stands in their NIP, too. */
export type ShownByNip = { readonly birthDate?: string; readonly sex?: string }

/** If a birth date or a sex is given that the NIP does not have. */
export const nipDiffers = (nip: string, { birthDate = '', sex = '' }: ShownByNip): string[] => {
  const read = parseNip(nip)
  if (!('nip' in read)) return []
  return [
    ...(birthDate === '' || read.birthDate === birthDate
      ? []
      : [warningOf('person.birth_date', 'birth-date-differs')]),
    ...(sex === '' || read.sex === sex ? [] : [warningOf('person.sex', 'sex-differs')]),
  ]
}

export const warningOf = (field: string, odd: Violated): string => `${field}: ${violationText(odd)}`

const codeForm = new RegExp(codePattern)

/** The code of an agency, position, programme or competency, as rsud-daya. It stays for ever. */
export const codeProblem = (value: string): FieldProblem => {
  if (value.length > codeLengthMax || !codeForm.test(value)) {
    return { key: 'code', values: { most: codeLengthMax } }
  }
  return lastingTextProblem(value)
}

/** Lengths are in characters (code points). */
export const textProblem = (value: string, least: number, most: number): FieldProblem => {
  const { length } = [...value]
  if (length < least || length > most) return { key: 'characters', values: { least, most } }
  if (value !== value.trim()) return 'blanks-around'
  return hiddenCharacterProblem(value)
}

/** A text that stays for ever, readable by all: what can be recognised as personal is refused. */
export const lastingProblem = (value: string, least: number, most: number): FieldProblem =>
  textProblem(value, least, most) ?? lastingTextProblem(value)

/** A title for people, which stays for ever. */
export const titleProblem = (value: string): FieldProblem => lastingProblem(value, 1, 200)

/** Why something is done, as its event has it for ever. */
export const reasonProblem = (value: string): FieldProblem => lastingProblem(value, 1, 500)

const sha256Form = new RegExp(sha256Pattern)

/** The SHA-256 of a document, as an event has it. */
export const digestProblem = (value: string): FieldProblem =>
  sha256Form.test(value) ? undefined : 'document-digest'

/** What an archive calls a document. */
export const identifierProblem = (value: string): FieldProblem =>
  lastingProblem(value, 1, 200) ?? (/:\/\/|@/.test(value) ? 'identifier-address' : undefined)

/** Everything that is wrong with a NIP, with or without blanks. */
export const nipProblem = (value: string): FieldProblem => {
  const parsed = parseNip(value)
  return 'violations' in parsed
    ? parsed.violations.map(({ rule }) => `nip-${rule}` as const)
    : undefined
}

/** Of a NIP that somebody is to get: it is then one that a text which stays must not have. */
export const newNipProblem = (value: string): FieldProblem =>
  nipProblem(value) ?? (isPlausibleNip(value.replaceAll(/\s/g, '')) ? undefined : 'nip-implausible')

export const numberProblem = (value: number, least: number, most: number): FieldProblem =>
  Number.isInteger(value) && value >= least && value <= most
    ? undefined
    : { key: 'number', values: { least, most } }

/** How many items a list may have. */
export const itemsProblem = (items: readonly unknown[], most: number): FieldProblem =>
  items.length >= 1 && items.length <= most ? undefined : { key: 'items', values: { most } }

const pageSizeUsual = 100
const pageSizeMax = 1_000

export const pageSizeProblem = (value: number): FieldProblem =>
  value < 0 ? 'page-size' : undefined

/** How many to answer: the usual number where 0, never over the most (AIP-158). */
export const pageSizeOf = (value: number): number => Math.min(value || pageSizeUsual, pageSizeMax)

/**
 * The token of the next page: it goes on behind the key `after`, in the list that `filter` names.
 * It is no secret: rights are checked for each page as for the first.
 */
export const pageTokenOf = (filter: readonly string[], after: string): string =>
  Buffer.concat([filterHash(filter), Buffer.from(after)]).toString('base64url')

export const pageTokenProblem = (value: string, filter: readonly string[]): FieldProblem => {
  if (value === '') return undefined
  const bytes = Buffer.from(value, 'base64url')
  const ours =
    bytes.length > filterBytes &&
    bytes.toString('base64url') === value &&
    bytes.subarray(0, filterBytes).equals(filterHash(filter))
  return ours ? undefined : 'page-token'
}

/** The key that a checked token goes on behind, undefined of the first page. */
export const afterOf = (token: string): string | undefined =>
  token === '' ? undefined : Buffer.from(token, 'base64url').toString('utf8', filterBytes)

const filterBytes = 8
const filterHash = (filter: readonly string[]) =>
  createHash('sha256').update(JSON.stringify(filter)).digest().subarray(0, filterBytes)
