import { join } from 'node:path'
import { readsJson, readsText } from '@jejak/audit/person/reads-report'
import { dayOf } from '@jejak/competency/calendar'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CommandFailed } from '../terminal/exit.ts'
import {
  type AuditFixture,
  openAuditFixture,
  recordAuditedTraining,
} from '../testing/audit-fixture.ts'
import { readsReport } from './audit.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const services = ['enrollment', 'assessment', 'certification', 'reporting'] as const
let fixture: AuditFixture
let played: Awaited<ReturnType<typeof recordAuditedTraining>>
let folders: readonly string[]
beforeAll(async () => {
  fixture = await openAuditFixture()
  played = await recordAuditedTraining(fixture)
  const { siti, duplicate, andi } = played
  const agency = fixture.as({ role: 'agency', agency: 'rsud-daya' })
  await agency.assessments.listAssessments({ asnId: siti })
  await agency.employees.getEmployee({ asnId: duplicate })
  await agency.employees.getEmployee({ asnId: andi })
  const auditor = fixture.as({ role: 'auditor' })
  await Array.fromAsync(
    auditor.history.readStream({ log: 'assessment', stream: `competency/${andi}` }),
  )
  await Array.fromAsync(auditor.history.readLog({ log: 'assessment' }))
  const stream = `access/${today()}`
  await Array.fromAsync(
    fixture.as({ role: 'hr' }).history.readStream({ log: 'enrollment', stream }),
  )
  for (const service of services) await fixture.export('ekspor', service)
  folders = services.map(service => join(fixture.folder, 'ekspor', service))
})
afterAll(() => fixture.close())

const today = () => dayOf(Date.now())
const days = () => ({ from: '2026-01-01', to: today() })

describe('the report of a breach', () => {
  test('names who was read: which data, when and by whom, merged records as one', async () => {
    const { siti, duplicate, andi } = played
    const report = await readsReport(folders, { ...days(), who: 'rsud-daya' })
    expect(report.findings).toEqual([])
    const found = new Map(report.people.map(person => [person.asnId, person]))
    expect(found.has(duplicate)).toBe(false)
    expect(found.get(siti)).toMatchObject({
      records: [siti, duplicate],
      reads: expect.arrayContaining([
        expect.objectContaining({ fields: ['assessments'], role: 'agency', agency: 'rsud-daya' }),
        expect.objectContaining({ fields: expect.arrayContaining(['nip']), service: 'enrollment' }),
      ]),
    })
    expect(found.get(andi)?.reads).toMatchObject([{ service: 'enrollment' }])
    const text = readsText(report)
    expect(text).toContain(`${siti} = ${duplicate}`)
    expect(text).toMatch(/agency rsud-daya [0-9a-f-]{36} {2}assessments {2}\[assessment \d+\]/)
  })

  test('has everybody of whom a log has events that was read as a whole', async () => {
    const { siti, andi } = played
    const report = await readsReport(folders, { ...days(), who: 'auditor' })
    const read = new Map(report.people.map(({ asnId, reads }) => [asnId, reads]))
    const whole = { fields: ['events'], entries: { log: 'assessment', from: 0 } }
    expect(read.get(siti)).toMatchObject([whole])
    expect(read.get(andi)).toMatchObject([
      { entries: { log: 'assessment', stream: `competency/${andi}`, from: 1 } },
      whole,
    ])
  })

  test('has everybody who is named in a part of the read audit that was read', async () => {
    const { siti, andi } = played
    const report = await readsReport(folders, { ...days(), who: 'hr' })
    const part = { log: 'enrollment', stream: `access/${today()}`, from: 1 }
    const line = { entries: expect.objectContaining(part) }
    for (const asnId of [siti, andi]) {
      const { reads } = report.people.find(each => each.asnId === asnId) ?? {}
      expect(reads).toEqual(expect.arrayContaining([expect.objectContaining(line)]))
    }
  })

  test('is of these days and readers alone', async () => {
    const past = { from: '2026-01-01', to: '2026-01-02' }
    expect((await readsReport(folders, past)).people).toEqual([])
    expect((await readsReport(folders, { ...days(), who: 'dinkes' })).people).toEqual([])
  })

  test('has its days and times in Makassar, and the reader who was asked for', async () => {
    const report = await readsReport(folders, { ...days(), who: 'rsud-daya' })
    const text = readsText(report)
    expect(text).toContain(`was read by rsud-daya from 2026-01-01 to ${today()}, days in Makassar`)
    const [, time = ''] = /^ {2}(\S{23}\+08:00)\S* {2}agency rsud-daya /m.exec(text) ?? []
    expect(report.people[0]?.reads[0]?.time).toBe(new Date(time).toISOString())
    expect(text).toContain('That is all that the logs have of these days.')
  })

  test('does not call a misspelt reader one who has read nothing', async () => {
    const misspelt = await readsReport(folders, { ...days(), who: 'rsud-daia' })
    expect(readsJson(misspelt)).toMatchObject({ isReaderKnown: false, people: [] })
    const text = readsText(misspelt)
    expect(text).toContain('no read by rsud-daia on any day')
    expect(text).not.toContain('That is all')
    const past = await readsReport(folders, {
      from: '2026-01-01',
      to: '2026-01-02',
      who: 'auditor',
    })
    expect([past.isReaderKnown, past.people]).toEqual([true, []])
  })

  test('is of no days whose last is before the first', async () => {
    const report = readsReport(folders, { from: '2026-01-03', to: '2026-01-02' })
    await expect(report).rejects.toThrow('--from 2026-01-03 is after --to 2026-01-02')
    await expect(report).rejects.toBeInstanceOf(CommandFailed)
  })

  test('says of which log it knows nothing', async () => {
    const { findings } = await readsReport(folders.slice(0, 3), days())
    expect(findings).toMatchObject([
      { problem: 'LogMissing', detail: expect.stringContaining('reporting') },
    ])
  })
})
