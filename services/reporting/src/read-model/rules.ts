import { type Fact, named } from '@jejak/history/fact'
import type { AdoptedRuleSet, RuleSetInForce } from '@jejak/rules/rule-sets'
import { ruleFileKey, ruleSetKey, ruleSetPrefix } from './keys.ts'
import type { Document } from './reads.ts'
import type { ReadModel } from './versions.ts'

/** A rule set that was adopted: its file is a document of its own, which is read once. */
type Adopted = Omit<AdoptedRuleSet, 'content'> & { readonly sha256: string }

export const ruleDocuments = (fact: Fact): readonly Document[] =>
  named([fact], 'RuleSetAdopted').flatMap(({ id, time, version, data }) => [
    [ruleSetKey(data.kind, version), { id, time, sha256: data.sha256 } satisfies Adopted],
    [ruleFileKey(data.sha256), data.content],
  ])

/** By the hash of their bytes: a file is the same for ever. */
const files = new Map<string, string>()
const filesMax = 1_000

/** The rule sets that were adopted, of each kind in the order of recording. */
export const adoptedRules = async (readModel: ReadModel): Promise<readonly AdoptedRuleSet[]> => {
  const all = readModel.dump(ruleSetPrefix)
  const adopted = await Array.fromAsync(all, ([, document]) => document as Adopted)
  const absent = [...new Set(adopted.map(({ sha256 }) => sha256))].filter(hash => !files.has(hash))
  if (absent.length > 0) {
    if (files.size + absent.length > filesMax) files.clear()
    const read = await readModel.load(absent.map(ruleFileKey))
    for (const [at, hash] of absent.entries()) files.set(hash, read[at] as string)
  }
  return adopted.map(({ sha256, ...set }) => ({ ...set, content: files.get(sha256) ?? '' }))
}

/** A rule set as an answer names it. */
export type NamedRules = Pick<
  RuleSetInForce,
  'kind' | 'id' | 'validFrom' | 'legalBasis' | 'certainty' | 'adoptedBy'
>

export const namedRules = (sets: readonly RuleSetInForce[]): NamedRules[] =>
  sets.map(({ kind, id, validFrom, legalBasis, certainty, adoptedBy }) => ({
    ...{ kind, id, validFrom, legalBasis, certainty },
    ...(adoptedBy !== undefined && { adoptedBy }),
  }))
