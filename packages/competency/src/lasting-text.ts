import type { Violated } from '@jejak/texts/violations'
import { isDate } from './calendar.ts'
import { isPlausibleNip } from './nip.ts'

/**
 * What is wrong with a text that stays for ever, readable by all: undefined if nothing is. It has a
 * NIP or NIK in it, or a character that nobody sees. Positions are in characters (code points),
 * from 1; the text itself is never repeated. A name can't be recognised, nor can a birth date.
 */
export const lastingTextProblem = (text: string): Violated | undefined =>
  personalNumberProblem(text) ?? hiddenCharacterProblem(text)

/** Control and invisible characters: two texts that look the same would differ. */
export const hiddenCharacterProblem = (text: string): Violated | undefined => {
  const found = hidden.exec(text)
  if (!found) return undefined
  const point = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  const at = [...text.slice(0, found.index)].length + 1
  return { key: 'hidden-character', values: { at, character: `U+${point}` } }
}

// The blank of Braille and the fillers of Hangul count as signs and letters, and show nothing.
const hidden =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u3164\uffa0]/u

/**
 * Whether a text has something of the shape of a NIP or NIK, and where. Digits are those of any
 * script; whatever stands between them and is no letter is left out, as in 19860926-201505.1/001.
 * UUIDs and hexadecimal digests are no numbers of anybody, whatever digits they have, and neither
 * are several days in a row.
 */
export const personalNumberProblem = (text: string): Violated | undefined => {
  if (!mayHaveNumber(text)) return undefined
  const decoded = text.replaceAll(/(?:%[0-9a-f]{2})+/gi, urlDecoded)
  const at = numberIn(text) ?? (decoded === text ? undefined : numberIn(decoded))
  return at === undefined ? undefined : { key: 'personal-number', values: { at } }
}

const numberIn = (text: string): number | undefined => {
  const masked = text.replaceAll(machineMade, masking).replaceAll(writtenDays, maskingDays)
  if (!mayHaveNumber(masked)) return undefined
  const found = [
    ...windowsIn(masked, nipDigits).filter(isNip),
    ...windowsIn(masked.replaceAll(writtenDay, maskingDays), nikDigits).filter(isNik),
  ]
  return found.length === 0 ? undefined : Math.min(...found.map(({ at }) => at))
}

const urlDecoded = (encoded: string): string => {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return ' '
  }
}

const nipDigits = 18
const nikDigits = 16

/** Most texts have too few digits, and are done here. */
const mayHaveNumber = (text: string): boolean => {
  let most = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x30 && code <= 0x39) most++
    else if (code > 0x7f) most += 2 // One character may be two digits, as the 20 in a circle.
  }
  return most >= nikDigits
}

const hex = (digits: number) => `[0-9a-f]{${digits}}`
/**
 * A trace (W3C Trace Context), a UUID (RFC 9562), and digests of 128 to 32 digits. Of a digest
 * one in three million has no letter, and is looked at as digits that somebody wrote.
 */
const machineMade = new RegExp(
  `(?<![0-9a-f])(?:${[
    `${hex(2)}-(?=[0-9]*[a-f])${hex(32)}-${hex(16)}-${hex(2)}`,
    `${hex(8)}-${hex(4)}-[1-8]${hex(3)}-[89ab]${hex(3)}-${hex(12)}`,
    ...[128, 96, 64, 40, 32].map(digits => `(?=[0-9]*[a-f])${hex(digits)}`),
  ].join('|')})(?![0-9a-f])`,
  'gi',
)

/** A letter ends a run of digits; the length stays, so that positions hold. */
const masking = (made: string): string => 'x'.repeat(made.length)

const dayFirst = String.raw`\d{1,2}([-/.])\d{1,2}\1(?:19|20)\d{2}`
const yearFirst = String.raw`(?:19|20)\d{2}([-/.])\d{1,2}\2\d{1,2}`
const dayForm = `(?:${dayFirst}|${yearFirst})`
const dayForms = (groups: number) =>
  dayForm.replaceAll(/\\([12])/g, (_, group) => `\\${Number(group) + groups}`)

/** One day. With more digits behind the same sign it is a part of a longer number. */
const writtenDay = new RegExp(String.raw`(?<!\d[-/.]?)${dayForm}(?![-/.]?\d)`, 'g')

/**
 * Several days in a row, with a blank at least between them, as in 2005-03-01 - 2026-11-15, 21 JP:
 * they have the digits of a NIP, and nobody writes one so.
 */
