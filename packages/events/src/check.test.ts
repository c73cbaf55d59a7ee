import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from '@jejak/eventsourcing/entry'
import { describe, expect, test } from 'vitest'
import { catalogues, checkKnown, declared } from './check.ts'
import { publishers } from './publishers.ts'

const stored = (event: string) =>
  decode(readFileSync(join(import.meta.dirname, `../golden/${event}.json`)))
const recorded = stored('assessment.AssessmentRecorded.v2')
const assessed = recorded.data as Readonly<Record<string, unknown>>
const [evidence] = assessed['evidence'] as Readonly<Record<string, unknown>>[]

const fieldsRefused = (type: string, data: unknown) =>
  checkKnown({ id: 'x', type, data }).map(({ field }) => field)

describe('the check of an event', () => {
  test('knows every publisher', async () => {
    const files = readdirSync(import.meta.dirname).filter(file => /(?<!\.test)\.ts$/.test(file))
    const modules = await Promise.all(files.map(file => import(join(import.meta.dirname, file))))
    const found = modules
      .flatMap(Object.values)
      .filter(value => typeof value === 'object' && 'declarations' in value)
    expect(new Set(found)).toEqual(new Set(declared))
    expect(catalogues.map(({ publisher }) => publisher)).toEqual([...publishers])
  })

  test('refuses what nobody declares under our name, and leaves others their own', () => {
    for (const type of ['jejak.assessment.AssessmentRecorded.v9', 'jejak.payroll.Paid.v1']) {
      expect(checkKnown({ id: 'x', type, data: assessed })).toEqual([
        { field: '.type', description: `no such event is declared: ${type}` },
      ])
    }
    expect(fieldsRefused('id.go.bkn.Assessed', 'anything')).toEqual([])
    expect(fieldsRefused('jejakku.Assessed', 'anything')).toEqual([])
  })
})

describe('a recorded assessment', () => {
  test.each([
    ['a level past the last', '.data.level', { level: 6 }],
    ['no level', '.data.level', { level: 0 }],
    ['half a level', '.data.level', { level: 2.5 }],
    ['a day that no calendar has', '.data.occurredOn', { occurredOn: '2026-02-30' }],
    ['a moment for a day', '.data.occurredOn', { occurredOn: '2026-02-28T09:00:00Z' }],
    ['a title for a code', '.data.competency', { competency: 'Kerja sama' }],
    ['a code that is too long', '.data.framework', { framework: 'a'.repeat(65) }],
    ['a phase that there is not', '.data.phase', { phase: 'later' }],
    ['a NIP for an id', '.data.asnId', { asnId: '198001012005011001' }],
    ['an id in upper case', '.data.asnId', { asnId: String(assessed['asnId']).toUpperCase() }],
    ['no evidence', '.data.evidence', { evidence: [] }],
    ['too much evidence', '.data.evidence', { evidence: Array(11).fill(evidence) }],
    ['evidence without a hash', '.data.evidence.0.sha256', { evidence: [{ sha256: 'scan.pdf' }] }],
    [
      'an address of evidence',
      '.data.evidence.0.uri',
      { evidence: [{ ...evidence, uri: 'https://berkas.example/ayu' }] },
    ],
    [
      'an archive alone',
      '.data.evidence.0',
      { evidence: [{ sha256: evidence?.['sha256'], archive: 'srikandi' }] },
    ],
    ['a name', '.data.name', { name: 'Ayu' }],
  ])('does not have %s', (_, field, wrong) => {
    expect(fieldsRefused(recorded.type, { ...assessed, ...wrong })).toContain(field)
  })

  test('may be without a training', () => {
    const { enrollmentId: _, ...untrained } = assessed
    expect(fieldsRefused(recorded.type, untrained)).toEqual([])
  })
})

describe('what is sealed', () => {
  const registered = stored('enrollment.EmployeeRegistered.v1')
  const { asnId, person } = registered.data as { asnId: string; person: object }
  const padded = (bytes: number) => Buffer.alloc(bytes).toString('base64')

  test.each([
    ['in the clear', '.data.person', 'Ayu'],
    ['with another cipher', '.data.person.alg', { ...person, alg: 'A128GCM' }],
    ['with a vector that is too short', '.data.person.iv', { ...person, iv: padded(11) }],
    ['with a vector that is too long', '.data.person.iv', { ...person, iv: padded(13) }],
    ['without padding', '.data.person.ciphertext', { ...person, ciphertext: padded(78) }],
    [
      'in a form of base64 for URLs',
      '.data.person.ciphertext',
      { ...person, ciphertext: '-_'.repeat(54) },
    ],
    [
      'in half a group of base64',
      '.data.person.ciphertext',
      { ...person, ciphertext: `${padded(81)}AA` },
    ],
    ['at any length', '.data.person.ciphertext', { ...person, ciphertext: padded(12_289) }],
    ['with its plaintext beside it', '.data.person.name', { ...person, name: 'Ayu' }],
  ])('is never %s', (_, field, wrong) => {
    expect(fieldsRefused(registered.type, { asnId, person: wrong })).toContain(field)
  })

  test.each([80, 144, 12_240])('may have %i bytes', bytes => {
    const sealed = { ...person, ciphertext: padded(bytes) }
    expect(fieldsRefused(registered.type, { asnId, person: sealed })).toEqual([])
  })
})
