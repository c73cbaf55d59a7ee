// tidy: one system in which enough has happened serves all of it.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { logEvents } from '@jejak/events/log'
import { decode } from '@jejak/eventsourcing/entry'
import { openCheckpoint } from '@jejak/transparency/checkpoint'
import { parseVerifier } from '@jejak/transparency/key'
import { verifyConsistency } from '@jejak/transparency/proof'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { backUp } from './backup.ts'
import { readBackupManifest } from './backup-manifest.ts'
import { restore } from './restore.ts'
import { eventually, openTestbed, readModels, type Testbed } from './testing/testbed.ts'
import {
  erasureOf,
  newPerson,
  position,
  recordTraining,
  since,
  written,
} from './testing/training-fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const root = mkdtempSync(join(tmpdir(), 'jejak-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const services = ['enrollment', 'assessment', 'certification', 'reporting']
const dataOf = (folder: string) => join(folder, 'data')

const idle = (bed: Testbed) => eventually(bed.idle)

/** A person of the name who is found by their NIP, or not. */
const register = async (bed: Testbed) => {
  const person = newPerson()
  const { employees } = bed.as(bed.issue({ role: 'hr' }))
  const posting = { agency: 'rsud-daya', position, since }
  const { asnId } = await employees.registerEmployee({ ...written(), person, posting })
  return { ...person, asnId }
}

/** All that can be asked, without the read audit of earlier questions. */
const answersOf = async (bed: Testbed, fixture: Awaited<ReturnType<typeof recordTraining>>) => {
  const hr = bed.as(bed.issue({ role: 'hr' }))
  return Promise.all(
    fixture.people.map(async ({ recordId: asnId, nip, enrollmentId }) => ({
      person: await hr.employees.getEmployee({ asnId }),
      byNip: await hr.employees.lookUpEmployee({ nip }).catch(String),
      profile: await hr.assessments.getCompetencyProfile({ asnId }).catch(String),
      enrollment: await hr.enrollments.getEnrollment({ enrollmentId }),
      certificates: await hr.certificates.listCertificates({ asnId }),
    })),
  )
}

/** A folder in which something has happened, and a backup of it as it was then. */
const original = join(root, 'original')
const backup = join(root, 'backup')
let fixture: Awaited<ReturnType<typeof recordTraining>>
let answers: Awaited<ReturnType<typeof answersOf>>

beforeAll(async () => {
  const recording = await openTestbed({ folder: original })
  fixture = await recordTraining(recording)
  await idle(recording)
  await recording.close()
  // With this start the contest of whoever was erased has ended: the next has nothing to do.
  const bed = await openTestbed({ folder: original })
  answers = await answersOf(bed, fixture)
  await idle(bed)
  await bed.close()
  await backUp({ data: dataOf(original), to: backup })
})

/** Restores it where its keys are, as they were when it was made. */
const restored = async (name: string) => {
  const folder = join(root, name)
  cpSync(`${dataOf(original)}.keys`, `${dataOf(folder)}.keys`, { recursive: true })
  await restore({ from: backup, data: dataOf(folder) })
  return folder
}

describe('a restored system', () => {
  test('has no key, no head and no read model from the backup', () => {
    const { manifest } = readBackupManifest(backup)
    const files = manifest.files.map(({ file }) => file)
    const logs = ['reporting', 'certification', 'assessment', 'enrollment']
    // Effects before causes: the order in which they were copied.
    expect(files).toEqual([...logs.map(log => `${log}/log.db`), 'vault.db', 'tokens.db'])
  })

  test('makes every read model again from the logs, and adds nothing to them', async () => {
    const folder = await restored('again')
    const before = readModels(dataOf(original))
    expect(before.filter(({ documents }) => documents.length === 0)).toEqual([])
    const bed = await openTestbed({ folder })
    await idle(bed)
    const sizes = await bed.sizes()
    await bed.close()
    expect(readModels(dataOf(folder))).toEqual(before)
    expect(sizes).toEqual(services.map(one => sizeIn(backup, one)))
    expect(bed.failures).toEqual([])
  })

  test('answers as before, and not about whoever was erased', async () => {
    const bed = await openTestbed({ folder: await restored('answers') })
    await idle(bed)
    expect(await answersOf(bed, fixture)).toEqual(answers)
    const { employee } = await bed
      .as(bed.issue({ role: 'hr' }))
      .employees.getEmployee({ asnId: fixture.erased.asnId })
    expect(employee?.person).toBeUndefined()
    await bed.close()
  })

  test('does not start where more was signed than was backed up', async () => {
    const folder = await restored('behind')
    const bed = await openTestbed({ folder })
    await register(bed)
    await bed.close()
    rmSync(dataOf(folder), { recursive: true })
    const { logs } = await restore({ from: backup, data: dataOf(folder) })
    expect(logs.find(({ service }) => service === 'enrollment')).toMatchObject({ lost: 'head' })
    await expect(openTestbed({ folder })).rejects.toThrow('it is an older copy of itself')
  })
})

