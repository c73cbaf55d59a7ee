import type { RuleSet } from './rules.ts'

/** Hours of training in JP (jam pelajaran). What they say warns, and refuses nothing. */
export type HourRules = {
  readonly minutesPerJp: number
  /** A floor, by calendar year. */
  readonly pnsMinJpPerYear: number
  /** A ceiling, by year of the contract, which does not begin in January. */
  readonly pppkMaxJpPerContractYear: number
}

export const hourRules: readonly RuleSet<HourRules>[] = [
  {
    id: 'jam-pelajaran-v1',
    validFrom: '2018-11-28',
    legalBasis: 'PP 11/2017 jo. PP 17/2020 (PNS); PP 49/2018 Pasal 40 dan PerLAN 15/2020 (PPPK)',
    certainty: 'second-hand',
    value: { minutesPerJp: 45, pnsMinJpPerYear: 20, pppkMaxJpPerContractYear: 24 },
  },
]
