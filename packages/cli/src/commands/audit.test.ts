// tidy: one fixture, which takes seconds to play.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reportText } from '@jejak/audit/person/report'
import type { Recorded } from '@jejak/proto/jejak/log/v1/log'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { entriesPath } from '@jejak/transparency/tile-files'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  type AuditFixture,
  openAuditFixture,
  recordAuditedTraining,
} from '../testing/audit-fixture.ts'
import { type AuditOptions, auditCommand, personReport } from './audit.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const services = ['enrollment', 'assessment', 'certification'] as const
let fixture: AuditFixture
let played: Awaited<ReturnType<typeof recordAuditedTraining>>

const path = (...parts: readonly string[]) => join(fixture.folder, ...parts)
const folders = (directory = 'ekspor') => services.map(service => path(directory, service))
const audit = (options: Partial<AuditOptions> = {}, asnId = played.siti) =>
  personReport(asnId, { from: folders(), ...options })
const problemsOf = async (report: ReturnType<typeof audit>) =>
  (await report).findings.map(({ problem }) => problem)

/** A receipt as the agency got it, in two files. */
const kept = (name: string, recorded: Recorded | undefined) => {
  const [receipt, entry] = [path(`${name}.tlog-proof`), path(`${name}.json`)]
  writeFileSync(receipt, recorded?.receipts[0] ?? '')
  writeFileSync(entry, recorded?.entries[0] ?? '')
  return { receipt, entry }
}

beforeAll(async () => {
  fixture = await openAuditFixture()
  played = await recordAuditedTraining(fixture)
  for (const service of services) await fixture.export('ekspor', service)
})
afterAll(() => fixture.close())

/** The same folders, for somebody to change. */
const altered = (change: (directory: string) => void) => {
  rmSync(path('lain'), { recursive: true, force: true })
  cpSync(path('ekspor'), path('lain'), { recursive: true })
  change(path('lain'))
  return folders('lain')
}

describe('the audit of a person', () => {
  test('has all of their history, each event proven', async () => {
    const { findings, logs, events, history } = await audit()
    expect(findings).toEqual([])
    expect(logs.map(({ service }) => service)).toEqual(services)
    const told = history.lines.map(({ fact, state }) => `${fact.type} ${state}`)
    expect(new Set(told)).toEqual(
      new Set([
        ...['SubjectKeyCreated', 'EmployeeRegistered', 'EmployeePosted'].map(it => `${it} counts`),
        ...['EmployeeRegistered', 'EmployeePosted'].map(it => `${it} over`),
        ...['DuplicateAbsorbed', 'EmployeeMerged', 'SeatTaken'].map(it => `${it} counts`),
        ...['EnrollmentNominated', 'EnrollmentApproved'].map(it => `${it} counts`),
        ...['AttendanceRecorded', 'EnrollmentCompleted'].map(it => `${it} counts`),
        'AssessmentRecorded superseded',
        'AssessmentCorrected over',
        'AssessmentRecorded counts',
        'CertificateIssued counts',
      ]),
    )
    expect(history.streams.map(({ stream, versions }) => [stream.split('/')[0], versions])).toEqual(
      [
        ['competency', 3],
        ['certificate', 1],
        ['employee', 4],
        ['employee', 4],
        ['enrollment', 4],
      ],
    )
    expect(history.levels).toMatchObject([{ competency: 'integritas', level: 4 }])
    expect(history.certificates).toMatchObject([
      { certificateId: played.certificateId, status: 'valid' },
    ])
    // Programme, cohort and two rule sets are no part of the history, and proven all the same.
    expect(events).toHaveLength(history.lines.length + 4)
  })

  test('is that of one person under either of their ids', async () => {
    const [one, other] = await Promise.all([audit(), audit({}, played.duplicate)])
    expect(other.history.lines).toEqual(one.history.lines)
    expect(one.history.records).toEqual([played.siti, played.duplicate])
  })

  test('has nothing of anybody else', async () => {
    const { history, findings } = await audit({}, played.andi)
    expect(findings).toEqual([])
    expect(history.certificates).toEqual([])
    expect(history.levels).toMatchObject([{ level: 3 }])
    expect(JSON.stringify(history)).not.toContain(played.siti)
  })

  test('tells what was true on a day, and known at a moment', async () => {
    const none = await audit({ asOf: '2020-01-01' })
    expect(none.history.levels).toEqual([])
    const [posted] = none.history.postings
    expect(posted).toMatchObject({ agency: 'rsud-daya' })
    const recorded = (await audit()).events.find(({ fact }) => fact.type === 'AssessmentCorrected')
    const before = new Date(Date.parse(recorded?.fact.time ?? '') - 1).toISOString()
    const known = await audit({ knownAt: before })
    expect(known.history.levels).toMatchObject([{ level: 1 }])
    expect(known.findings).toEqual([])
  })

  test('believes keys from elsewhere, and says where it had none', async () => {
    const own = await audit()
    expect(own.logs.map(({ keySource }) => keySource)).toEqual(Array(3).fill('directory'))
    const vkey = services.map(service => path('data.keys', `${service}.vkey`))
    const given = await audit({ vkey })
    expect(given.logs.map(({ keySource }) => keySource)).toEqual(Array(3).fill('given'))
    // Keys are kept together: that of a log which is not here does no harm.
    expect(await problemsOf(audit({ from: folders().slice(1), vkey }))).toEqual(['LogMissing'])
    const foreign = path('foreign.vkey')
    writeFileSync(foreign, parseSigner(generateKey('elsewhere.id/assessment')).vkey)
    await expect(audit({ vkey: [foreign] })).rejects.toThrow('the key of elsewhere.id/assessment')
  })
})

