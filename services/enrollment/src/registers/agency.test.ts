import { registeredAgency } from '@jejak/competency/agency-register'
import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Agency, agency, closeAgency, registerAgency, renameAgency } from './agency.ts'

const code = 'dinas-pertanahan'
const basis = 'Perda 8/2016'
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
    expect(given(agency).when(closeAgency, end)).toEqual(refuse('AgencyUnknown'))
    const early = { ...end, since: registration.since }
    expect(given(agency, registered).when(closeAgency, early)).toEqual(refuse('AgencyUnknown'))
    expect(given(agency, registered).when(closeAgency, end)).toEqual([closed])
    expect(given(agency, registered, closed).when(closeAgency, end)).toEqual([])
    const { successor: _, ...alone } = end
    expect(given(agency, registered, closed).when(closeAgency, alone)).toEqual(
      refuse('AgencyClosed'),
    )
  })

  test('that was closed wrongly is corrected, and what was said first stays', () => {
    const right = { ...end, successor: 'dinas-sosial' }
    expect(given(agency, registered).when(closeAgency, right, true)).toEqual(refuse('AgencyOpen'))
    const corrected = { type: 'AgencyClosed', ...right } as const
    expect(given(agency, registered, closed).when(closeAgency, right, true)).toEqual([corrected])
    const again = given(agency, registered, closed, corrected)
    expect(again.when(closeAgency, right, true)).toEqual([])
    expect(again.when(closeAgency, end)).toEqual(refuse('AgencyClosed'))
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
          ({ agency, since }) =>
            (state: Agency) =>
              closeAgency(state, { agency, since, basis }),
        ),
      ),
    )
  })
})
