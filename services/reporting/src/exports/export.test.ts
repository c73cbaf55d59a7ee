import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ExportMade, exportDecider, isFor, recordMade } from './export.ts'

const made: ExportMade = {
  type: 'ExportMade',
  exportId: '0197a000-0000-7000-8000-0000000000e1',
  name: 'siasn-kursus',
  query: { unit: 'rsud-daya', year: 2026 },
  manifest: 'a'.repeat(64),
  files: [{ file: 'siasn-kursus.csv', sha256: 'b'.repeat(64), bytes: 1, rows: 1 }],
  leftOut: { erased: 0, revoked: 0, incomplete: 0, double: 0 },
  lacking: [],
  heads: [],
}
const other: ExportMade = { ...made, manifest: 'c'.repeat(64) }
const ask = {
  name: 'siasn-kursus',
  format: 'csv',
  query: { unit: 'rsud-daya', year: 2026 },
} as const

describe('an export', () => {
  test('is recorded once, and never as another file', () => {
    expect(given(exportDecider).when(recordMade, made)).toEqual([made])
    expect(given(exportDecider, made).when(recordMade, made)).toEqual([])
    expect(given(exportDecider, made).when(recordMade, other)).toEqual(refuse('MadeOtherwise'))
  })

  test('is for what was asked: the kind, the format, the agency and the year', () => {
    expect(isFor(made, ask)).toBe(true)
    for (const otherwise of [
      { name: 'daftar-sertifikat' },
      { format: 'jsonl' },
      { query: { unit: 'dinkes', year: 2026 } },
      { query: { unit: 'rsud-daya' } },
      { query: { year: 2026 } },
    ] as const) {
      expect(isFor(made, { ...ask, ...otherwise })).toBe(false)
    }
  })

  test('decided twice is decided once', () => {
    twiceIsOnce(
      exportDecider,
      fc.constantFrom(made, other).map(it => state => recordMade(state, it)),
    )
  })
})
