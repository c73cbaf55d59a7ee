import type { RuleRow } from './rules.ts'

/** Rules of hours of training, which are counted in JP (jam pelajaran). */
export type HourRules = {
  readonly minutesPerJp: number
  /** How minutes become JP: whole ones, one decimal (half up), or as they are. */
  readonly rounding: 'down' | 'one-decimal' | 'exact'
  /** Which of its days says in which year the JP of a training count. */
  readonly yearOf: 'end-date' | 'start-date'
  /** Every `jenisDiklat` of SIASN, 1 to 25. */
  readonly forms: readonly LearningForm[]
  readonly employments: readonly EmploymentHours[]
}

/** A form of learning (PerLAN 10/2018), and how many JP it gives. */
export type LearningForm = RuleRow & {
  /** `jenisDiklat` of SIASN, 1 to 25. */
  readonly id: number
  readonly name: string
  /** `jenisKursusSetifikat` of SIASN: T (teknis), F (fungsional) or P. */
  readonly certificate: 'T' | 'F' | 'P'
  readonly setting: 'classical' | 'nonclassical'
  /** Its part in a plan of 10-20-70, if it has one. */
  readonly blend?: 10 | 20 | 70
  readonly credit: 'as-programme' | 'as-logged' | 'per-session' | 'per-activity'
  /** JP of a session or of an activity, if it is credited by these. */
  readonly jp?: number
  /** JP of one whose certificate states none. */
  readonly jpIfNotStated?: number
  readonly maxJpPerSession?: number
  readonly maxJpPerDay?: number
  /** By calendar month. */
  readonly maxSessionsPerMonth?: number
  /** If it was abroad: so many JP in place of the others, or so many percent more; or the same. */
  readonly abroad?: { readonly jp?: number; readonly morePercent?: number }
}

/** How an ASN is employed; a PNS on probation is a CPNS. */
export type Employment = 'pns' | 'cpns' | 'pppk' | 'pppk-paruh-waktu'

/** The JP of a year that somebody should have at least, and may have at most. */
export type EmploymentHours = RuleRow & {
  readonly employment: Employment
  /** A year of a contract begins with the contract, not in January. */
  readonly year: 'calendar' | 'contract'
  /** Null if there is none. */
  readonly floorJp: number | null
  readonly ceilingJp: number | null
  /** Levels of office for which the ceiling does not hold. */
  readonly ceilingExceptOffices?: readonly string[]
}
