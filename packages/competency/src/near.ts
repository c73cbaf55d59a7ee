const nearMax = 3

/** What somebody may have meant: those that begin alike, or are a few letters away; the nearest. */
export const near = (word: string, candidates: readonly string[]): readonly string[] => {
  const distanceMax = Math.max(2, Math.floor(word.length / 3))
  return candidates
    .map(candidate => ({ candidate, distance: apart(word, candidate, distanceMax) }))
    .filter(({ distance }) => distance <= distanceMax)
    .toSorted((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, nearMax)
    .map(({ candidate }) => candidate)
}

const apart = (word: string, candidate: string, distanceMax: number): number => {
  if (candidate.startsWith(word)) return 0
  // Not worth the square of their lengths.
  if (Math.abs(word.length - candidate.length) > distanceMax) return Number.POSITIVE_INFINITY
  return edits(word, candidate)
}

/** Levenshtein's distance: letters to put in, take out or replace. */
const edits = (a: string, b: string): number => {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1]
    for (const [column, other] of [...b].entries()) {
      const replaced = (above[column] ?? 0) + (letter === other ? 0 : 1)
      current.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    above = current
  }
  return above.at(-1) ?? 0
}
