import type { RuleRow } from './rules.ts'

/** The reference tables of offices (jabatan) and ranks, as SIASN has them. */
export type OfficeRules = {
  /** The groups of offices of the law of the day. */
  readonly groups: readonly OfficeGroup[]
  readonly levels: readonly OfficeLevel[]
  readonly echelons: readonly Echelon[]
  /** `jenisJabatan` of SIASN. */
  readonly types: readonly CodedName[]
  readonly ranksOfPns: readonly RankOfPns[]
  readonly ranksOfPppk: readonly RankOfPppk[]
  readonly assignments: readonly OfficeAssignment[]
  /** `kedudukanHukum` of SIASN. */
  readonly legalStatuses: readonly CodedName[]
  /** Functional positions by their names and codes at BKN; as many as are needed. */
  readonly positions: readonly NamedPosition[]
}

export type CodedName = RuleRow & { readonly code: string; readonly name: string }

export type OfficeGroup = CodedName

/** A level of office, as `pengawas` or `ahli-muda`: what standards and categories go by. */
export type OfficeLevel = CodedName & {
  /** Code of one of the groups. */
  readonly group: string
  /** Of functional levels: the code at BKN, the credit of a year and the age of retirement. */
  readonly bknCode?: string
  readonly creditPerYear?: number
  readonly retirementAgeYears?: number
}

export type Echelon = CodedName & {
  /** Code of a level; null for those that are of none any more. */
  readonly level: string | null
}

/** `code` is the id of the golongan ruang at BKN. */
export type RankOfPns = RuleRow & {
  readonly code: string
  readonly golongan: string
  readonly pangkat: string
}

/** A PPPK has no pangkat. */
export type RankOfPppk = RuleRow & { readonly code: string; readonly golongan: string }

/** `penugasan` of SIASN. */
export type OfficeAssignment = CodedName & {
  /** Whether somebody with it counts as the holder of the office. */
  readonly holdsOffice: boolean
}

export type NamedPosition = CodedName & {
  /** Code of a level. */
  readonly level: string
}

/** The level of competency that a level of office requires, unless a position has its own. */
export type PositionLevels = { readonly levels: readonly RequiredLevel[] }

export type RequiredLevel = RuleRow & {
  /** 1 to 5. */
  readonly level: number
  readonly name: string
  /** Levels of office of which it is required. */
  readonly offices: readonly string[]
}

/** The level that a level of office requires; undefined if none is required of it. */
export const requiredLevelOf = ({ levels }: PositionLevels, office: string): number | undefined =>
  levels.find(({ offices }) => offices.includes(office))?.level
