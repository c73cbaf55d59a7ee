import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { exportLog } from '@jejak/audit/log/export-log'
import { type AuditedLog, bundlesOf, openExportedLogs } from '@jejak/audit/person/exported-logs'
import { gather } from '@jejak/audit/person/gather'
import { checkHistory } from '@jejak/audit/person/history-check'
import { proveEvents } from '@jejak/audit/person/proof'
import { openDataLog } from '@jejak/embedded/data-log'
import { decode, type Entry } from '@jejak/eventsourcing/entry'
import { historyOf } from '@jejak/history/history'
import { referenceOf } from '@jejak/history/reference'
import { openDataSource } from '@jejak/replay/source'
import { keysFolder } from '@jejak/storage/data-folder'
import { entriesPath } from '@jejak/transparency/tile-files'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  type AuditFixture,
  openAuditFixture,
  recordAuditedTraining,
} from '../testing/audit-fixture.ts'
import { personReport } from './audit.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const services = ['enrollment', 'assessment', 'certification'] as const
let fixture: AuditFixture
let played: Awaited<ReturnType<typeof recordAuditedTraining>>
let receipt: { readonly receipt: string; readonly entry: string }

const path = (...parts: readonly string[]) => join(fixture.folder, ...parts)

beforeAll(async () => {
  fixture = await openAuditFixture()
  played = await recordAuditedTraining(fixture)
  for (const service of services) await fixture.export('ekspor', service)
  receipt = { receipt: path('first.tlog-proof'), entry: path('first.json') }
  writeFileSync(receipt.receipt, played.first.recorded?.receipts[0] ?? '')
  writeFileSync(receipt.entry, played.first.recorded?.entries[0] ?? '')
})
afterAll(() => fixture.close())

type Change = (event: Entry) => Entry | undefined

/** Writes a log anew, and signs it with its own key, as an operator could. Where it is exported. */
const rewritten = async (service: string, change: Change): Promise<string> => {
  const data = mkdtempSync(path('lain-'))
  cpSync(keysFolder(path('data')), keysFolder(data), { recursive: true })
  rmSync(join(keysFolder(data), `${service}.head`))
  const log = await openDataLog({ data, service, writer: 'import' })
  const [old] = (await openExportedLogs([path('ekspor', service)], [])).logs
  for await (const { entries } of bundlesOf(old as AuditedLog)) {
    for (const entry of entries()) {
      const event = change(decode(entry))
      if (!event) continue
      const { id, type, subject: stream, data } = event
      await log.append({ stream, expected: 'any', events: [{ id, type, data }] })
    }
  }
  await log.close()
  const source = await openDataSource(data, service)
  await exportLog(source, join(data, 'ekspor'), { keys: keysFolder(data) })
  await source.close()
  return join(data, 'ekspor')
}

/** What an audit of Siti finds where one of the logs is another. */
const findingsWith = async (service: string, change: Change, options = {}) => {
  const other = await rewritten(service, change)
  const from = services.map(name => (name === service ? other : path('ekspor', name)))
  const { findings } = await personReport(played.siti, { from, ...options })
  return findings.map(({ problem, detail }) => `${problem}: ${detail}`)
}

const data = (event: Entry) => event.data as Readonly<Record<string, unknown>>
const changed = (event: Entry, change: object): Entry => ({
  ...event,
  data: { ...data(event), ...change },
})
const isFirst = (event: Entry) => data(event)['assessmentId'] === played.first.assessmentId