const sizeIn = (folder: string, service: string) =>
  readBackupManifest(folder).manifest.logs.find(log => log.service === service)?.size

describe('a log that goes on under a new origin', () => {
  let folder: string
  let lost: Awaited<ReturnType<typeof register>>
  let givenUp: string
  let kept: Awaited<ReturnType<typeof restore>>

  beforeAll(async () => {
    folder = await restored('onward')
    const bed = await openTestbed({ folder })
    lost = await register(bed)
    await bed.close()
    givenUp = readFileSync(join(`${dataOf(folder)}.keys`, 'enrollment.head'), 'utf8')
    rmSync(dataOf(folder), { recursive: true })
    kept = await restore({ from: backup, data: dataOf(folder), newOrigin: true })
  })

  test('says which log its events are of, and which head is given up', async () => {
    const bed = await openTestbed({ folder })
    const log = bed.logs.get('enrollment')
    const size = sizeIn(backup, 'enrollment') ?? 0
    const [page] = (await log?.readStreams([{ stream: 'log/origin' }])) ?? []
    const entry = page?.events[0]?.entry ?? new Uint8Array()
    const continued = logEvents.read(entry)
    expect(continued).toMatchObject({ origin: 'jejak.localhost/enrollment', size, givenUp })
    expect(decode(entry).source).toBe(log?.origin)
    expect(log?.origin).toMatch(/^jejak\.localhost\/restored-\d{8}T\d{6}Z\/enrollment$/)
    await bed.close()
  })

  test('goes on from every head of before that its events bear out', async () => {
    const bed = await openTestbed({ folder })
    const log = bed.logs.get('enrollment')
    const old = readFileSync(join(`${dataOf(original)}.keys`, 'enrollment.head'), 'utf8')
    const vkey = readFileSync(join(kept.archive ?? '', 'enrollment.vkey'), 'utf8').trim()
    const { size: oldSize, root: oldRoot } = openCheckpoint(old, [parseVerifier(vkey)])
    const head = openCheckpoint(log?.head()?.checkpoint ?? '', [parseVerifier(log?.vkey ?? '')])
    const proof = (await log?.consistency(oldSize, head.size)) ?? []
    const { size, root } = head
    expect(verifyConsistency({ oldSize, oldRoot, size, root, proof })).toBe(true)
    await bed.close()
  })

  test('gives back nobody who was erased since', async () => {
    const place = await restored('forgotten')
    const [somebody] = fixture.people
    const { recordId: asnId = '', nip = '' } = somebody ?? {}
    const before = await openTestbed({ folder: place })
    const erasure = { ...written(), ...erasureOf(asnId) }
    await before.as(before.issue({ role: 'hr' })).employees.eraseEmployee(erasure)
    await before.close()
    rmSync(dataOf(place), { recursive: true })
    await restore({ from: backup, data: dataOf(place), newOrigin: true })
    const bed = await openTestbed({ folder: place })
    const { employees } = bed.as(bed.issue({ role: 'hr' }))
    expect((await employees.getEmployee({ asnId })).employee?.person).toBeUndefined()
    await expect(employees.lookUpEmployee({ nip })).rejects.toThrow()
    await bed.close()
  })

  test('answers as before, and takes more, also what was lost', async () => {
    const bed = await openTestbed({ folder })
    await idle(bed)
    expect(await answersOf(bed, fixture)).toEqual(answers)
    const { employees } = bed.as(bed.issue({ role: 'hr' }))
    await expect(employees.lookUpEmployee({ nip: lost.nip })).rejects.toThrow()
    const { nip, name, birthDate } = lost
    const posting = { agency: 'rsud-daya', position, since }
    const person = { nip, name, birthDate }
    const { asnId } = await employees.registerEmployee({ ...written(), person, posting })
    const { employee } = await employees.getEmployee({ asnId })
    expect(employee?.person).toMatchObject(person)
    const [stays] = fixture.people
    const moved = { agency: 'dinkes', position, since: '2026-06-10' }
    await employees.postEmployee({ ...written(), asnId: stays?.asnId ?? '', posting: moved })
    expect(bed.failures).toEqual([])
    await bed.close()
  })

  test('keeps the key and the head of before, and gives up no log that can go on', () => {
    expect(readFileSync(join(kept.archive ?? '', 'enrollment.head'), 'utf8')).toBe(givenUp)
    expect(existsSync(join(kept.archive ?? '', 'certification.key'))).toBe(false)
    const continued = kept.logs.filter(({ continuedAs }) => continuedAs)
    expect(continued.map(({ service }) => service)).toEqual(['enrollment'])
  })

  test('is no choice where nothing is lost', async () => {
    const elsewhere = join(root, 'nothing-lost')
    cpSync(`${dataOf(original)}.keys`, `${dataOf(elsewhere)}.keys`, { recursive: true })
    const options = { from: backup, data: dataOf(elsewhere), newOrigin: true }
    await expect(restore(options)).rejects.toThrow('without --new-origin')
    expect(existsSync(dataOf(elsewhere))).toBe(false)
  })

  test('is one for each log where the keys are lost, but for that of the vault', async () => {
    const elsewhere = join(root, 'keys-lost')
    mkdirSync(`${dataOf(elsewhere)}.keys`, { recursive: true })
    const wrapping = join(`${dataOf(original)}.keys`, 'wrapping.key')
    const copied = join(`${dataOf(elsewhere)}.keys`, 'wrapping.key')
    writeFileSync(copied, readFileSync(wrapping), { mode: 0o600 })
    const options = { from: backup, data: dataOf(elsewhere), newOrigin: true }
    const { logs } = await restore(options)
    expect(logs.every(({ lost, continuedAs }) => lost === 'key' && continuedAs)).toBe(true)
    const bed = await openTestbed({ folder: elsewhere })
    await idle(bed)
    expect(await answersOf(bed, fixture)).toEqual(answers)
    await bed.close()
  })

  test('is gone on with where a restore ended while keys were changing', async () => {
    const elsewhere = join(root, 'interrupted')
    const keys = `${dataOf(elsewhere)}.keys`
    cpSync(`${dataOf(original)}.keys`, keys, { recursive: true })
    const key = join(keys, 'enrollment.key')
    const bytes = readFileSync(key)
    rmSync(key)
    mkdirSync(key) // In the way, where the process would have been killed.
    const options = { from: backup, data: dataOf(elsewhere), newOrigin: true }
    await expect(restore(options)).rejects.toThrow('EISDIR')
    expect(existsSync(dataOf(elsewhere))).toBe(false)
    const another = join(root, 'another')
    await backUp({ data: dataOf(original), to: another })
    await expect(restore({ ...options, from: another })).rejects.toThrow('half restored')
    rmSync(key, { recursive: true })
    writeFileSync(key, bytes)
    const { logs, archive = '' } = await restore(options)
    expect(readFileSync(join(archive, 'enrollment.key'))).toEqual(bytes)
    const bed = await openTestbed({ folder: elsewhere })
    const continued = logs.find(({ service }) => service === 'enrollment')?.continuedAs
    expect(bed.logs.get('enrollment')?.origin).toBe(continued)
    await idle(bed)
    expect(await answersOf(bed, fixture)).toEqual(answers)
    await bed.close()
  })
})
