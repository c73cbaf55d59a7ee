import { postingOn } from '@jejak/competency/posting'
import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  abandon,
  absorb,
  changeNip,
  type Employee,
  employee,
  erase,
  firstPosting,
  merge,
  type Posting,
  post,
  postAnyway,
  register,
} from './employee.ts'

const asnId = '0197a000-0000-7000-8000-000000000001'
const otherId = '0197a000-0000-7000-8000-000000000002'
const keyId = '0197a000-0000-7000-8000-00000000000a'
const sealed = (ciphertext: string) =>
  ({ alg: 'A256GCM', keyId, iv: 'AAAAAAAAAAAAAAAA', ciphertext }) as const
const person = sealed('person')
const rsud: Posting = { agency: 'rsud-daya', position: 'perawat-ahli-pertama', since: '2020-01-01' }
const dinkes: Posting = { agency: 'dinkes', position: 'perawat-ahli-muda', since: '2026-03-01' }
const life = { firstPossibleDay: '1986-01-01' }
const registration = { asnId, keyId, commitment: 'c0', person, posting: rsud }

const keyed = { type: 'SubjectKeyCreated', asnId, keyId, commitment: 'c0' } as const
const registered = { type: 'EmployeeRegistered', asnId, person } as const
const posted = { type: 'EmployeePosted', asnId, ...rsud } as const
const transferred = { type: 'EmployeePosted', asnId, ...dinkes } as const
const mergedAway = {
  type: 'EmployeeMerged',
  asnId,
  survivorId: otherId,
  reason: 'registered twice',
} as const
const erasure = { basis: 'UU 27/2022 Pasal 43', disposition: 'musnah' } as const
const erased = { type: 'SubjectErased', asnId, keyId, ...erasure } as const
const siti = [keyed, registered, posted] as const

