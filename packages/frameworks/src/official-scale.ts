import type { ScaleLevel } from '@jejak/competency/dictionary'
import { builtInOf } from '@jejak/rules/built-in'
import type { DatedRules } from '@jejak/rules/kinds'

/** The levels of a dictionary that does not say otherwise: as the rules of offices name them. */
export const officialScale = (): readonly ScaleLevel[] => {
  const newest = builtInOf('position-levels').at(-1)?.set as DatedRules<'position-levels'>
  return newest.rules.levels.map(({ level, name: title }) => ({ level, title }))
}
