import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { assessmentEvents } from '@jejak/events/assessment'
import { logFile, readFolder } from '@jejak/storage/data-folder'
import { v7 } from 'uuid'
import { describe, expect, onTestFinished, test } from 'vitest'
import { eventually, openTestbed, type Testbed } from './testing/testbed.ts'
import {
  assessmentOf,
  newPerson,
  openCohort,
  position,
  since,
  written,
} from './testing/training-fixture.ts'

/** Somebody who has completed a course that asks for level 3, and is at level 1. */
const trained = async (bed: Testbed) => {
  const hr = bed.issue({ role: 'hr' })
  const office = bed.as(hr)
  const agency = 'rsud-daya'
  const own = bed.as(bed.issue({ role: 'agency', agency }))
  const { cohortId } = await openCohort(bed, hr, 8)
  const registration = { person: newPerson(), posting: { agency, position, since } }
  const { asnId } = await office.employees.registerEmployee({ ...written(), ...registration })
  const { enrollmentId } = await own.enrollments.nominate({ ...written(), cohortId, asnId })
  const about = () => ({ ...written(), enrollmentId })
  await office.enrollments.approve(about())
  const session = { module: 'mutu', heldOn: '2026-05-02', jp: 8 }
  await own.enrollments.recordAttendance({ ...about(), ...session })
  await office.enrollments.complete({ ...about(), completedOn: '2026-05-15' })
  const assessment = { ...assessmentOf(asnId), level: 1 }
  await own.assessments.submitAssessment({ ...written(), assessment })
  return { asnId, enrollmentId }
}

/** Fills the first tile of assessment's log, which a start does not read. */
const fill = async (bed: Testbed) => {
  const asnId = v7()
  const { evidence: _, phase: __, ...assessment } = assessmentOf(asnId)
  const events = Array.from({ length: 300 }, () => {
    const more = { assessmentId: v7(), phase: 'baseline', evidence: [{ sha256: '0'.repeat(64) }] }
    const recorded = { type: 'AssessmentRecorded', ...assessment, ...more } as const
    return assessmentEvents.encode(recorded as never, v7())
  })
  const log = bed.logs.get('assessment')
  await log?.append({ stream: `competency/${asnId}`, expected: 'any', events })
}

describe('a data folder whose services are stopped', () => {
  const stopped = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const bed = await openTestbed({ folder })
    const person = await trained(bed)
    await fill(bed)
    await eventually(bed.idle)
    await bed.close()
    rmSync(readFolder(bed.data, 'certification'), { recursive: true })
    return { folder, data: bed.data, person }
  }
  const start = async (folder: string) => {
    const bed = await openTestbed({ folder })
    onTestFinished(bed.close)
    const issued = () => bed.logs.get('certification')?.size()
    return { ...bed, issued }
  }

  test('issues the certificate that is due when it is started again', async () => {
    const { folder, person } = await stopped()
    const bed = await start(folder)
    const own = bed.as(bed.issue({ role: 'agency', agency: 'rsud-daya' }))
    await own.assessments.submitAssessment({ ...written(), assessment: assessmentOf(person.asnId) })
    await eventually(async () => (await bed.issued()) === 1)
    expect(bed.failures).toEqual([])
  })

  test('issues none for a level that was raised in the file, and stops', async () => {
    const { folder, data, person } = await stopped()
    const db = new DatabaseSync(logFile(data, 'assessment'))
    db.exec('drop trigger no_update')
    const [row] = db.prepare('select e from commits where s = ?').all(`competency/${person.asnId}`)
    const bytes = Buffer.from(row?.['e'] as Uint8Array).toString('latin1')
    const raised = Buffer.from(bytes.replace('"level":1', '"level":3'), 'latin1')
    const sql = 'update commits set e = ? where s = ?'
    const edited = db.prepare(sql).run(raised, `competency/${person.asnId}`)
    db.close()
    expect([edited.changes, bytes.includes('"level":1')]).toEqual([1, true])
    const bed = await start(folder)
    await eventually(async () => bed.failures.length > 0)
    expect(String(bed.failures[0])).toMatch(/assessment/)
    expect(await bed.issued()).toBe(0)
    const damage = join(`${data}.keys`, 'assessment.damaged')
    await eventually(async () => existsSync(damage))
    await bed.close()
    await expect(openTestbed({ folder })).rejects.toThrow(/commit|entry/)
    // Brought back from a copy, it is verified as a whole, and serves.
    const again = new DatabaseSync(logFile(data, 'assessment'))
    again.exec('drop trigger no_update')
    again.prepare(sql).run(Buffer.from(bytes, 'latin1'), `competency/${person.asnId}`)
    again.close()
    const healed = await start(folder)
    expect(existsSync(damage)).toBe(false)
    expect(healed.failures).toEqual([])
  })
})