const writtenDays = new RegExp(
  String.raw`(?<!\d[-/.]?)${dayForm}(?:(?= |[-–—,;/(]+ )[-–—,;/() ]+${dayForms(2)})+(?![-/.]?\d)`,
  'g',
)

/** The length stays, so that positions hold; what is no day of the calendar stays, too. */
const maskingDays = (written: string): string => {
  const days = written.match(/\d[\d/.-]*\d/g) ?? []
  return days.every(isWrittenDay) ? masking(written) : written
}

const isWrittenDay = (day: string): boolean => {
  const parts = day.split(/[-/.]/)
  const [year = '', month = '', date = ''] = parts[0]?.length === 4 ? parts : parts.toReversed()
  return isDate(`${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`)
}

/** A digit from 0 to 9; its character's place in the text; which group of digits it is in. */
type Digit = { readonly value: number; readonly at: number; readonly group: number }
/** The digits of a text without what separates them: a run ends at a letter. */
const runsOf = (text: string): readonly (readonly Digit[])[] => {
  const runs: Digit[][] = [[]]
  let [at, group] = [0, 0]
  for (const character of text) {
    at++
    // A full-width or a raised digit, one in a circle or in bold is the plain one in NFKC.
    for (const plain of character.normalize('NFKC')) {
      const value = digitOf(plain)
      if (value !== undefined) runs.at(-1)?.push({ value, at, group })
      else {
        group++
        if (/[\p{L}\p{N}]/u.test(plain) && runs.at(-1)?.length) runs.push([])
      }
    }
  }
  return runs
}

/** Digits in circles that are no plain ones in NFKC: from 1 to 9 each, and the zeros. */
const circled = [0x2776, 0x2780, 0x278a, 0x24f5]
const circledZeros = [0x24ff, 0x1f10b, 0x1f10c]

/** What a digit of any script is worth. Unicode has them in rows of ten, from 0 on. */
const digitOf = (character: string): number | undefined => {
  const point = character.codePointAt(0) ?? 0
  if (point < 0x80) return point >= 0x30 && point <= 0x39 ? point - 0x30 : undefined
  if (circledZeros.includes(point)) return 0
  const one = circled.find(first => point >= first && point < first + 9)
  if (one !== undefined) return point - one + 1
  if (!decimal.test(character)) return undefined
  let first = point
  while (decimal.test(String.fromCodePoint(first - 1))) first--
  return (point - first) % 10
}
const decimal = /^\p{Nd}$/u

/** So many digits that follow one another. */
type Window = {
  readonly digits: string
  readonly at: number
  /** It begins and ends where a group of digits does. */
  readonly aligned: boolean
}

const windowsIn = (text: string, size: number): readonly Window[] =>
  runsOf(text).flatMap(run =>
    Array.from({ length: Math.max(0, run.length - size + 1) }, (_, from) =>
      windowOf(run, from, size),
    ),
  )

const windowOf = (run: readonly Digit[], from: number, size: number): Window => {
  const digits = run.slice(from, from + size)
  const first = digits[0] as Digit
  return {
    digits: digits.map(({ value }) => value).join(''),
    at: first.at,
    aligned:
      run[from - 1]?.group !== first.group && run[from + size]?.group !== digits.at(-1)?.group,
  }
}

/** Birth date, year of appointment, its month or a code, sex, and a number (Perka BKN 22/2007). */
const isNip = ({ digits }: Window): boolean => {
  const [, year, month, day, sex = ''] = /^(\d{4})(\d\d)(\d\d)\d{6}(\d)/.exec(digits) ?? []
  return '12'.includes(sex) && isDate(`${year}-${month}-${day}`) && isPlausibleNip(digits)
}

/** Province, regency and district, birth date with 40 more for women, a number (UU 23/2006). */
const isNik = ({ digits, aligned }: Window): boolean => {
  if (!aligned || !provinces.has(digits.slice(0, 2))) return false
  const [, day = '', month, year] = /^\d{6}(\d\d)(\d\d)(\d\d)/.exec(digits) ?? []
  const born = String(Number(day) > 40 ? Number(day) - 40 : Number(day)).padStart(2, '0')
  return ['19', '20'].some(century => isDate(`${century}${year}-${month}-${born}`))
}

/** Codes of provinces (Kemendagri), with that of Timor Timur, whose numbers are still held. */
const provinces: ReadonlySet<string> = new Set(
  [
    '11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 54',
    '61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96 97',
  ].flatMap(codes => codes.split(' ')),
)