describe('an operator who has the keys is found out, where', () => {
  test('a certificate says more than was attained', async () => {
    const findings = await findingsWith('certification', event => {
      if (!event.type.includes('CertificateIssued')) return event // Who has read it is there too.
      const [attainment] = data(event)['attainments'] as readonly object[]
      return changed(event, {
        attainments: [{ ...attainment, level: 5 }],
        validUntil: '2099-01-01',
      })
    })
    expect(findings).toEqual([
      expect.stringMatching(/^Undeserved: .* it should be valid until /),
      expect.stringMatching(/^Undeserved: .* level 3 .* was attained, it says level 5 /),
    ])
  })

  test('an assessment was made better, and somebody has the receipt of it', async () => {
    const better: Change = event => (isFirst(event) ? changed(event, { level: 4 }) : event)
    const findings = await findingsWith('assessment', better, receipt)
    expect(findings).toContainEqual(expect.stringMatching(/^Rewritten: at size /))
  })

  test('an assessment was left out that others are about', async () => {
    const findings = await findingsWith('assessment', event => (isFirst(event) ? undefined : event))
    expect(findings).toContainEqual(
      `Dangling: AssessmentCorrected is of ${played.first.assessmentId}, which is not there`,
    )
  })

  test('what a certificate rests on came after it', async () => {
    const findings = await findingsWith('assessment', event => event)
    expect(findings).toEqual([
      expect.stringMatching(/^Rewritten: .* at size \d+ the log of assessment is not what it was/),
      expect.stringMatching(/^Undeserved: .* it rests on assessment \d+, where another entry is$/),
    ])
  })

  test('an event says that it is somebody else’s', async () => {
    const findings = await findingsWith('assessment', event =>
      data(event)['asnId'] === played.andi
        ? { ...event, subject: `competency/${played.siti}` }
        : event,
    )
    expect(findings).toContainEqual(
      `Misplaced: AssessmentRecorded in competency/${played.siti} says ${played.andi}`,
    )
  })

  test('nobody was registered', async () => {
    const findings = await findingsWith('enrollment', event =>
      data(event)['asnId'] === played.siti && event.type.includes('EmployeeRegistered')
        ? undefined
        : event,
    )
    expect(findings).toContainEqual(`Unregistered: nobody was ever registered as ${played.siti}`)
  })
})

test('an event is found however its person’s id is spelled', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-spelled-'))
  const spelled = played.first.recorded?.entries[0] ?? new Uint8Array()
  const text = Buffer.from(spelled)
    .toString()
    .replaceAll(played.siti, played.siti.replace('-', '\\u002d'))
  expect(text).not.toContain(played.siti)
  const entry = Buffer.from(text)
  const bundle = Buffer.concat([Buffer.of(entry.length >> 8, entry.length & 255), entry])
  const file = join(folder, entriesPath(0, 1))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, bundle)
  const [log] = (await openExportedLogs([path('ekspor/assessment')], [])).logs
  const found = await gather([{ ...(log as AuditedLog), log: folder, size: 1 }], played.siti)
  expect(found).toHaveLength(1)
  rmSync(folder, { recursive: true })
})

describe('what is looked up in folders that change meanwhile', () => {
  const found = async () => {
    const { logs } = await openExportedLogs(
      services.map(service => path('ekspor', service)),
      [],
    )
    return { logs, events: await gather(logs, played.siti) }
  }

  test('is not proven where it is another than what was verified', async () => {
    const { logs, events } = await found()
    const [event, ...others] = events
    const other = event && { ...event, entry: Buffer.from(`${event.entry} `) }
    const { proven, findings } = await proveEvents(logs, other ? [other, ...others] : [])
    expect(findings).toMatchObject([{ problem: 'NotIncluded' }])
    expect(proven).toHaveLength(others.length)
  })

  test('is not all of it where a version is not there', async () => {
    const { logs, events } = await found()
    const facts = events.map(({ fact }) => fact).filter(({ type }) => type !== 'EnrollmentApproved')
    const reference = referenceOf(facts)
    const history = historyOf([played.siti], facts, reference, { now: Date.now() })
    expect(checkHistory(logs, facts, history)).toMatchObject([
      { problem: 'Gap', detail: expect.stringMatching(/^an event of enrollment\/.* is missing$/) },
    ])
  })
})
