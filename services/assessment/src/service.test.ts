import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { archives } from '@jejak/competency/archives'
import { dictionaries } from '@jejak/competency/dictionary'
import { standards } from '@jejak/competency/standards'
import { assessmentEvents } from '@jejak/events/assessment'
import { decode } from '@jejak/eventsourcing/entry'
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
const builtIn = dictionaries.length + standards.length + archives.length
const [first] = standards

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
        ['FrameworkPublished', 'StandardSet', 'ArchiveRegistered'].map(
          name => `jejak.assessment.${name}.v1`,
        ),
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
