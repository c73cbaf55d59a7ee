import { randomBytes } from 'node:crypto'
import { violationText } from '@jejak/texts/violations'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lastingTextProblem } from './lasting-text.ts'
import { isPlausibleNip, parseNip } from './nip.ts'

const two = (number: number) => String(number).padStart(2, '0')
const day = (min: string, max: string) =>
  fc.date({ min: new Date(min), max: new Date(max), noInvalidDate: true }).map(date => ({
    year: String(date.getUTCFullYear()),
    month: two(date.getUTCMonth() + 1),
    day: date.getUTCDate(),
  }))

const nips = fc
  .record({
    born: day('1940-01-01', '2010-12-31'),
    year: fc.integer({ min: 1960, max: 2040 }),
    code: fc.integer({ min: 0, max: 99 }),
    sex: fc.constantFrom(1, 2),
    sequence: fc.integer({ min: 1, max: 999 }),
  })
  .map(
    ({ born, year, code, sex, sequence }) =>
      `${born.year}${born.month}${two(born.day)}${year}${two(code)}${sex}` +
      String(sequence).padStart(3, '0'),
  )
  .filter(nip => isPlausibleNip(nip)) // No other can be registered.

const niks = fc
  .record({
    place: fc.constantFrom('737101', '110101', '327325', '540102', '960501'),
    born: day('1930-01-01', '2015-12-31'),
    woman: fc.boolean(),
    sequence: fc.integer({ min: 1, max: 9999 }),
  })
  .map(
    ({ place, born, woman, sequence }) =>
      `${place}${two(born.day + (woman ? 40 : 0))}${born.month}${born.year.slice(2)}` +
      String(sequence).padStart(4, '0'),
  )

/** Zeros of digits: ASCII, Arabic-Indic, Persian, Devanagari, Thai, full-width, bold, boxed. */
const zeros = [0x30, 0x660, 0x6f0, 0x966, 0xe50, 0xff10, 0x1d7ce, 0x1d7d8, 0x1fbf0]
const inScript = (digits: string, zero: number) =>
  [...digits].map(digit => String.fromCodePoint(zero + Number(digit))).join('')

const separators = fc.constantFrom(
  ...['', ' ', '-', '.', '/', '_', ',', ' - ', '\u00a0', '\u200b', '\u2060', '\ufeff', '—', '\n'],
)

/** Nobody's number: no letter stands beside it that would be a digit of a UUID. */
const around = fc.constantFrom('', 'NIP ', 'a.n. ', 'salah orang: ', '(no. 3) ', '5. ', 'Pak ')

const at = (text: string) => {
  const problem = lastingTextProblem(text)
  if (typeof problem !== 'object' || problem.key !== 'personal-number') return undefined
  return problem.values.at
}

/** Of somebody who is a child, or was when they were appointed; or of years that are to come. */
const notYet = [
  '20261130200338-1234',
  '20261130-204538.1234',
  'batch 202611302045381234',
  '200001012014121001',
  '199001012090121001',
]

