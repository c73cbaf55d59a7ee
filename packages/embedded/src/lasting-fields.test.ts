import { clone, type DescField, type DescMessage, type DescMethod } from '@bufbuild/protobuf'
import { madeHere, textOrigins } from '@jejak/events/testing/text-origins'
import { BadRequestSchema } from '@jejak/proto/google/rpc/error_details'
import type { SubmitAssessmentsResponse } from '@jejak/proto/jejak/assessment/v1/assessment'
import type { Call } from '@jejak/rpc/call'
import { errorOf, RpcError } from '@jejak/rpc/error'
import { type AnyHandler, type Implementation, readsMany } from '@jejak/rpc/implement'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everyCall, type MethodName } from './testing/every-call.ts'
import { openTestbed, type Testbed } from './testing/testbed.ts'
import { recordTraining, unregistered } from './testing/training-fixture.ts'

/** What must not stay for ever: as a code, in a text, and in the digits of another script. */
const personal = ['198609262015051001', 'NIP 1986-0926-2015-0510-01', '٧٣٧١١١٤٥٠٩٩٠٠٠٠١']

type Request = { readonly $typeName: string } & Record<string, unknown>
type Send = (request: Request, call: Call) => Promise<unknown>

/** Where a text is in a request: `evidence[0].uri`, and how to put another one there. */
type Place = { readonly name: string; readonly put: (request: Request, text: string) => void }

const placesIn = (message: DescMessage, request: Request): readonly Place[] =>
  message.fields.flatMap((field: DescField) => {
    const { name, localName: key, scalar } = field
    const value = request[key]
    const isList = field.fieldKind === 'list'
    const at = isList ? `${name}[0]` : name
    const within = (isList ? (value as unknown[])[0] : value) as Request | undefined
    if (scalar === 9) {
      const put = (request: Request, text: string) =>
        void Object.assign(request, { [key]: isList ? [text] : text })
      return [{ name: at, put }]
    }
    if (!field.message) return []
    if (!within) throw new Error(`every-call has no ${message.typeName}.${name}`)
    return placesIn(field.message, within).map(inner => ({
      name: `${at}.${inner.name}`,
      put: (request: Request, text: string) => {
        const value = request[key]
        inner.put((isList ? (value as unknown[])[0] : value) as Request, text)
      },
    }))
  })

/** By text of a write, as `ChangeNip.reason`: whether it was refused whatever was put in it. */
const refused = new Map<string, boolean>()

/** Not before everything is there that calls are about: what is not refused is stored. */
let isProbing = false

const probe = async (method: DescMethod, send: Send, request: Request, call: Call) => {
  if (!isProbing) return
  for (const { name, put } of placesIn(method.input, request)) {
    const place = `${method.name}.${name}`
    if (refused.get(place)) continue
    const answers = personal.map(async text => {
      const wrong = clone(method.input, request as never) as unknown as Request
      put(wrong, text)
      const error: unknown = await send(wrong, call).catch(error => error)
      if (!(error instanceof RpcError)) return false
      const { fieldViolations = [] } = error.detail(BadRequestSchema) ?? {}
      return fieldViolations.some(({ field }) => field === name)
    })
    refused.set(place, (await Promise.all(answers)).every(Boolean))
  }
}

async function* only<T>(item: T) {
  yield item
}

/** Before a write, sends it again and again with a number in each of its texts. */
const probing = ({ service, methods }: Implementation): Implementation => ({
  service,
  methods: methods.map(([method, handler]) => {
    if (!method.input.fields.some(({ name }) => name === 'request_id')) return [method, handler]
    const one: AnyHandler = async (request: Request, call) => {
      await probe(method, handler as unknown as Send, request, call)
      return handler(request as never, call)
    }
    const sendItem: Send = async (request, call) => {
      const answers = handler(only(request) as never, call)
      for await (const { outcome } of answers as AsyncIterable<SubmitAssessmentsResponse>) {
        if (outcome.case === 'refused') throw errorOf(outcome.value)
      }
    }
    async function* each(requests: AsyncIterable<Request>, call: Call) {
      for await (const request of requests) {
        await probe(method, sendItem, request, call)
        yield* handler(only(request) as never, call) as AsyncIterable<object>
      }
    }
    return [method, readsMany(method) ? (each as unknown as AnyHandler) : one]
  }),
})

let bed: Testbed
beforeAll(async () => {
  bed = await openTestbed({ served: probing })
  const { people } = await recordTraining(bed)
  const [person] = people
  if (!person) throw new Error('the fixture has nobody')
  isProbing = true
  const grants = [
    { role: 'agency', agency: person.agency },
    { role: 'hr' },
    { role: 'asn', asnId: person.asnId },
  ] as const
  for (const grant of grants) {
    const services = bed.as(bed.issue(grant))
    for (const name of Object.keys(everyCall) as MethodName[]) {
      await everyCall[name](services, person, unregistered()).catch(() => {})
    }
  }
}, 120_000)
afterAll(() => bed.close())

/** Texts of writes that no event has as they are. */
const notStored: Readonly<Record<string, string>> = {
  'RegisterEmployee.person.nip': 'sealed',
  'RegisterEmployee.person.name': 'sealed',
  'RegisterEmployee.person.birth_place': 'sealed',
  'ChangeNip.nip': 'sealed',
  'CorrectPersonalData.person.birth_place': 'sealed',
  'CorrectPersonalData.person.name': 'sealed',
  'CorrectPersonalData.cleared[0]': 'the name of a field: refused as cleared',
  'ContestAssessment.statement': 'sealed',
  'FileClaim.person.birth_place': 'sealed',
  'FileClaim.person.name': 'sealed',
  'FileClaim.person.nip': 'sealed',
  'FileSubjectRequest.statement': 'sealed',
  'RegisterAssessor.name': 'sealed',
  'RegisterAssessor.nip': 'not stored',
  'PublishProgram.program.program_id': 'of answers',
  'OpenCohort.cohort.cohort_id': 'of answers',
  'DiscardParked.stream': 'the name of a stream that is parked, or nothing is stored',
}

describe('a text in a request that is stored', () => {
  test('is refused with a NIP or NIK in it, in every field of every write', () => {
    const taken = [...refused].flatMap(([place, was]) => (was ? [] : [place]))
    expect(taken.toSorted()).toEqual(Object.keys(notStored).toSorted())
    expect(refused.size).toBeGreaterThan(90)
  })

  test('is that of every text of an event which is not made here', () => {
    const named = Object.values(textOrigins).flatMap(origin =>
      typeof origin === 'string' ? [] : origin,
    )
    const overHttp = named.filter(place => /^(GET|POST) /.test(place))
    expect(overHttp).toEqual(expect.arrayContaining(['GET x-purpose', 'POST /v1/exports unit']))
    const unchecked = named.filter(place => !overHttp.includes(place) && !refused.get(place))
    expect(unchecked).toEqual([])
    expect(Object.values(textOrigins)).toContain(madeHere.certificateNumber)
  })
})
