import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { workbookRows } from '@jejak/cli/files/workbook'
import { afterAll, describe, expect, test } from 'vitest'
import { makeScenario } from './make-files.ts'
import { peopleOf, staff } from './people.ts'
import { scenarioFolder } from './scenario.ts'

const made = mkdtempSync(join(tmpdir(), 'jejak-scenario-'))
afterAll(() => rmSync(made, { recursive: true }))

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()

/** A workbook has the time in its bytes: its cells are what counts. */
const contentOf = async (path: string) => {
  const bytes = readFileSync(path)
  // Their layout is that of the formatter.
  if (path.endsWith('.json')) return JSON.parse(bytes.toString())
  return path.endsWith('.xlsx') ? workbookRows(path, bytes) : bytes.toString()
}

describe('the files of the scenario', () => {
  test('are what make-files.ts makes', async () => {
    await makeScenario(made)
    expect(filesIn(scenarioFolder)).toEqual(filesIn(made))
    expect(filesIn(made)).toHaveLength(26)
    for (const name of filesIn(made)) {
      const committed = await contentOf(join(scenarioFolder, name))
      expect(committed, name).toEqual(await contentOf(join(made, name)))
    }
  })

  test('have 300 people who can be nobody real, each with a NIP of their own', () => {
    const people = staff.flatMap(peopleOf)
    expect(new Set(people.map(({ nip }) => nip)).size).toBe(300)
    expect(people.filter(({ nip }) => !/^\d{15}9\d\d$/.test(nip))).toEqual([])
  })
})