describe('a text that stays for ever', () => {
  test('has no NIP in it, in whatever digits it is written', () => {
    const property = fc.property(
      nips,
      fc.constantFrom(...zeros),
      around,
      around,
      (nip, zero, before, behind) => {
        expect(parseNip(nip)).toHaveProperty('nip')
        const text = `${before}${inScript(nip, zero)}${behind ? ` ${behind}` : ''}`.trim()
        expect(at(text), text).toBeDefined()
      },
    )
    fc.assert(property, { numRuns: 1_000 })
  })

  test('has no NIP or NIK in it, whatever stands between its digits', () => {
    const property = fc.property(
      fc.oneof(nips, niks),
      fc.array(separators, { minLength: 18, maxLength: 18 }),
      fc.constantFrom(...zeros),
      around,
      (number, between, zero, before) => {
        const digits = [...number].map(digit => inScript(digit, zero))
        const text = `${before}${digits.map((digit, i) => digit + between[i]).join('')}`
        expect(lastingTextProblem(text), text).toBeDefined()
        const hidden = /[\u200b\u2060\ufeff\n]/.test(text)
        if (!hidden) expect(at(text), text).toBeGreaterThan(0)
      },
    )
    fc.assert(property, { numRuns: 2_000 })
  })

  test('has no NIK in it, of a man or a woman', () => {
    const property = fc.property(niks, around, (nik, before) => {
      expect(at(`${before}${nik}`)).toBe(before.length + 1)
    })
    fc.assert(property, { numRuns: 1_000 })
  })

  test.each([
    ['NIP 198609262015051001', 5],
    ['19860926 201505 1 001', 1],
    ['salah orang: 1986-0926-2015-0510-01', 14],
    ['1986-09-26-2015-05-1-001', 1],
    ['1986-09-26-2015-05-10-01', 1],
    ['a_199009132025242014.pdf', 3],
    ['no. 12198609262015051001', 7],
    ['２１９８６０９２６２０１５０５１００１', 2],
    ['¹⁹⁸⁶⁰⁹²⁶²⁰¹⁵⁰⁵¹⁰⁰¹', 1],
    ['①⑨⑧⑥⓪⑨②⑥②⓪①⑤⓪⑤①⓪⓪①', 1],
    ['NIP 1986-09-26/2015-05-10/01', 5],
    ['1986-09-26 2015-13-10 01', 1],
    ['19860926%20201505%201%20001', 1],
    ['%31%39860926201505%31001', 1],
    ['➀➈➇➅⓿➈➁➅➁⓿➀➄⓿➄➀⓿⓿➀', 1],
    ['❶❾❽❻⓿❾❷❻❷⓿❶❺⓿❺❶⓿⓿❶', 1],
    ['1971-01-05-0190-0001', 1],
    ['7371114509900001', 1],
    ['7371.1145.0990.0001, 2026', 1],
    ['737111 450990 0001', 1],
    ['73711145099000002026 dan 7371114509900001', 26],
    ['198609262015051000', 1],
  ])('names the character at which %s begins', (text, place) => expect(at(text)).toBe(place))

  test('may have other numbers', () => {
    for (const text of [
      'SK 800/123/BKPSDMD/2026',
      'Perwali 12/2026, tanggal 2026-01-05, 2026-02-15, 2026-03-01',
      'dari 2026-01-05, 2026-02-15 10:30 WITA',
      '12-08-2026 - 12-09-2026',
      '(2) 1-08-2026 - 12-09-2026',
      '2026-01-05/2026-02-15',
      '2005-03-01 - 2026-11-15, 21',
      'hadir 2005-03-01, 2020-01-15, 16 jam',
      'periode 1994/06/15 - 2021/07/24 (24 JP)',
      '08/12/1981, 02/06/2026, 28/12/2021',
      '12-08-2026 – 2026-09-12, 21.000',
      '0411-123456, 0812-3456-7890',
      '+62 812-3456-7890',
      '1234567890123456',
      '199502302020122001', // 30 February.
      '7371113209900001', // The 32nd, of nobody.
      '2001017109900001', // No province has 20.
      ...notYet,
      'UU 43/2009, UU 27/2022 Pasal 43, UU 23/2006',
    ]) {
      expect(lastingTextProblem(text), text).toBeUndefined()
    }
  })

  test('has no character that nobody sees, and says which', () => {
    const problems = [
      ['salah\u200bketik', 'character 6 is U+200B'],
      ['🙂\u202egnal', 'character 2 is U+202E'],
      ['a\nb', 'character 2 is U+000A'],
      ['a\u00adb', 'U+00AD'],
      ['a\u3164', 'U+3164'],
      ['a\u{e0041}', 'U+E0041'],
      ['\ud800', 'U+D800'],
    ] as const
    for (const [text, says] of problems) {
      expect(violationText(lastingTextProblem(text) ?? 'missing')).toContain(says)
    }
    expect(lastingTextProblem('Ny. Hj. Sitti — “ralat”, 50 % ✓ 🙂')).toBeUndefined()
  })
})

/** Ids with digits alone, which look most like a NIP; and such as are made. */
const madeIds = function* (count: number) {
  const bytes = randomBytes(16 * count)
  for (let i = 0; i < count; i++) {
    const random = bytes.toString('hex', 16 * i, 16 * (i + 1))
    const decimal = random.replaceAll(/[a-f]/g, letter => `${letter.charCodeAt(0) % 10}`)
    const hex = i % 2 ? random : decimal
    const digest = `${hex.slice(0, 31)}a`
    const variant = '89ab'.charAt(i % 4)
    const parts = [hex.slice(0, 8), hex.slice(8, 12), `${(i % 8) + 1}${hex.slice(13, 16)}`]
    const uuid = [...parts, variant + hex.slice(17, 20), hex.slice(20)].join('-')
    const trace = `00-${digest}-${hex.slice(8, 24)}-01`
    yield [uuid, digest, trace, `berkas-17_${uuid}.${i % 1000}`, uuid.toUpperCase()][
      i % 5
    ] as string
  }
}

test('a million ids that machines make have no NIP or NIK in them', () => {
  let ids = 0
  const refused: string[] = []
  for (const id of madeIds(1_000_000)) {
    ids++
    if (lastingTextProblem(id) !== undefined) refused.push(id)
  }
  expect(refused).toEqual([])
  expect(ids).toBe(1_000_000)
}, 120_000)

test('a digest may have the digits of a NIK, and an id those of a NIP', () => {
  const nip = '198609262015051001'
  const nik = '7371114509900001'
  for (const id of [
    `19860926-2015-4051-8001-${'0'.repeat(12)}`,
    `${nik}a${nik.slice(1)}`,
    `${nip}${'0'.repeat(21)}f`,
    `${nik.repeat(3)}c${nik.slice(1)}`,
    `sha256:${nik.repeat(3)}c${nik.slice(1)}`,
    `00-${nik}a${nik.slice(1)}-${nik}-01`,
  ]) {
    expect(lastingTextProblem(id), id).toBeUndefined()
  }
  // With one digit more or less it is no digest; without a letter nearly none is one.
  for (const text of [
    `${nip}${'0'.repeat(20)}a`,
    `${nip}${'0'.repeat(22)}a`,
    `x${nik}`,
    `${nip}${'0'.repeat(14)}`,
  ]) {
    expect(lastingTextProblem(text), text).toBeDefined()
  }
})
