import { createHash } from 'node:crypto'
import { isDate } from '@jejak/competency/calendar'
import { type FieldViolation, invalid } from './error.ts'

/**
 * What is wrong with each field, undefined where nothing is. Fields go by their proto names, with
 * dots and indexes: `assessment.evidence[0].sha256`. A description says how to mend it, and never
 * repeats the value: it may be personal.
 */
export type Problems = Readonly<Record<string, string | undefined>>

/** Throws INVALID_ARGUMENT with every violation there is. */
export const validate = (problems: Problems): void => {
  const violations = violationsOf(problems)
  if (violations.length > 0) throw invalid(violations)
}

export const violationsOf = (problems: Problems): readonly FieldViolation[] =>
  Object.entries(problems).flatMap(([field, description]) =>
    description === undefined ? [] : [{ field, description }],
  )

/** The problems of a part, under the part's name. */
export const problemsWithin = (part: string, problems: Problems): Problems => {
  const found: Record<string, string> = {}
  for (const [field, description] of Object.entries(problems)) {
    if (description !== undefined) found[`${part}.${field}`] = description
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
export const unlessEmpty = (
  value: string,
  check: (value: string) => string | undefined,
): string | undefined => (value === '' ? undefined : check(value))

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

export const uuidProblem = (value: string): string | undefined =>
  uuidPattern.test(value) ? undefined : 'must be a UUID in lower case (RFC 9562)'

export const uuidBytes = (value: string): Uint8Array =>
  Buffer.from(value.replaceAll('-', ''), 'hex')

/** RFC 3339 full-date. */
export const dayProblem = (value: string): string | undefined =>
  isDate(value) && value >= '1900' ? undefined : 'must be a day of the calendar, as 2026-01-31'

const codeLengthMax = 64

/** A day on which something has happened; `today` is the caller's. */
export const pastDayProblem = (value: string, today: string): string | undefined =>
  dayProblem(value) ?? (value > today ? 'must not be in the future' : undefined)

/** Of agencies, positions, programs, competencies: as rsud-daya. */
export const codeProblem = (value: string): string | undefined =>
  value.length <= codeLengthMax && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(value)
    ? undefined
    : `must be 1 to ${codeLengthMax} of a-z, 0-9 and single hyphens between them`

/** Lengths are in characters (code points). */
export const textProblem = (
  value: string,
  lengthMin: number,
  lengthMax: number,
): string | undefined => {
  const { length } = [...value]
  if (length < lengthMin || length > lengthMax)
    return `must have ${lengthMin} to ${lengthMax} characters`
  if (value !== value.trim()) return 'must not begin or end with blanks'
  return /\p{Cc}/u.test(value) ? 'must not have control characters' : undefined
}

/**
 * A text that stays for ever, readable by all: the number of a person is the slip that can be seen.
 */
export const lastingProblem = (
  value: string,
  lengthMin: number,
  lengthMax: number,
): string | undefined =>
  /\d(?:\s?\d){15}/.test(value) // Blanks as on paper: 19860926 201505 1 001.
    ? 'must not have a NIP or NIK in it: it can never be erased'
    : textProblem(value, lengthMin, lengthMax)

export const numberProblem = (value: number, min: number, max: number): string | undefined =>
  Number.isInteger(value) && value >= min && value <= max
    ? undefined
    : `must be a whole number from ${min} to ${max}`

const pageSizeUsual = 100
const pageSizeMax = 1_000

export const pageSizeProblem = (value: number): string | undefined =>
  value < 0 ? 'must not be negative; 0 is the usual size' : undefined

/** How many to answer: the usual number where 0, never over the most (AIP-158). */
export const pageSizeOf = (value: number): number => Math.min(value || pageSizeUsual, pageSizeMax)

/**
 * Where the next page goes on: behind the key `after`, of the list that `filter` names. No secret:
 * rights are asked for each page as for the first.
 */
export const pageTokenOf = (filter: readonly string[], after: string): string =>
  Buffer.concat([filterHash(filter), Buffer.from(after)]).toString('base64url')

export const pageTokenProblem = (value: string, filter: readonly string[]): string | undefined => {
  if (value === '') return undefined
  const bytes = Buffer.from(value, 'base64url')
  const ours =
    bytes.length > filterBytes &&
    bytes.toString('base64url') === value &&
    bytes.subarray(0, filterBytes).equals(filterHash(filter))
  return ours ? undefined : 'is not of this list: take next_page_token, or start without it'
}

/** The key that a checked token goes on behind, undefined of the first page. */
export const afterOf = (token: string): string | undefined =>
  token === '' ? undefined : Buffer.from(token, 'base64url').toString('utf8', filterBytes)

const filterBytes = 8
const filterHash = (filter: readonly string[]) =>
  createHash('sha256').update(JSON.stringify(filter)).digest().subarray(0, filterBytes)
