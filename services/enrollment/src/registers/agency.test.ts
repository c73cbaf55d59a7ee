import { registeredAgency } from '@jejak/competency/agency-register'
import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Agency,
  agency,
  closeAgency,
  registerAgency,
  renameAgency,
  withdrawClosing,
} from './agency.ts'

const code = 'dinas-pertanahan'
const basis = 'Perda 8/2016'
const today = '2026-04-01'
const registration = { agency: code, title: 'Dinas Pertanahan', since: '2017-01-01', basis }
const registered = { type: 'AgencyRegistered', ...registration } as const
const renaming = { ...registration, title: 'Dinas Tata Ruang', since: '2021-07-01' }
const renamed = { type: 'AgencyRenamed', ...renaming } as const
const end = { agency: code, since: '2026-01-01', successor: 'dinas-pu', basis }
const closed = { type: 'AgencyClosed', ...end } as const

describe('an agency', () => {
  test('is registered once, under a code that is nobody else’s for ever', () => {
    expect(given(agency).when(registerAgency, registration)).toEqual([registered])
    expect(given(agency, registered).when(registerAgency, registration)).toEqual([])
    const other = { ...registration, title: 'Dinas Lain' }
    expect(given(agency, registered, closed).when(registerAgency, other)).toEqual(
      refuse('AgencyRegistered'),
    )
    // One that comes with the program.
    const builtIn = { ...registration, agency: 'dinkes' }
    expect(given(agency).when(registerAgency, builtIn)).toEqual(refuse('AgencyRegistered'))
  })

  test('is renamed while it is one', () => {
    expect(given(agency).when(renameAgency, renaming)).toEqual(refuse('AgencyUnknown'))
    expect(given(agency, registered).when(renameAgency, renaming)).toEqual([renamed])
    expect(given(agency, registered, renamed).when(renameAgency, renaming)).toEqual([])
    const late = { ...renaming, since: end.since }
    expect(given(agency, registered, closed).when(renameAgency, late)).toEqual(
      refuse('AgencyClosed'),
    )
    const builtIn = { ...renaming, agency: 'dinkes' }
    expect(given(agency).when(renameAgency, builtIn)).toEqual([{ ...renamed, agency: 'dinkes' }])
  })

  test('is closed once, on a day after its first', () => {
    expect(given(agency).when(closeAgency, end, today)).toEqual(refuse('AgencyUnknown'))
    const early = { ...end, since: registration.since }
    expect(given(agency, registered).when(closeAgency, early, today)).toEqual(
      refuse('AgencyUnknown'),
    )
    expect(given(agency, registered).when(closeAgency, end, today)).toEqual([closed])
    expect(given(agency, registered, closed).when(closeAgency, end, today)).toEqual([])
    const { successor: _, ...alone } = end
    expect(given(agency, registered, closed).when(closeAgency, alone, today)).toEqual(
      refuse('AgencyClosed'),
    )
  })

  test('that was closed wrongly is corrected, and what was said first stays', () => {
    const right = { ...end, successor: 'dinas-sosial' }
    expect(given(agency, registered).when(closeAgency, right, today, true)).toEqual(
      refuse('AgencyOpen'),
    )
    const corrected = { type: 'AgencyClosed', ...right } as const
    expect(given(agency, registered, closed).when(closeAgency, right, today, true)).toEqual([
      corrected,
    ])
    const again = given(agency, registered, closed, corrected)
    expect(again.when(closeAgency, right, today, true)).toEqual([])
    expect(again.when(closeAgency, end, today)).toEqual(refuse('AgencyClosed'))
  })

  test('that was closed by mistake goes on', () => {
    const withdrawal = { agency: code, basis: 'Salah kode' }
    const withdrawn = { type: 'AgencyClosingWithdrawn', ...withdrawal } as const
    expect(given(agency).when(withdrawClosing, withdrawal)).toEqual(refuse('AgencyUnknown'))
    expect(given(agency, registered).when(withdrawClosing, withdrawal)).toEqual(
      refuse('AgencyOpen'),
    )
    expect(given(agency, registered, closed).when(withdrawClosing, withdrawal)).toEqual([withdrawn])
    const open = given(agency, registered, closed, withdrawn)
    expect(open.when(withdrawClosing, withdrawal)).toEqual([])
    expect(open.when(closeAgency, end, today)).toEqual([closed])
    expect(open.when(renameAgency, { ...renaming, since: end.since })).toMatchObject([
      { type: 'AgencyRenamed' },
    ])
  })

  test('has its successor corrected, whatever name it was to have after it was closed', () => {
    const planned = { ...renaming, since: '2026-09-01' }
    const ended = { ...end, since: '2026-05-01' }
    const right = { ...ended, successor: 'rsud-daya' }
    const named = { type: 'AgencyRenamed', ...planned } as const
    const wrong = { type: 'AgencyClosed', ...ended } as const
    const both = given(agency, registered, named, wrong)
    expect(both.when(closeAgency, right, '2026-10-01', true)).toMatchObject([
      { type: 'AgencyClosed', successor: 'rsud-daya' },
    ])
  })

  test('is not closed before a name that it has had; one that was planned never holds', () => {
    const early = { ...end, since: renaming.since }
    const both = given(agency, registered, renamed)
    expect(both.when(closeAgency, early, today)).toEqual(refuse('NamedLater'))
    const corrected = given(agency, registered, renamed, closed)
    expect(corrected.when(closeAgency, early, today, true)).toEqual(refuse('NamedLater'))
    const planned = { ...renamed, since: '2026-07-01' }
    expect(given(agency, registered, planned).when(closeAgency, end, today)).toEqual([closed])
    const state = [registered, planned, closed].reduce<Agency>(
      (now, event) => agency.evolve[event.type](now, event as never),
      agency.initial,
    )
    expect(registeredAgency(code, state)?.titles).toHaveLength(1)
  })

  test('has every name with its day', () => {
    const state = [registered, renamed, closed].reduce<Agency>(
      (now, event) => agency.evolve[event.type](now, event as never),
      agency.initial,
    )
    expect(registeredAgency(code, state)).toEqual({
      code,
      titles: [
        { title: 'Dinas Pertanahan', since: '2017-01-01' },
        { title: 'Dinas Tata Ruang', since: '2021-07-01' },
      ],
      closed: { since: '2026-01-01', successor: 'dinas-pu' },
    })
    expect(registeredAgency('unknown', agency.initial)).toBeUndefined()
  })

  test('is the same after a retry', () => {
    const since = fc.constantFrom('2017-01-01', '2021-07-01', '2026-01-01')
    const title = fc.constantFrom('Dinas Pertanahan', 'Dinas Tata Ruang')
    const change = fc.record({ agency: fc.constantFrom(code, 'dinkes'), title, since })
    twiceIsOnce(
      agency,
      fc.oneof(
        change.map(made => (state: Agency) => registerAgency(state, { ...made, basis })),
        change.map(made => (state: Agency) => renameAgency(state, { ...made, basis })),
        change.map(
          ({ agency }) =>
            (state: Agency) =>
              withdrawClosing(state, { agency, basis }),
        ),
        change.map(
          ({ agency, since }) =>
            (state: Agency) =>
              closeAgency(state, { agency, since, basis }, today),
        ),
      ),
    )
  })
})
