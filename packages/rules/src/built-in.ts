// tidy: what comes with Jejak, apart from how files are read
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { KnownCodes } from './kind.ts'
import { type DatedRules, type RuleKind, ruleKinds } from './kinds.ts'
import { adoptedRuleSet, type ParsedRuleSet, parseRuleSet } from './rule-set-file.ts'

/** A file of rules that comes with Jejak. */
export type BuiltInRuleSet = { readonly set: DatedRules; readonly content: string }

const folder = fileURLToPath(new URL('../sets', import.meta.url))

const files = new Map<RuleKind, readonly BuiltInRuleSet[]>()

/**
 * Those of a kind, in the order of their days; read when they are first asked for. A test checks
 * each of them: whoever starts need not wait for that.
 */
export const builtInOf = (kind: RuleKind): readonly BuiltInRuleSet[] => {
  const known = files.get(kind)
  if (known) return known
  const found = readdirSync(`${folder}/${kind}`)
    .map(name => readFileSync(`${folder}/${kind}/${name}`, 'utf8'))
    .map(content => ({ set: adoptedRuleSet(content), content }))
    .toSorted((a, b) => (a.set.validFrom < b.set.validFrom ? -1 : 1))
  files.set(kind, found)
  return found
}

export const builtInRuleSets = (): readonly BuiltInRuleSet[] => ruleKinds.flatMap(builtInOf)

/** What sets define for others to name. */
const namedIn = (sets: readonly DatedRules[]): KnownCodes => ({
  offices: [
    ...new Set(
      sets.flatMap(set => (set.kind === 'offices' ? set.rules.levels.map(({ code }) => code) : [])),
    ),
  ],
})

/**
 * Reads a file of rules, and says all that is wrong with it at once. It may name levels of office
 * of the sets that come with Jejak, and of those that are given.
 */
export const checkRuleSet = (
  bytes: Uint8Array,
  adopted: readonly DatedRules[] = [],
): ParsedRuleSet =>
  parseRuleSet(bytes, namedIn([...builtInRuleSets().map(({ set }) => set), ...adopted]))
