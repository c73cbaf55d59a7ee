import { create } from '@bufbuild/protobuf'
import {
  EmployeeService,
  type PostEmployeeRequest,
} from '@jejak/proto/jejak/enrollment/v1/employee'
import type { Call } from '@jejak/rpc/call'
import type { AnyHandler, Implementation } from '@jejak/rpc/implement'
import { contentOf } from '@jejak/rpc/request'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everyCall, type MethodName } from './testing/every-call.ts'
import { fieldsOf, recordingFields } from './testing/read-fields.ts'
import { openTestbed, type Testbed } from './testing/testbed.ts'
import { recordTraining, unregistered } from './testing/training-fixture.ts'

const fields = recordingFields()
let bed: Testbed
beforeAll(async () => {
  bed = await openTestbed({ served: fields.of })
  const { people } = await recordTraining(bed)
  const [person] = people
  if (!person) throw new Error('the fixture has nobody')
  const grants = [
    { role: 'agency', agency: person.agency },
    { role: 'hr' },
    { role: 'auditor' },
    { role: 'asn', asnId: person.asnId },
  ] as const
  for (const grant of grants) {
    const services = bed.as(bed.issue(grant))
    for (const name of Object.keys(everyCall) as MethodName[]) {
      // Also of a call that is refused, all was read that its handler knows.
      await everyCall[name](services, person, unregistered()).catch(() => {})
    }
  }
}, 60_000)
afterAll(() => bed.close())

/** Fields that only answers have, in messages that requests have too. */
const ofAnswers = [
  'jejak.enrollment.v1.Posting.employmentFromNip',
  'jejak.enrollment.v1.Program.programId',
  'jejak.enrollment.v1.Cohort.cohortId',
  'jejak.enrollment.v1.Cohort.seatsTaken',
]

describe('a field of a request', () => {
  test('is read by the handler of every method that takes it', () => {
    const methods = bed.implementations.flatMap(({ methods }) => methods)
    const known = methods.flatMap(([{ input }]) => fieldsOf(input))
    expect(known.length).toBeGreaterThan(100)
    const unread = new Set(known.filter(field => !fields.read.has(field)))
    expect([...unread]).toEqual(ofAnswers)
  })

  test('is not read by being copied or serialised with all others', async () => {
    const recording = recordingFields()
    const { input } = EmployeeService.method.postEmployee
    const implementation = {
      service: EmployeeService,
      methods: [
        [
          EmployeeService.method.postEmployee,
          async (request: PostEmployeeRequest) => {
            const { posting, ...others } = { ...request }
            contentOf(input, request)
            return { asnId: request.asnId, unit: posting?.unit, others }
          },
        ],
      ],
    } as const
    const [[, handler]] = recording.of(implementation as Implementation).methods as [
      [unknown, AnyHandler],
    ]
    const request = create(input, { requestId: 'a', posting: { agency: 'b', unit: 'c' } })
    await handler(request as never, {} as Call)
    expect([...recording.read].sort()).toEqual([
      'jejak.enrollment.v1.PostEmployeeRequest.asnId',
      'jejak.enrollment.v1.Posting.unit',
    ])
  })
})
