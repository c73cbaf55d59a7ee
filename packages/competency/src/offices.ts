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

/** How a posting has the office, and the code of that at SIASN. */
const assignmentCodes = {
  definitif: 'D',
  plt: 'PLT',
  plh: 'PLH',
  'tugas-tambahan': 'TT',
} as const

export type Assignment = keyof typeof assignmentCodes

/** Whether somebody with such a posting holds its office; without an assignment they do. */
export const holdsOffice = (
  offices: OfficeRules | undefined,
  assignment: Assignment = 'definitif',
): boolean => {
  const rule = offices?.assignments.find(({ code }) => code === assignmentCodes[assignment])
  return rule ? rule.holdsOffice : assignment === 'definitif'
}

/**
 * The level of the office: as the posting has it, or else as the position is called: its own code,
 * a code of BKN, or the ending of its code, as of `perawat-ahli-muda`.
 */
export const officeOf = (
  { levels, positions }: OfficeRules,
  position: string,
  posted?: string,
): string | undefined => {
  if (posted !== undefined) return posted
  const codes = levels.map(({ code }) => code)
  if (codes.includes(position)) return position
  const named = positions.find(({ code }) => code === position)
  const [longest] = codes
    .filter(code => position.endsWith(`-${code}`))
    .toSorted((a, b) => b.length - a.length)
  return named?.level ?? longest
}
