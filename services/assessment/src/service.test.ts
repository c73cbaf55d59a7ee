import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { archives } from '@jejak/competency/archives'
import { assessmentEvents } from '@jejak/events/assessment'
import { decode } from '@jejak/eventsourcing/entry'
import { dictionaries } from '@jejak/frameworks/built-in'
import { sampleStandards } from '@jejak/frameworks/standards'
import { memoryVault } from '@jejak/privacy/memory-vault'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AssessmentServicePorts, assessmentService } from './service.ts'
import { openAssessmentStreams } from './streams.ts'
import { assessmentOf, openRegistry, openTestbed, type Registry } from './testing/service.ts'

const source = 'jejak.example/assessment'
const defined = dictionaries.flatMap(({ competencies }) => competencies)
const builtIn = dictionaries.length + defined.length + sampleStandards().length + archives.length
const [first] = sampleStandards()

describe.each(['memory', 'sqlite'] as const)('the service on %s', kind => {
  let ports: AssessmentServicePorts & { employees: Registry }
  let folder: string

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jejak-assessment-'))
    const store = kind === 'memory' ? memoryStore() : await sqliteStore(join(folder, 'log.db'))
    const signer = parseSigner(generateKey(source))
    const { check } = assessmentEvents
    const log = await openLog({ store, origin: source, signer, check })
    const clock = () => Date.parse('2026-02-01T00:00:00Z')
    ports = { log, source, employees: openRegistry(), keys: memoryVault(), clock }
  })
  afterEach(async () => {
    await ports.log.close()
    rmSync(folder, { recursive: true })
  })

  test('records once what comes with the program, however often it is opened', async () => {
    await assessmentService(ports)
    await assessmentService(ports)
    const types: string[] = []
    for await (const { entries } of ports.log.read(0)) {
      types.push(...entries.map(entry => decode(entry).type))
    }
    expect(types).toHaveLength(builtIn)
    expect(new Set(types)).toEqual(
      new Set(
        [
          'FrameworkPublished.v2',
          'CompetencyDefined.v1',
          'StandardSet.v1',
          'ArchiveRegistered.v1',
        ].map(name => `jejak.assessment.${name}`),
      ),
    )
  })

  test('leaves a standard as it was set before', async () => {
    if (!first) throw new Error('no standard comes with the program')
    const { position, validFrom } = first
    const requirements = [{ framework: 'permenpanrb-38-2017', competency: 'integritas', level: 5 }]
    const ours = { position, validFrom, legalBasis: 'Perwali 1/2018', requirements }
    await openAssessmentStreams(ports.log, source).standards.transact(position, {
      decide: () => [{ type: 'StandardSet', ...ours }],
    })
    await assessmentService(ports)
    expect(await ports.log.size()).toBe(builtIn)
    expect(await openAssessmentStreams(ports.log, source).standards.read(position)).toEqual([ours])
  })

  test('leaves a dictionary as an earlier version of the program published it', async () => {
    const frameworkId = 'sampel-manajemen-rumah-sakit'
    const before = {
      frameworkId,
      title: 'Manajemen Rumah Sakit',
      legalBasis: 'Contoh',
      validFrom: '2018-01-01',
      sample: true,
      competencies: [{ code: 'keselamatan-pasien', title: 'Keselamatan Pasien', kind: 'teknis' }],
    }
    const event = {
      id: randomUUID(),
      type: 'jejak.assessment.FrameworkPublished.v1',
      data: before,
    }
    // A log of today takes no event of version 1 any more.
    const signer = parseSigner(generateKey(source))
    const log = await openLog({ store: memoryStore(), origin: source, signer, check: () => [] })
    const appended = await log.append({
      stream: `framework/${frameworkId}`,
      expected: 0,
      events: [event],
    })
    expect(appended).toHaveProperty('entries')
    const bed = await openTestbed({ ...ports, log })
    const { framework } = await bed.frameworks('hr').getFramework({ frameworkId })
    expect(framework).toMatchObject({ title: 'Manajemen Rumah Sakit', series: frameworkId })
    expect(framework?.scale).toHaveLength(5)
    expect(framework?.competencies).toMatchObject(before.competencies)
    await bed.close()
  })

  test('knows after a restart what was published before', async () => {
    const framework = {
      frameworkId: 'kamus-uji-2026',
      title: 'Kamus Uji',
      legalBasis: 'Perwali 1/2026',
      validFrom: '2026-01-01',
      sample: true,
      competencies: [{ code: 'menguji', title: 'Menguji', kind: 'teknis' }],
    }
    const before = await openTestbed(ports)
    await before.frameworks('hr').publishFramework({ requestId: randomUUID(), framework })
    const bed = await openTestbed(ports)
    const asnId = ports.employees.register()
    const assessment = {
      ...assessmentOf(asnId),
      framework: framework.frameworkId,
      competency: 'menguji',
    }
    const submitted = { requestId: randomUUID(), assessment }
    const { recorded } = await bed.assessments('rsud-daya').submitAssessment(submitted)
    expect(recorded?.entries).toHaveLength(1)
    const { frameworks } = await bed.frameworks('ministry').listFrameworks({})
    expect(frameworks.map(({ frameworkId }) => frameworkId)).toContain(framework.frameworkId)
    await before.close()
    await bed.close()
  })
})
