import { expect, test } from 'vitest'
import { delays } from './delays.ts'
import { helpOf } from './help.ts'
import { fixOf, isReason, messageFor, reasonIn, reasons } from './reasons.ts'
import { localise, wording } from './text.ts'
import { violations, violationText } from './violations.ts'

const catalogue = {
  plain: { en: 'is missing', id: 'belum diisi' },
  filled: ({ most }: { readonly most: number }) => ({
    en: `at most ${most}`,
    id: `paling banyak ${most}`,
  }),
}

test('a text is in English until another language is asked for', () => {
  expect(localise(catalogue.plain)).toBe('is missing')
  expect(localise(catalogue.plain, 'id')).toBe('belum diisi')
  expect(wording(catalogue, 'plain', 'id')).toBe('belum diisi')
})

test('a text takes its values by name, and does not compile without them', () => {
  expect(wording(catalogue, { key: 'filled', values: { most: 3 } })).toBe('at most 3')
  expect(wording(catalogue, { key: 'filled', values: { most: 3 } }, 'id')).toBe('paling banyak 3')
  // @ts-expect-error It takes values.
  expect(() => wording(catalogue, 'filled')).toThrow()
  // @ts-expect-error It takes others.
  wording(catalogue, { key: 'filled', values: { least: 3 } })
  // @ts-expect-error There is no such text.
  expect(() => wording(catalogue, 'lost')).toThrow()
})

test('a reason has one message, and may have a fix', () => {
  expect(messageFor('NIP_UNKNOWN')).toBe('nobody has or had this NIP')
  expect(messageFor({ key: 'EMPLOYEE_UNKNOWN', values: 'nip' })).toBe(messageFor('NIP_UNKNOWN'))
  expect(messageFor({ key: 'TRY_LATER', values: delays.stopping })).toBe('the server is stopping')
  expect(reasonIn({ key: 'BEYOND_LOG', values: { size: 1 } })).toBe('BEYOND_LOG')
  expect(fixOf('EMPLOYEE_UNKNOWN')).toBe('register the person first: jejak import employees')
  expect(fixOf('COHORT_FULL')).toBeUndefined()
  expect(isReason('COHORT_FULL')).toBe(true)
  expect(isReason('toString')).toBe(false)
})

test('a reason is a stable name', () => {
  for (const reason of Object.keys(reasons)) expect(reason).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/)
})

test('a violation says how to mend the field, in both languages', () => {
  expect(violationText('missing')).toBe('is missing')
  const values = { framework: 'manajerial', meant: ['integritas', 'kerja-sama'] }
  expect(violationText({ key: 'competency-unlisted', values })).toBe(
    'is not in manajerial: did you mean integritas or kerja-sama?',
  )
  expect(violationText({ key: 'competency-unlisted', values }, 'id')).toBe(
    'tidak ada dalam manajerial: apakah maksudnya integritas atau kerja-sama?',
  )
  expect(violationText({ key: 'framework-unpublished', values: { meant: [] } })).toBe(
    'is no dictionary that was published',
  )
})

test('a violation is a stable name', () => {
  for (const code of Object.keys(violations)) expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/)
})

test('the help of a command does not compile for a command that has none', () => {
  expect(helpOf('log verify').inputs.dir).toBe('an exported log')
  expect(helpOf('log verify', 'id').inputs.dir).toBe('log yang diekspor')
  expect(helpOf('token list', 'id').after).toBe('\n  $ npm run -s jejak -- token list')
  // @ts-expect-error There is no such argument or option.
  expect(helpOf('log verify').inputs.lost).toBeUndefined()
  // @ts-expect-error There is no such command.
  expect(() => helpOf('log lost')).toThrow()
})
