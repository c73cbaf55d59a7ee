import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkKnown } from '@jejak/events/check'
import { dropText } from '@jejak/texts/framework-faults'
import { describe, expect, test } from 'vitest'
import { importCase } from './case.ts'

const folder = join(import.meta.dirname, '../golden')
const names = readdirSync(folder).flatMap(file => /^(.+)\.case\.json$/.exec(file)?.[1] ?? [])
const elsewhere = new Map([
  ['5a4c0000-0000-4000-8000-000000000800', { framework: 'kamus-2025', competency: 'triase' }],
])

describe('a package of CASE', () => {
  test.each(names)('comes in, and what was dropped is named: %s', name => {
    const source = readFileSync(join(folder, `${name}.case.json`), 'utf8')
    const imported = importCase(source, { validFrom: '2026-01-01', elsewhere })
    if ('faults' in imported) throw new Error(JSON.stringify(imported.faults))
    const { dropped, dictionary, ...rest } = imported
    const explained = dropped.map(({ why, ...place }) => ({ ...place, why: dropText(why) }))
    const made = `${JSON.stringify({ dictionary, ...rest, dropped: explained }, undefined, 2)}\n`
    const path = join(folder, `${name}.dictionary.json`)
    if (process.env['UPDATE_GOLDEN'] && !existsSync(path)) writeFileSync(path, made)
    expect(JSON.parse(made)).toEqual(JSON.parse(readFileSync(path, 'utf8')))
    const { competencies, ...header } = dictionary
    const published = { ...header, defined: competencies.length }
    const type = 'jejak.assessment.FrameworkPublished.v2'
    expect(checkKnown({ id: 'x', type, data: published })).toEqual([])
    for (const competency of competencies) {
      const data = { frameworkId: header.frameworkId, ...competency }
      const defined = 'jejak.assessment.CompetencyDefined.v1'
      expect(checkKnown({ id: 'x', type: defined, data })).toEqual([])
    }
  })
})
