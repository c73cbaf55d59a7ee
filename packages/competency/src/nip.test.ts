import { describe, expect, test } from 'vitest'
import { type Nip, parseNip } from './nip.ts'

const parsed = (text: string): Nip => {
  const result = parseNip(text)
  if ('violations' in result) throw new Error(JSON.stringify(result.violations))
  return result
}

const violated = (text: string) => {
  const result = parseNip(text)
  return 'violations' in result ? result.violations.map(({ rule }) => rule) : []
}

const warned = (text: string) => parsed(text).warnings.map(({ rule }) => rule)

describe('a NIP', () => {
  test('of a PNS says birth, month of appointment, sex and sequence', () => {
    expect(parseNip('198609262015051001')).toEqual({
      nip: '198609262015051001',
      kind: 'pns',
      birthDate: '1986-09-26',
      sex: 'male',
      appointmentYear: 2015,
      appointmentCode: 5,
      sequence: 1,
      warnings: [],
    })
    const older = {
      birthDate: '1968-04-11',
      appointmentYear: 1993,
      appointmentCode: 3,
      sequence: 9,
    }
    expect(parsed('196804111993031009')).toMatchObject({ kind: 'pns', sex: 'male', ...older })
  })

  test('of a PPPK says birth, year and code of the contract, sex and sequence', () => {
    expect(parseNip('199009132025242014')).toEqual({
      nip: '199009132025242014',
      kind: 'pppk',
      birthDate: '1990-09-13',
      sex: 'female',
      appointmentYear: 2025,
      appointmentCode: 24,
      sequence: 14,
      warnings: [],
    })
  })

  test('may have blanks, of any kind', () => {
    expect(parsed(' 19860926 201505\u00a01\t001\n').nip).toBe('198609262015051001')
  })

  test('may be of 29 February, and of sequence 001 and 999', () => {
    expect(parsed('199602292020122001').birthDate).toBe('1996-02-29')
    expect(parsed('199602292020122999').sequence).toBe(999)
  })
})

describe('a NIP that is refused', () => {
  test.each([
    ['30 February', '199502302020122001', ['birth-date']],
    ['29 February of no leap year', '199502292020122001', ['birth-date']],
    ['birth in month 00', '199500282020122001', ['birth-date']],
    ['birth on day 00', '199502002020122001', ['birth-date']],
    ['sex 3', '199502282020123001', ['sex']],
    ['sex 0', '199502282020120001', ['sex']],
    ['sequence 000', '199502282020122000', ['rounded', 'sequence']],
    ['all of these', '199502302020120000', ['rounded', 'birth-date', 'sex', 'sequence']],
    ['17 digits', '19860926201505100', ['digits']],
    ['19 digits', '1986092620150510010', ['digits']],
    ['a letter', '19860926201505100I', ['digits']],
    ['digits of another script', '١٩٨٦٠٩٢٦٢٠١٥٠٥١٠٠١', ['digits']],
    ['the 16 digits of a NIK', '7371114509900001', ['digits']],
    ['nothing', '', ['digits']],
    ['a rounded number', '1.98609262015051E+17', ['rounded', 'digits']],
  ])('has %s', (_, nip, rules) => {
    expect(violated(nip)).toEqual(rules)
  })
})

describe('digits 13 and 14 of a NIP', () => {
  test.each([
    ['00', 'unknown'],
    ['01', 'pns'],
    ['12', 'pns'],
    ['13', 'unknown'],
    ['20', 'unknown'],
    ['21', 'pppk'],
    ['24', 'pppk'],
    ['99', 'pppk'],
  ])('that are %s make it %s', (code, kind) => {
    const nip = `199502282020${code}2001`
    expect(parsed(nip).kind).toBe(kind)
    expect(warned(nip)).toEqual(kind === 'unknown' ? ['appointment-code'] : [])
  })

  test('are read by the rules that are given', () => {
    const rules = { pppkCodeMin: 13, pnsAgeMinYears: 18, pppkAgeMinYears: 20 }
    expect(parseNip('199502282020132001', rules)).toMatchObject({ kind: 'pppk', warnings: [] })
  })

  test.each([
    ['PNS, 18 on the day', '199505012013051001', []],
    ['PNS, 18 the day after', '199505022013051001', ['appointment-age']],
    ['PNS, born on 29 February, in February', '199602292014021001', ['appointment-age']],
    ['PNS, born on 29 February, in March', '199602292014031001', []],
    ['PPPK, in the year of 20', '199512312015211001', []],
    ['PPPK, in the year of 19', '199501012014211001', ['appointment-age']],
  ])('tell who was appointed too young: %s', (_, nip, rules) => {
    expect(warned(nip)).toEqual(rules)
  })
})

describe('a finding about a NIP', () => {
  test('does not have its digits: they are personal data', () => {
    const findings = ['199502302020120000', '199502282020132001', '199501012014211001'].map(nip => {
      const result = parseNip(nip)
      return 'violations' in result ? result.violations : result.warnings
    })
    expect(JSON.stringify(findings)).not.toMatch(/\d{4}/)
  })
})