describe('a civil servant', () => {
  test('is registered with a key, personal data and a posting, all at once', () => {
    expect(given(employee).when(register, registration)).toEqual(siti)
    expect(given(employee, ...siti).when(register, registration)).toEqual([])
    expect(given(employee, ...siti, erased).when(register, registration)).toEqual(
      refuse('EmployeeErased'),
    )
  })

  test('gets another NIP, unless it is the one that they have', () => {
    const change = { asnId, nip: sealed('nip'), reason: 'SK BKN 12/2026', since: '2026-01-01' }
    expect(given(employee, ...siti).when(changeNip, change, false, life)).toEqual([
      { type: 'NipChanged', ...change },
    ])
    expect(given(employee, ...siti).when(changeNip, change, true, life)).toEqual([])
    expect(given(employee).when(changeNip, change, false, life)).toEqual(refuse('EmployeeUnknown'))
  })

  test('has neither a NIP nor a posting from before they were born', () => {
    const early = '1985-12-31'
    const change = { asnId, nip: sealed('nip'), reason: 'SK BKN 12/2026', since: early }
    expect(given(employee, ...siti).when(changeNip, change, false, life)).toEqual(
      refuse('BeforeBirth'),
    )
    expect(given(employee, ...siti).when(post, asnId, { ...rsud, since: early }, life)).toEqual(
      refuse('BeforeBirth'),
    )
  })

  test('serves where the posting says that began last', () => {
    const state = given(employee, ...siti, transferred).when(now => now)
    expect(postingOn(state.postings, '2026-02-28')).toEqual(rsud)
    expect(postingOn(state.postings, '2026-03-01')).toEqual(dinkes)
    expect(postingOn(state.postings, '2019-12-31')).toEqual(rsud)
  })

  test('has the postings in the order in which they began, however late they are recorded', () => {
    const late = { ...rsud, since: '2023-05-01', position: 'perawat-ahli-muda' }
    const history = [...siti, transferred, { type: 'EmployeePosted', asnId, ...late }] as const
    expect(given(employee, ...history).when(now => now.postings)).toEqual([rsud, late, dinkes])
  })

  test('has one posting from a day on: the one recorded last', () => {
    const mended = { ...rsud, unit: 'instalasi-rawat-inap' }
    expect(given(employee, ...siti).when(post, asnId, rsud, life)).toEqual([])
    const [again] = [given(employee, ...siti).when(post, asnId, mended, life)].flat()
    expect(again).toEqual({ type: 'EmployeePosted', asnId, ...mended })
    const history = [...siti, { type: 'EmployeePosted', asnId, ...mended }] as const
    expect(given(employee, ...history).when(now => now.postings)).toEqual([mended])
  })

  test('who is transferred is employed as before, unless the posting says otherwise', () => {
    const contract = { employment: 'pppk', contractSince: '2020-01-01' } as const
    const pppk = [keyed, registered, { ...posted, ...contract }] as const
    const [event] = [given(employee, ...pppk).when(post, asnId, dinkes, life)].flat()
    expect(event).toEqual({ ...transferred, ...contract })
    const pns = { ...dinkes, employment: 'pns' } as const
    const [appointed] = [given(employee, ...pppk).when(post, asnId, pns, life)].flat()
    expect(appointed).toEqual({ ...transferred, employment: 'pns' })
    const renewed = { ...dinkes, contractSince: '2026-01-01' } as const
    const [again] = [given(employee, ...pppk).when(post, asnId, renewed, life)].flat()
    expect(again).toEqual({ ...transferred, ...contract, contractSince: '2026-01-01' })
    const stated = { ...dinkes, employment: 'pppk' } as const
    const [restated] = [given(employee, ...pppk).when(post, asnId, stated, life)].flat()
    expect(restated).toEqual({ ...transferred, ...contract })
    const partTime = { ...dinkes, employment: 'pppk-paruh-waktu' } as const
    const [changed] = [given(employee, ...pppk).when(post, asnId, partTime, life)].flat()
    expect(changed).toEqual({ ...transferred, employment: 'pppk-paruh-waktu' })
    const earlier = { ...dinkes, since: '2019-01-01' }
    const [late] = [given(employee, ...pppk).when(post, asnId, earlier, life)].flat()
    expect(late).toEqual({ ...transferred, since: '2019-01-01' })
  })

  test('is employed as before across a posting that was recorded without it', () => {
    const earlier = { ...posted, since: '2019-01-01' } as const
    const cpns = { ...posted, since: '2018-01-01', employment: 'cpns' } as const
    const now = given(employee, keyed, registered, earlier, cpns)
    const [event] = [now.when(post, asnId, { ...rsud, since: '2019-06-01' }, life)].flat()
    expect(event).toMatchObject({ employment: 'cpns' })
  })

  test('has a contract as a PPPK alone, within their life and not after the posting', () => {
    const history = (employment: 'pns' | 'pppk') =>
      given(employee, keyed, registered, { ...posted, employment })
    const from = (contractSince: string) => ({ ...dinkes, contractSince })
    for (const decide of [post, postAnyway]) {
      const pns = history('pns').when(decide, asnId, from('2026-01-01'), life)
      expect(pns).toEqual(refuse('NoContract'))
      const unknown = given(employee, ...siti).when(decide, asnId, from('2026-01-01'), life)
      expect(unknown).toEqual(refuse('NoContract'))
      const pppk = history('pppk')
      expect(pppk.when(decide, asnId, from('2026-03-02'), life)).toEqual(
        refuse('ContractAfterPosting'),
      )
      expect(pppk.when(decide, asnId, from('1985-12-31'), life)).toEqual(
        refuse('ContractBeforeBirth'),
      )
      expect(pppk.when(decide, asnId, from('2026-03-01'), life)).toMatchObject([{}])
    }
  })

  test('is employed as the NIP suggests where nothing else is stated', () => {
    const suggested = { ...rsud, employment: 'pns', employmentFromNip: true } as const
    expect(firstPosting(rsud, 'pns')).toEqual(suggested)
    const known = given(employee, keyed, registered, { ...posted, ...suggested })
    // A guess is not handed on: another day may have another NIP.
    const transfer = [known.when(post, asnId, dinkes, life, () => 'pppk')].flat()
    expect(transfer).toMatchObject([{ employment: 'pppk', employmentFromNip: true }])
    const stated = [known.when(post, asnId, { ...rsud, employment: 'pns' }, life)].flat()
    expect(stated).toEqual([{ ...posted, employment: 'pns' }])
    const cpns = { ...rsud, employment: 'cpns' } as const
    expect(firstPosting(cpns, 'pns')).toEqual(cpns)
    expect(firstPosting(rsud, undefined)).toEqual(rsud)
  })

  test('whose record is a duplicate goes into one other record', () => {
    const why = 'registered twice'
    expect(given(employee, ...siti).when(merge, asnId, otherId, why)).toEqual([mergedAway])
    expect(given(employee, ...siti, mergedAway).when(merge, asnId, otherId, why)).toEqual([])
    expect(given(employee, ...siti, mergedAway).when(merge, asnId, keyId, why)).toEqual(
      refuse('MergedElsewhere'),
    )
    expect(given(employee, ...siti, mergedAway).when(post, asnId, dinkes, life)).toEqual(
      refuse('EmployeeMerged'),
    )
  })

  test('does not go into the record that is a duplicate of theirs', () => {
    const why = 'registered twice'
    const absorbed = {
      type: 'DuplicateAbsorbed',
      asnId,
      duplicateId: otherId,
      reason: why,
    } as const
    expect(given(employee, ...siti).when(absorb, asnId, otherId, why)).toEqual([absorbed])
    expect(given(employee, ...siti, absorbed).when(absorb, asnId, otherId, why)).toEqual([])
    expect(given(employee, ...siti, absorbed).when(merge, asnId, otherId, why)).toEqual(
      refuse('MergesInCircle'),
    )
  })

  test('is erased once, with the first basis', () => {
    expect(given(employee, ...siti).when(erase, asnId, erasure)).toEqual([erased])
    expect(
      given(employee, ...siti, erased).when(erase, asnId, { ...erasure, basis: 'another' }),
    ).toEqual([])
    expect(given(employee).when(erase, asnId, erasure)).toEqual(refuse('EmployeeUnknown'))
    expect(given(employee, ...siti, erased).when(post, asnId, dinkes, life)).toEqual(
      refuse('EmployeeErased'),
    )
  })

  test('who was never registered can be kept from it, and nobody else', () => {
    const [abandoned] = [given(employee).when(abandon, asnId, keyId)].flat()
    expect(abandoned).toMatchObject({ type: 'SubjectErased', asnId, keyId })
    expect(given(employee, ...siti).when(abandon, asnId, keyId)).toEqual(
      refuse('RegisteredAlready'),
    )
  })

  test('is the same after a retry', () => {
    const nips = fc.constantFrom('198609262015051001', '198609262015051002')
    const held = (state: Employee, nip: string) => state.nips.at(-1)?.nip.ciphertext === nip
    const ids = fc.constantFrom(otherId, keyId)
    twiceIsOnce(
      employee,
      fc.oneof(
        fc.constant((state: Employee) => register(state, registration)),
        fc.constantFrom(rsud, dinkes).map(at => (state: Employee) => post(state, asnId, at, life)),
        nips.map(nip => (state: Employee) => {
          const change = { asnId, nip: sealed(nip), reason: 'SK', since: '2026-01-01' }
          return changeNip(state, change, held(state, nip), life)
        }),
        ids.map(id => (state: Employee) => absorb(state, asnId, id, 'twice')),
        ids.map(id => (state: Employee) => merge(state, asnId, id, 'twice')),
        fc.constant((state: Employee) => erase(state, asnId, erasure)),
        fc.constant((state: Employee) => abandon(state, asnId, keyId)),
      ),
    )
  })
})
