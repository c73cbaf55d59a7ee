import { type ViolationCode, violationText } from '@jejak/texts/violations'
import { addMonths, dayOf, isDate } from './calendar.ts'
import type { RuleSet } from './rules.ts'

/** Rules that nobody published as a whole: what digits 13 and 14 mean, and the least ages. */
export type NipRules = {
  /** Contract codes of a PPPK begin here; 01 to 12 are months; codes in between are neither. */
  readonly pppkCodeMin: number
  readonly pnsAgeMinYears: number
  readonly pppkAgeMinYears: number
}

const current = {
  id: 'nip-v1',
  validFrom: '2007-01-01',
  legalBasis: 'Perka BKN 22/2007 dan 43/2007; PP 49/2018; kode perjanjian PPPK menurut kebiasaan',
  certainty: 'second-hand',
  value: { pppkCodeMin: 21, pnsAgeMinYears: 18, pppkAgeMinYears: 20 },
} as const satisfies RuleSet<NipRules>

export const nipRules: readonly RuleSet<NipRules>[] = [current]

/** A fault or oddity, and how to mend it. It never has the number: that is personal data. */
export type NipFinding = { readonly rule: NipRule; readonly description: string }
export type NipRule = RuleOf<ViolationCode>

type RuleOf<Code> = Code extends `nip-${infer Rule}` ? Rule : never

const finding = (rule: NipRule): NipFinding => ({
  rule,
  description: violationText(`nip-${rule}`),
})

export const sexes = ['male', 'female'] as const

/** The NIP of a PNS (Perka BKN 22/2007) or the NI of a PPPK, and what its digits say. */
export type Nip = {
  /** 18 digits. */
  readonly nip: string
  /** `unknown` if digits 13 and 14 fit neither: take it, and have somebody look at it. */
  readonly kind: 'pns' | 'pppk' | 'unknown'
  /** RFC 3339 full-date. */
  readonly birthDate: string
  readonly sex: (typeof sexes)[number]
  /** The year of the appointment as CPNS, or of the first contract. */
  readonly appointmentYear: number
  /** The month of the appointment of a PNS; the code of the contract of a PPPK. */
  readonly appointmentCode: number
  /** Tells people with the same first 15 digits apart, from 1. */
  readonly sequence: number
  readonly warnings: readonly NipFinding[]
}

export type NipParsed = Nip | { readonly violations: readonly NipFinding[] }

/** Reads a NIP, with or without blanks. All that is wrong is reported at once. */
export const parseNip = (text: string, rules: NipRules = current.value): NipParsed => {
  const nip = text.replaceAll(/\s/g, '')
  const broken = violationsOf(nip)
  if (broken.length > 0) {
    return {
      violations: [...(looksRounded(nip) ? ['rounded' as const] : []), ...broken].map(finding),
    }
  }
  const read = {
    nip,
    kind: kindOf(Number(nip.slice(12, 14)), rules),
    birthDate: birthDateOf(nip),
    sex: nip[14] === '1' ? 'male' : 'female',
    appointmentYear: Number(nip.slice(8, 12)),
    appointmentCode: Number(nip.slice(12, 14)),
    sequence: Number(nip.slice(15)),
  } as const
  return { ...read, warnings: oddities(read, rules).map(finding) }
}

/** The first day on which the appointment in the number can have been, RFC 3339 full-date. */
export const appointedFrom = ({
  nip,
  kind,
  appointmentYear,
}: Pick<Nip, 'nip' | 'kind' | 'appointmentYear'>): string =>
  `${appointmentYear}-${kind === 'pns' ? nip.slice(12, 14) : '01'}-01`

/** Nobody is appointed younger: older records break the ages of the law, and none breaks this. */
const appointedAgeMinYears = 15

/**
 * Whether somebody can have this NIP, by its years: they are 15 or older on the day, they were so
 * in the year of their appointment, and that is next year at the latest: decrees come before it.
 * `nip` has 18 digits and a day of birth. What can be registered goes by this, and so does what is
 * taken for a NIP in a text: by one clock, so that no NIP is in one and not in the other.
 */
export const isPlausibleNip = (nip: string, today = dayOf(Date.now())): boolean => {
  const born = birthDateOf(nip)
  const [bornYear, appointedYear] = [Number(nip.slice(0, 4)), Number(nip.slice(8, 12))]
  return (
    bornYear >= 1900 &&
    addMonths(born, appointedAgeMinYears * 12) <= today &&
    appointedYear >= bornYear + appointedAgeMinYears &&
    appointedYear <= Number(today.slice(0, 4)) + 1
  )
}

/** Whether a spreadsheet has made a number of a NIP: it keeps 15 digits of the 18. */
export const looksRounded = (text: string): boolean => {
  const number = text.replaceAll(/\s/g, '')
  return /^(\d([.,]\d+)?e\+?17|\d{15}000|\d{18}[.,]0+)$/i.test(number)
}

const birthDateOf = (nip: string): string =>
  `${nip.slice(0, 4)}-${nip.slice(4, 6)}-${nip.slice(6, 8)}`

const violationsOf = (nip: string): readonly NipRule[] => {
  if (!/^[0-9]{18}$/.test(nip)) return ['digits']
  return [
    ...(isDate(birthDateOf(nip)) ? [] : ['birth-date' as const]),
    ...('12'.includes(nip.charAt(14)) ? [] : ['sex' as const]),
    ...(nip.endsWith('000') ? ['sequence' as const] : []),
  ]
}

const kindOf = (code: number, { pppkCodeMin }: NipRules): Nip['kind'] => {
  if (code >= 1 && code <= 12) return 'pns'
  return code >= pppkCodeMin ? 'pppk' : 'unknown'
}

// Older records break the rule of age, so that it only warns.
const oddities = (
  { kind, birthDate, appointmentYear, nip }: Omit<Nip, 'warnings'>,
  { pnsAgeMinYears, pppkAgeMinYears }: NipRules,
): readonly NipRule[] => {
  if (kind === 'unknown') return ['appointment-code']
  const tooYoung =
    kind === 'pns'
      ? appointedFrom({ nip, kind, appointmentYear }) < addMonths(birthDate, pnsAgeMinYears * 12)
      : appointmentYear < Number(birthDate.slice(0, 4)) + pppkAgeMinYears
  return tooYoung ? ['appointment-age'] : []
}
