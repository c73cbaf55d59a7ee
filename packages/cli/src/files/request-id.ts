import { hash } from 'node:crypto'

/**
 * The same row of the same bearer has the same request in every run. Never by the NIP: it would
 * stay in the log.
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
