import type { RuleRow } from '@jejak/competency/rules'
import type { RuleFault } from '@jejak/texts/rule-faults'
import { type Static, type TSchema, Type } from 'typebox'

/** A fault, and where it is: names of fields and places in lists, from the top. */
export type Problem = { readonly path: Path; readonly fault: RuleFault }
export type Path = readonly (string | number)[]

/** What rules of one kind name that others define: the codes of all levels of office. */
export type KnownCodes = { readonly offices: readonly string[] }

/** How the rules of a kind look, and what is wrong with those that look so. */
export type RuleKindOf<R> = {
  readonly schema: TSchema
  readonly problems: (rules: R, named: KnownCodes) => readonly Problem[]
}

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
type Read<T> = T extends object ? { readonly [K in keyof T]: Read<T[K]> } : T

/** The schema says the same as the type that the functions of the field take: else no compile. */
export const ruleKind = <R, S extends TSchema>(
  schema: S & (Same<Read<Static<S>>, Read<R>> extends true ? unknown : never),
  problems: RuleKindOf<R>['problems'],
): RuleKindOf<R> => ({ schema, problems })

export const certainty = Type.Enum(['seen', 'second-hand', 'assumed'])
export const text = Type.String({ minLength: 1, maxLength: 200 })
const longText = Type.String({ minLength: 1, maxLength: 500 })
export const shortCode = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 64 })
export const legalBasis = longText

const closed = { additionalProperties: false }

export const fields = <const F extends Record<string, TSchema>>(declared: F) =>
  Type.Object(declared, closed)

/** A row, which may say how sure it is, and on what basis. */
export const row = <const F extends Record<string, TSchema>>(declared: F) =>
  Type.Object({ ...rowFields, ...declared }, closed)

const rowFields = {
  certainty: Type.Optional(certainty),
  legalBasis: Type.Optional(legalBasis),
  note: Type.Optional(longText),
} satisfies Record<keyof RuleRow, TSchema>

export const listOf = <S extends TSchema>(item: S) =>
  Type.Array(item, { minItems: 1, maxItems: 500 })

export const orNull = <S extends TSchema>(value: S) => Type.Union([value, Type.Null()])

/** Of values that must differ, those that are there again. */
export const twice = <T>(
  rows: readonly T[],
  named: (row: T) => string | number,
  pathOf: (at: number) => Path,
): readonly Problem[] =>
  rows.flatMap((row, at) => {
    const value = named(row)
    return rows.findIndex(other => named(other) === value) < at
      ? [{ path: pathOf(at), fault: { key: 'twice' as const, values: { value } } }]
      : []
  })

/** Values that must be there, each once, and are not. */
export const absent = <V extends string | number>(
  wanted: readonly V[],
  there: readonly V[],
  path: Path,
): readonly Problem[] => {
  const names = wanted.filter(value => !there.includes(value)).map(String)
  return names.length > 0 ? [{ path, fault: { key: 'absent', values: { names } } }] : []
}

/** Codes that are none of those that are known. */
export const unknown = (
  codes: readonly string[],
  known: readonly string[],
  pathOf: (at: number) => Path,
): readonly Problem[] =>
  codes.flatMap((code, at) =>
    known.includes(code)
      ? []
      : [{ path: pathOf(at), fault: { key: 'one-of' as const, values: { known } } }],
  )

/** Thresholds go down, and the last is 0. */
export const notDescending = (
  steps: readonly { readonly from: number }[],
  path: Path,
): readonly Problem[] => [
  ...steps.flatMap(({ from }, at) => {
    const limit = steps[at - 1]?.from
    return limit !== undefined && from >= limit
      ? [
          {
            path: [...path, at, 'from'],
            fault: { key: 'not-descending' as const, values: { limit } },
          },
        ]
      : []
  }),
  ...(steps.at(-1)?.from === 0
    ? []
    : [{ path: [...path, steps.length - 1, 'from'], fault: 'not-from-zero' as const }]),
]
