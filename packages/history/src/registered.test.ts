import { describe, expect, test } from 'vitest'
import {
  assessment,
  eventRecorder,
  historyIn,
  idOf,
  levelsIn,
  registered,
  sealed,
  sentencesOf,
  siti,
} from './testing/events.ts'

const keyId = idOf(900)

describe('a civil servant who was erased on 1 May', () => {
  const { facts, record } = eventRecorder()
  registered({ facts, record })
  record('2026-03-02', 'AssessmentRecorded', assessment(10, 3, '2026-03-01'))
  record('2026-05-01', 'SubjectErased', {
    asnId: siti,
    keyId,
    basis: 'UU 27/2022',
    disposition: 'musnah',
  })
  const person = (...asked: Parameters<typeof historyIn>) => {
    const history = historyIn(...asked)
    const lines = sentencesOf(history, 'EmployeeRegistered', 'SubjectErased')
    return { erased: history.erased, levels: levelsIn(history), lines }
  }

  test('had personal data, for all that was known before', () => {
    for (const [asOf, levels] of [
      ['2026-02-28', {}],
      ['2026-06-30', { integritas: 3 }],
    ] as const) {
      expect(person(facts, { asOf, known: '2026-04-30' })).toEqual({
        erased: false,
        levels,
        lines: ['2026-01-05 EmployeeRegistered counts'],
      })
    }
  })

  test('has none since, also of days before; what they attained stays', () => {
    for (const [asOf, levels] of [
      ['2026-02-28', {}],
      ['2026-06-30', { integritas: 3 }],
    ] as const) {
      expect(person(facts, { asOf, known: '2026-05-01' })).toEqual({
        erased: true,
        levels,
        lines: [
          '2026-01-05 EmployeeRegistered over: erased: UU 27/2022',
          '2026-05-01 SubjectErased counts',
        ],
      })
    }
  })
})

describe('a NIP that is another from 1 March, which is recorded on 1 May', () => {
  const { facts, record } = eventRecorder()
  registered({ facts, record })
  const change = { asnId: siti, nip: sealed, reason: 'PPPK menjadi PNS', since: '2026-03-01' }
  const changed = record('2026-05-01', 'NipChanged', change)
  const nips = (...asked: Parameters<typeof historyIn>) =>
    sentencesOf(historyIn(...asked), 'EmployeeRegistered', 'NipChanged')
  const first = '2026-01-05 EmployeeRegistered counts'

  test('is the first one on the days before, whatever is known', () => {
    expect(nips(facts, { asOf: '2026-02-28', known: '2026-04-30' })).toEqual([first])
    expect(nips(facts, { asOf: '2026-02-28', known: '2026-05-01' })).toEqual([first])
  })

  test('was the first one on the days after, for all that was known before', () => {
    expect(nips(facts, { asOf: '2026-06-30', known: '2026-04-30' })).toEqual([first])
  })

  test('is the other one on the days after, since that is known', () => {
    expect(nips(facts, { asOf: '2026-03-01', known: '2026-05-01' })).toEqual([
      `${first}: its NIP was changed`,
      '2026-03-01 NipChanged counts',
    ])
    const [line] = historyIn(facts).lines.filter(({ fact }) => fact.type === 'EmployeeRegistered')
    expect(line?.by).toBe(changed.id)
  })

  test('can be another again: the one that began last counts', () => {
    record('2026-05-02', 'NipChanged', { ...change, since: '2026-04-01' })
    record('2026-05-03', 'NipChanged', { ...change, since: '2026-04-01' })
    expect(nips(facts)).toEqual([
      `${first}: its NIP was changed`,
      '2026-03-01 NipChanged over: a later NIP began 2026-04-01',
      '2026-04-01 NipChanged superseded: a later NIP is from the same day',
      '2026-04-01 NipChanged counts',
    ])
  })
})

