import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataLog } from '@jejak/embedded/data-log'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Answers } from '../workload/service-clients.ts'
import { logsIn, readInstallationLogs } from './installation-logs.ts'

describe('what callers were answered', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** An installation with one event, and the answer to its writer. */
  const installed = async (name: string) => {
    const data = join(folder, name)
    const keys = join(folder, 'keys')
    const log = await openDataLog({ data, keys, service: 'enrollment', writer: 'service' })
    const event = { id: '1', type: 'test.Said.v1', data: { text: 'hello' } }
    const appended = await log.append({ stream: 'said/1', expected: 0, events: [event] })
    if ('refused' in appended) throw new Error(appended.refused)
    const receipt = await appended.receipt(0)
    await log.close()
    return { data, keys, entries: [...appended.entries], receipts: [receipt] }
  }

  const violations = async (
    { data, keys }: { readonly data: string; readonly keys: string },
    answered: { readonly entries: Uint8Array[]; readonly receipts: string[] },
  ) => {
    const answers = new Answers()
    answers.record({ $typeName: 'jejak.log.v1.Recorded', repeated: false, ...answered })
    return (await readInstallationLogs(logsIn(data, keys), answers)).violations
  }

  test('is in the log, with a receipt that leads to its head', async () => {
    const one = await installed('one')
    expect(await violations(one, one)).toEqual([])
  })

  test('is missed if the log has something else', async () => {
    const one = await installed('one')
    const entries = one.entries.map(entry => Buffer.from(String(entry).replace('hello', 'bye')))
    expect(await violations(one, { ...one, entries })).toEqual([
      expect.stringContaining('test.Said.v1 1 has a receipt that is refused'),
    ])
  })

  test('is missed if it was in a log that is not there', async () => {
    const one = await installed('one')
    const entries = one.entries.map(entry =>
      Buffer.from(String(entry).replace('/enrollment"', '/payroll"')),
    )
    expect(await violations(one, { ...one, entries })).toContainEqual(
      expect.stringContaining('/payroll, which is not there'),
    )
  })
})
