import { status } from '@grpc/grpc-js'
import { RpcError } from '@jejak/rpc/error'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freeNip, inputFixture, registration } from '../testing/input-fixture.ts'

import { assessments } from './assessment-rows.ts'
import { employees } from './employee-rows.ts'
import { rowFaultsOf } from './row-refusals.ts'

const { who, submit, open, close } = inputFixture()
beforeAll(open, 30_000)
afterAll(close)

const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    error => error,
  )

describe('what a service says of a field', () => {
  test('names the column of an assessment', async () => {
    const document = { sha256: 'x', uri: 'x', archive: '*', identifier: 'a@b' }
    const wrong = {
      ...{ asnId: '', nip: '1', framework: '*', competency: '*', level: 9, method: '*', phase: 0 },
      ...{ assessorId: 'Budi', occurredOn: '?', evidence: [document], enrollmentId: '7' },
    }
    const faults = rowFaultsOf(await errorOf(submit(wrong, '7')), assessments.columns)
    expect(faults.map(({ field }) => field).toSorted()).toEqual(
      Object.keys(assessments.columns).toSorted(),
    )
    for (const { reason, fix } of faults) expect([reason, fix]).not.toContain('')
  })

  test('names the column of an employee', async () => {
    const wrong = {
      requestId: '7',
      person: {
        ...{ nip: '1', name: '', birthDate: '?', birthPlace: 'x'.repeat(101) },
        ...{ email: '?', phone: '?', bknId: '?', sex: '?' },
      },
      posting: {
        ...{ agency: '*', unit: '*', position: '*', since: '?' },
        ...{ employment: '?', contractSince: '?', office: '*', assignment: '?' },
      },
    }
    const faults = rowFaultsOf(
      await errorOf(who.agency.employees.registerEmployee(wrong)),
      employees.columns,
    )
    expect(faults.map(({ field }) => field).toSorted()).toEqual(
      Object.keys(employees.columns).toSorted(),
    )
    for (const { reason, fix } of faults) expect([reason, fix]).not.toContain('')
  })
})

test('a missing right is reported with what to do about it', async () => {
  const call = who.agency.employees.registerEmployee(registration(freeNip, 'dinkes'))
  const [fault] = rowFaultsOf(await errorOf(call), employees.columns)
  expect(fault).toMatchObject({ field: '', fix: expect.stringContaining('token of the agency') })
})

test('what may pass, or is no answer to the row, refuses no row', () => {
  for (const code of [status.UNAVAILABLE, status.ABORTED, status.UNAUTHENTICATED]) {
    const error = new RpcError(code, 'not now')
    expect(() => rowFaultsOf(error, employees.columns)).toThrow('not now')
  }
  expect(() => rowFaultsOf(new TypeError('a bug'), employees.columns)).toThrow('a bug')
})