describe('a transfer from 1 March, which is recorded on 1 May', () => {
  const { facts, record } = eventRecorder()
  registered({ facts, record })
  const office = { agency: 'dinkes', position: 'perawat-ahli-pertama', since: '2026-03-01' }
  record('2026-05-01', 'EmployeePosted', { asnId: siti, ...office })
  const posted = (...asked: Parameters<typeof historyIn>) => {
    const history = historyIn(...asked)
    return {
      agencies: history.postings.map(({ agency }) => agency),
      lines: sentencesOf(history, 'EmployeePosted'),
    }
  }
  const stays = { agencies: ['rsud-daya'], lines: ['2020-01-01 EmployeePosted counts'] }

  test('changes nothing on the days before, whatever is known', () => {
    expect(posted(facts, { asOf: '2026-02-28', known: '2026-04-30' })).toEqual(stays)
    expect(posted(facts, { asOf: '2026-02-28', known: '2026-05-01' })).toEqual(stays)
  })

  test('had not happened, for all that was known before', () => {
    expect(posted(facts, { asOf: '2026-06-30', known: '2026-04-30' })).toEqual(stays)
  })

  test('has happened on the days after, since that is known', () => {
    expect(posted(facts, { asOf: '2026-03-01', known: '2026-05-01' })).toEqual({
      agencies: ['rsud-daya', 'dinkes'],
      lines: [
        '2020-01-01 EmployeePosted over: a later posting began 2026-03-01',
        '2026-03-01 EmployeePosted counts',
      ],
    })
  })

  test('can be recorded anew for the same day: the last one counts', () => {
    record('2026-05-02', 'EmployeePosted', { asnId: siti, ...office, agency: 'disdukcapil' })
    expect(posted(facts)).toEqual({
      agencies: ['rsud-daya', 'disdukcapil'],
      lines: [
        '2020-01-01 EmployeePosted over: a later posting began 2026-03-01',
        '2026-03-01 EmployeePosted superseded: a later posting is from the same day',
        '2026-03-01 EmployeePosted counts',
      ],
    })
  })
})

describe('a record that was merged into Siti’s on 1 May', () => {
  const duplicate = idOf(2)
  const { facts, record } = eventRecorder()
  registered({ facts, record })
  registered({ facts, record }, duplicate, '2026-01-06', '2021-01-01')
  record('2026-03-02', 'AssessmentRecorded', {
    ...assessment(10, 4, '2026-03-01'),
    asnId: duplicate,
  })
  record('2026-05-01', 'DuplicateAbsorbed', {
    asnId: siti,
    duplicateId: duplicate,
    reason: 'ganda',
  })
  record('2026-05-01', 'EmployeeMerged', { asnId: duplicate, survivorId: siti, reason: 'ganda' })
  const both = [siti, duplicate]
  const person = (asked: NonNullable<Parameters<typeof historyIn>[1]>) => {
    const history = historyIn(facts, { of: both, ...asked })
    return { records: history.records, levels: levelsIn(history) }
  }

  test('was somebody else’s, for all that was known before', () => {
    for (const asOf of ['2026-02-28', '2026-06-30']) {
      expect(person({ asOf, known: '2026-04-30' })).toEqual({ records: [siti], levels: {} })
    }
    const other = { of: [duplicate], asOf: '2026-06-30', known: '2026-04-30' }
    expect(person(other)).toEqual({ records: [duplicate], levels: { integritas: 4 } })
  })

  test('is Siti’s since, with all that came under it, also on days before', () => {
    const known = '2026-05-01'
    expect(person({ asOf: '2026-02-28', known })).toEqual({ records: both, levels: {} })
    expect(person({ asOf: '2026-03-01', known })).toEqual({
      records: both,
      levels: { integritas: 4 },
    })
  })

  test('gives the same answer to whoever asks for it by its own id', () => {
    expect(historyIn(facts, { of: [duplicate] })).toEqual(historyIn(facts, { of: both }))
  })

  test('says no more where Siti serves, and who she is', () => {
    const types = ['EmployeeRegistered', 'EmployeePosted']
    expect(sentencesOf(historyIn(facts), ...types)).toEqual([
      '2020-01-01 EmployeePosted counts',
      `2021-01-01 EmployeePosted over: merged into ${siti}`,
      '2026-01-05 EmployeeRegistered counts',
      `2026-01-06 EmployeeRegistered over: merged into ${siti}`,
    ])
    expect(historyIn(facts).postings).toHaveLength(1)
  })
})

describe('a civil servant whose data was corrected', () => {
  const { facts, record } = eventRecorder()
  registered({ facts, record })
  for (const day of ['2026-03-02', '2026-04-02']) {
    record(day, 'PersonalDataCorrected', { asnId: siti, person: sealed, reason: 'akta' })
  }
  const lines = (known: string) =>
    sentencesOf(
      historyIn(facts, { asOf: '2026-06-30', known }),
      ...(['EmployeeRegistered', 'PersonalDataCorrected'] as const),
    )

  test('has every line, each with a note that a later one corrects it', () => {
    const note = 'counts: personal data in it was corrected later'
    expect(lines('2026-02-28')).toEqual(['2026-01-05 EmployeeRegistered counts'])
    expect(lines('2026-06-30')).toEqual([
      `2026-01-05 EmployeeRegistered ${note}`,
      `2026-03-02 PersonalDataCorrected ${note}`,
      '2026-04-02 PersonalDataCorrected counts',
    ])
  })
})
