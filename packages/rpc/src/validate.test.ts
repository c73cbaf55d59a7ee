import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  afterOf,
  codeProblem,
  dayProblem,
  type FieldProblem,
  lastingProblem,
  nipProblem,
  numberProblem,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  problemsOfEach,
  problemsWithin,
  textProblem,
  unlessEmpty,
  uuidProblem,
  validate,
  violationsOf,
} from './validate.ts'

/** The text of a problem, as a caller reads it. */
const textOf = (problem: FieldProblem) => violationsOf({ field: problem })[0]?.description

describe('a request', () => {
  test('that is wrong gets all of its faults, by the names of the API', () => {
    const evidence = [{ sha256: 'a' }, { sha256: '' }]
    const problems = {
      request_id: uuidProblem('1'),
      ...problemsWithin('assessment', {
        level: numberProblem(9, 1, 5),
        ...problemsOfEach('evidence', evidence, ({ sha256 }) => ({
          sha256: textProblem(sha256, 1, 64),
        })),
      }),
      note: unlessEmpty('', value => textProblem(value, 1, 10)),
    }
    expect(() => validate(problems)).toThrow(
      expect.objectContaining({
        reason: 'INVALID',
        details: [
          expect.anything(),
          expect.objectContaining({
            fieldViolations: [
              expect.objectContaining({ field: 'request_id' }),
              expect.objectContaining({ field: 'assessment.level' }),
              expect.objectContaining({ field: 'assessment.evidence[1].sha256' }),
            ],
          }),
        ],
      }),
    )
    expect(() => validate({ request_id: undefined })).not.toThrow()
  })
})

test('a field of which several things are wrong is answered for all of them at once', () => {
  expect(violationsOf({ nip: nipProblem('198613262015053000') })).toEqual([
    {
      field: 'nip',
      description:
        'was rounded by a spreadsheet: make the column text, and enter the number again; ' +
        'digits 1 to 8 must be a day of the calendar: year, month, day; ' +
        'digit 15 must be 1 (male) or 2 (female); ' +
        'digits 16 to 18 must be a number from 001',
    },
  ])
  expect(violationsOf({ nip: nipProblem('19860926 201505 1 001') })).toEqual([])
})

describe.each([
  [
    'a UUID',
    uuidProblem,
    '0190a6c0-9b1c-7cc5-8a3b-9d5f0c6b7a11',
    [
      '',
      'x',
      '0190A6C0-9B1C-7CC5-8A3B-9D5F0C6B7A11',
      '0190a6c0-9b1c-7cc5-8a3b-9d5f0c6b7a11\n',
      '00000000-0000-0000-0000-000000000000',
    ],
  ],
  [
    'a day',
    dayProblem,
    '2024-02-29',
    ['', '2023-02-29', '2024-2-29', '2024-13-01', '20240229', '0024-01-01', '2024-02-29T00:00:00Z'],
  ],
  [
    'a code',
    codeProblem,
    'perawat-ahli-pertama',
    ['', 'RSUD', '-a', 'a-', 'a--b', 'a b', 'a'.repeat(65), 'a\n', '198609262015051001'],
  ],
  [
    'a text of 1 to 3',
    (value: string) => textProblem(value, 1, 3),
    '🙂🙂🙂',
    ['', 'abcd', ' a', 'a\n', 'a\u0000b'],
  ],
  [
    'a text that stays for ever',
    (value: string) => lastingProblem(value, 1, 100),
    'SK 800/123/BKPSDMD/2026',
    [
      '',
      ' a',
      'a\u200bb',
      'salah orang: 198609262015051001',
      'NIK7371014101860001',
      '19860926 201505 1 001',
      '٧٣٧١٠١٤١٠١٨٦٠٠٠١',
    ],
  ],
] as const)('%s', (_, check, good, bad) => {
  test('is taken where it is one', () => {
    expect(check(good)).toBeUndefined()
    for (const value of bad) expect(textOf(check(value)), JSON.stringify(value)).toMatch(/^must /)
  })
})

describe('a page', () => {
  const filter = ['ListEmployees', 'rsud-daya']

  test('has 100 entries if no size is given, and never over 1000', () => {
    expect([0, 1, 1000, 5000].map(pageSizeOf)).toEqual([100, 1, 1000, 1000])
    expect(textOf(pageSizeProblem(-1))).toMatch('negative')
    expect([0, 1, 5000].map(pageSizeProblem)).toEqual([undefined, undefined, undefined])
  })

  test('goes on where the one before ended, whatever the key', () => {
    const property = fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), after => {
      const token = pageTokenOf(filter, after)
      expect(pageTokenProblem(token, filter)).toBeUndefined()
      expect(afterOf(token)).toBe(after)
    })
    fc.assert(property)
    expect(pageTokenProblem('', filter)).toBeUndefined()
    expect(afterOf('')).toBeUndefined()
  })

  test('is not that of another list, nor what somebody made up', () => {
    const token = pageTokenOf(filter, 'a-7')
    expect(textOf(pageTokenProblem(token, ['ListEmployees', 'dinkes']))).toMatch('not of this list')
    for (const other of ['x', `${token}=`, `${token}!`, token.slice(0, 10), 'b'.repeat(20)])
      expect(textOf(pageTokenProblem(other, filter)), other).toMatch('not of this list')
  })
})
