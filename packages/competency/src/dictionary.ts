import type { Certainty } from './rules.ts'

/** A competency dictionary (kamus kompetensi), whole. */
export type CompetencyDictionary = {
  readonly frameworkId: string
  readonly title: string
  readonly description?: string
  readonly legalBasis: string
  readonly certainty?: Certainty
  readonly validFrom: string
  /** Made up, to show how a dictionary looks. */
  readonly sample: boolean
  /** What its versions have in common; its own id if it has no other version. */
  readonly series: string
  readonly version?: string
  /** The dictionary that it follows. */
  readonly replaces?: string
  /** The affair of government (rumpun urusan) that it is of, with BKN's short code. */
  readonly affair?: { readonly id: string; readonly title: string }
  /** The names of its levels, from the least. Without any, nobody is rated by it. */
  readonly scale: readonly ScaleLevel[]
  readonly competencies: readonly DictionaryCompetency[]
}

export type ScaleLevel = { readonly level: number; readonly title: string }

/** `perilaku` is conduct that is observed, and has no levels. */
export const competencyKinds = ['manajerial', 'sosial-kultural', 'teknis', 'perilaku'] as const
export type CompetencyKind = (typeof competencyKinds)[number]

export type DictionaryCompetency = {
  readonly code: string
  readonly title: string
  readonly kind: CompetencyKind
  readonly description?: string
  /** The title of what it is listed under. */
  readonly group?: string
  /** What is seen when somebody is at a level, from the least. */
  readonly levels?: readonly DescribedLevel[]
  /** What the dictionary that it was imported from calls it. */
  readonly identifier?: string
}

export type DescribedLevel = {
  readonly level: number
  readonly description?: string
  readonly indicators: readonly string[]
}

/** A competency by its dictionary and code. */
export type CompetencyName = { readonly framework: string; readonly competency: string }

/** A competency is one event of its dictionary, which must fit an entry of the log (60 KiB). */
export const competencyBytesMax = 48 * 1024

/** A dictionary is one request and one append. */
export const dictionaryBytesMax = 900 * 1024
export const competenciesMax = 900
export const indicatorsMax = 20