describe('an audit finds', () => {
  test.each(services)('that the log of %s is missing', async service => {
    const from = folders().filter(folder => !folder.endsWith(service))
    const { findings } = await audit({ from })
    expect(findings[0]).toMatchObject({
      problem: 'LogMissing',
      detail: expect.stringContaining(service),
    })
  })

  test('that a folder was tampered with, and believes nothing in it', async () => {
    const [, { size } = { size: 0 }] = (await audit()).logs
    const from = altered(directory => {
      const file = join(directory, 'assessment', entriesPath(0, size))
      const bytes = readFileSync(file)
      bytes.write('9', bytes.indexOf('"level":1') + 8)
      writeFileSync(file, bytes)
    })
    const { findings, history } = await audit({ from })
    expect(findings).toEqual([
      {
        problem: 'LeafMismatch',
        detail: expect.stringContaining('assessment: '),
        where: expect.objectContaining({ service: 'assessment' }),
      },
    ])
    expect(history.levels).toEqual([])
    expect(history.postings).toHaveLength(1)
  })

  test('that a folder was cut short', async () => {
    const from = altered(directory => {
      rmSync(join(directory, 'enrollment', 'tile', 'entries'), { recursive: true })
    })
    expect(await problemsOf(audit({ from }))).toContain('Missing')
  })

  test('that a folder is older than what the log has signed, by a receipt', async () => {
    await fixture.export('lama', 'enrollment')
    const { hr, siti } = played
    const posting = { agency: 'dinkes', unit: '', position: 'epidemiolog', since: '2026-01-01' }
    const requestId = '019b8bab-0680-75be-8eaf-427ee0bfcd1b'
    const { recorded } = await hr.employees.postEmployee({ requestId, asnId: siti, posting })
    const receipt = kept('pindah', recorded)
    const [, ...others] = folders()
    const old = [path('lama', 'enrollment'), ...others]
    expect(await problemsOf(audit({ from: old, ...receipt }))).toEqual(['Shrunk'])
    const from = [await fixture.export('baru', 'enrollment'), ...others]
    expect(await problemsOf(audit({ from, ...receipt }))).toEqual([])
  })

  test('whether a receipt is of this person, and of these bytes', async () => {
    const first = kept('pertama', played.first.recorded)
    const last = kept('terakhir', played.last.recorded)
    expect(await problemsOf(audit(first))).toEqual([])
    expect(await problemsOf(audit(first, played.andi))).toEqual(['OtherPerson'])
    expect(await problemsOf(audit({ ...first, entry: last.entry }))).toEqual(['NotIncluded'])
    const from = folders().filter(folder => !folder.endsWith('assessment'))
    expect(await problemsOf(audit({ ...first, from }))).toEqual(['LogMissing', 'ReceiptUnproven'])
  })
})

describe('the command', () => {
  const run = async (...args: readonly string[]) => {
    const said = vi.spyOn(console, 'log').mockImplementation(() => {})
    try {
      await auditCommand.parseAsync(['person', ...args], { from: 'user' })
      return { status: process.exitCode ?? 0, text: said.mock.calls.join('\n') }
    } finally {
      said.mockRestore()
      process.exitCode = 0
    }
  }

  test('says it on a page that one can read', async () => {
    const { status, text } = await run(played.siti, '--from', ...folders())
    expect(status).toBe(0)
    expect(text).toContain('All is as it says.')
    expect(text).toMatch(
      /AssessmentRecorded +integritas 1; corrected: salah input +\[assessment \d+\]/,
    )
    expect(text).toMatch(/certificate MRS-2026\/.*: valid/)
  })

  test('lists what is not proven, and exits with 1', async () => {
    const { status, text } = await run(played.siti, '--from', ...folders().slice(0, 2))
    expect(status).toBe(1)
    expect(text).toContain('LogMissing: no folder has the log of certification')
  })

  test.each([
    [() => audit({}, 'siti'), 'not the id'],
    [() => audit({}, '019b8bab-0680-75be-8eaf-427ee0bfcd1a'), 'no event in these folders'],
    [() => audit({ from: [path('nowhere')] }), 'there is no folder'],
    [() => audit({ from: [...folders(), ...folders()] }), 'two of the folders'],
    [() => audit({ receipt: 'x' }), '--receipt and --entry go together'],
    [() => audit({ receipt: path('nowhere'), entry: path('nowhere') }), 'ENOENT'],
    [() => audit({ vkey: [path('nowhere')] }), '--vkey: ENOENT'],
  ])('can’t be used wrongly without being told: %s', async (wrong, says) => {
    await expect(wrong()).rejects.toMatchObject({
      problem: expect.any(String),
      message: expect.stringContaining(says),
    })
  })

  test('does not let what others wrote steer a terminal', async () => {
    const report = await audit()
    const [line] = report.history.lines
    const steering = { ...report.history, lines: line ? [{ ...line, note: '\u001b[2J' }] : [] }
    expect(reportText({ ...report, history: steering })).not.toContain('\u001b')
  })
})
