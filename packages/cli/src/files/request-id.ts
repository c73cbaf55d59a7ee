import { hash } from 'node:crypto'

/**
 * The same reference of the same bearer has the same request id in every run. A reference is never
 * a NIP: who tries all NIPs would find it in the log.
 */
export const requestIdOf = (kind: string, bearer: string, reference: string): string => {
  const hex = hash('sha256', JSON.stringify(['jejak', kind, bearer, reference]))
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ]
  return `${parts.join('-')}-${hex.slice(20, 32)}`
}
