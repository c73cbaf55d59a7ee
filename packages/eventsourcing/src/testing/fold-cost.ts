import { type Decider, fold } from '../decider.ts'

/**
 * What folding one more event into a state copies: the fields, elements and entries of everything
 * that the new state has and the old one has not. It is a count, so no machine makes it slow.
 */
export const costOfNext = <State, Event extends { readonly type: string }>(
  decider: Decider<State, Event>,
  before: readonly Event[],
  next: Event,
): number => {
  const state = fold(decider, decider.initial, before)
  const seen = new Set<object>()
  visit(state, seen)
  return visit(fold(decider, state, [next]), seen)
}

/** Adds what is reachable and not seen yet, and answers how much that holds. */
const visit = (root: unknown, seen: Set<object>): number => {
  let held = 0
  const waiting = [root]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next !== 'object' || next === null || seen.has(next)) continue
    seen.add(next)
    const parts = next instanceof Map ? [...next].flat() : Object.values(next)
    held += parts.length
    for (const part of parts) waiting.push(part)
  }
  return held
}
