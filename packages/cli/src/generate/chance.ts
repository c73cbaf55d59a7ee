import { hash } from 'node:crypto'

/** A pseudo-random number, the same for the same words in every run and on every machine. */
export const chance = (below: number, ...words: readonly (string | number)[]): number =>
  Number.parseInt(hash('sha256', words.join(' ')).slice(0, 8), 16) % below

export const chosen = <T>(from: readonly T[], ...words: readonly (string | number)[]): T =>
  from[chance(from.length, ...words)] as T
