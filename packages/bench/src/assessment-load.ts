import { hash } from 'node:crypto'
import { once } from 'node:events'
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { Client, credentials } from '@grpc/grpc-js'
import {
  type AssessmentSchema,
  AssessmentService,
  Phase,
  SubmitAssessmentRequestSchema as Request,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import { AssessorService } from '@jejak/proto/jejak/enrollment/v1/assessor'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { connect } from '@jejak/rpc/client'
import { v7 } from 'uuid'
import type { IntakeServerOptions, IntakeServerReady } from './workers/intake-server.ts'

export type AssessmentItem = {
  readonly requestId: string
  readonly assessment: MessageInitShape<typeof AssessmentSchema>
}

const registeredAtOnce = 128

const uuidOf = (text: string): string => {
  const hex = hash('sha256', text)
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`]
    .concat(hex.slice(20, 32))
    .join('-')
}

const asnOf = (i: number): string => uuidOf(`asn ${i}`)
const sha256 = hash('sha256', 'evidence')
const assessorId = uuidOf('assessor')

export const assessmentItem = (i: number): AssessmentItem => ({
  requestId: v7(),
  assessment: {
    asnId: asnOf(i),
    framework: 'permenpanrb-38-2017',
    competency: 'integritas',
    level: 1 + (i % 5),
    method: 'uji-kompetensi',
    phase: Phase.BASELINE,
    assessorId,
    occurredOn: '2026-01-05',
    evidence: [{ sha256, archive: 'srikandi', identifier: '2026/0001' }],
  },
})

/** A synthetic NIP: 900 people share a day of birth. */
const nipOf = (i: number): string => {
  const born = new Date(Math.floor(i / 900) * 86_400_000).toISOString().slice(0, 10)
  return `${born.replaceAll('-', '')}2015011${100 + (i % 900)}`
}

/** The hospital's people, and who assesses them. The token is HR's. */
export const registerEmployees = async (
  { address, token }: { readonly address: string; readonly token: string },
  count: number,
) => {
  const connection = connect(address, { token })
  const assessor = { requestId: assessorId, name: 'Dr. Halim', since: '2020-01-01' }
  await connection.client(AssessorService).registerAssessor(assessor)
  const { registerEmployee } = connection.client(EmployeeService)
  const indexes = Array(count).keys()
  const run = async () => {
    for (const i of indexes) {
      const nip = nipOf(i)
      const birthDate = `${nip.slice(0, 4)}-${nip.slice(4, 6)}-${nip.slice(6, 8)}`
      await registerEmployee({
        requestId: asnOf(i),
        person: { nip, name: `Pegawai ${i}`, birthDate },
        posting: { agency: 'rsud-daya', position: 'perawat-ahli-pertama', since: '2020-01-01' },
      })
    }
  }
  await Promise.all(Array.from({ length: registeredAtOnce }, run))
  connection.close()
}

const read = (bytes: Buffer) => fromBinary(Request, bytes)
const write = (message: AssessmentItem) => Buffer.from(toBinary(Request, create(Request, message)))

const openCaller = (kind: IntakeServerOptions['kind'], { address, token }: IntakeServerReady) => {
  if (kind === 'jejak') {
    const connection = connect(address, { token })
    const { submitAssessment, submitAssessments } = connection.client(AssessmentService)
    return { call: submitAssessment, stream: submitAssessments, close: connection.close }
  }
  const client = new Client(address, credentials.createInsecure())
  return {
    call: (message: AssessmentItem) =>
      new Promise((resolve, reject) =>
        client.makeUnaryRequest('/bench.Echo/Unary', write, read, message, (error, answer) =>
          error ? reject(error) : resolve(answer),
        ),
      ),
    async *stream(messages: AsyncIterable<AssessmentItem>) {
      const call = client.makeBidiStreamRequest('/bench.Echo/Stream', write, read)
      const sent = (async () => {
        for await (const message of messages) if (!call.write(message)) await once(call, 'drain')
        call.end()
      })()
      yield* call
      await sent
    },
    close: () => client.close(),
  }
}

/**
 * Answers a second, measured over so many seconds after a warm-up of the same length, in which the
 * server compiles its code.
 */
export const unaryRate = async (
  kind: IntakeServerOptions['kind'],
  ready: IntakeServerReady,
  message: () => AssessmentItem,
  clients: number,
  seconds: number,
): Promise<number> => {
  const { call, close } = openCaller(kind, ready)
  await call(message())
  const opens = performance.now() + seconds * 1_000
  const closes = opens + seconds * 1_000
  let answered = 0
  const run = async () => {
    for (let now = 0; now < closes; ) {
      await call(message())
      now = performance.now()
      if (now >= opens && now < closes) answered++
    }
  }
  await Promise.all(Array.from({ length: clients }, run))
  close()
  return answered / seconds
}

export const streamRate = async (
  kind: IntakeServerOptions['kind'],
  ready: IntakeServerReady,
  message: () => AssessmentItem,
  items: number,
): Promise<number> => {
  const { stream, close } = openCaller(kind, ready)
  async function* messages() {
    for (let i = 0; i < items; i++) yield message()
  }
  const start = performance.now()
  let answered = 0
  for await (const answer of stream(messages())) {
    if ('outcome' in answer && answer.outcome.case !== 'recorded') throw new Error('it is refused')
    answered++
  }
  if (answered !== items) throw new Error(`${answered} of ${items} were answered`)
  close()
  return (items / (performance.now() - start)) * 1_000
}
