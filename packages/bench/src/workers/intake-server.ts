import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { openSystem } from '@jejak/embedded/system'
import {
  SubmitAssessmentRequestSchema as Request,
  type SubmitAssessmentRequest,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import { serve } from '@jejak/rpc/serve'

// The server of a measurement, in a process of its own as in production.

export type IntakeServerOptions = { readonly kind: 'echo' | 'jejak'; readonly folder: string }
/** Its address, and the tokens of an agency and of HR. */
export type IntakeServerReady = {
  readonly address: string
  readonly token: string
  readonly hrToken: string
}

const read = (bytes: Buffer) => fromBinary(Request, bytes)
const write = (message: SubmitAssessmentRequest) => Buffer.from(toBinary(Request, message))

/** A bare grpc-js server that decodes, encodes and returns each request. */
const echo = async (): Promise<IntakeServerReady> => {
  const server = new Server()
  const common = {
    requestDeserialize: read,
    requestSerialize: write,
    responseDeserialize: read,
    responseSerialize: write,
    requestStream: false,
    responseStream: false,
  }
  server.addService(
    {
      unary: { path: '/bench.Echo/Unary', ...common },
      stream: { path: '/bench.Echo/Stream', ...common, requestStream: true, responseStream: true },
    },
    {
      unary: (call: { request: SubmitAssessmentRequest }, respond: (e: null, m: object) => void) =>
        respond(null, call.request),
      stream: (call: NodeJS.ReadWriteStream) => void call.pipe(call),
    },
  )
  const credentials = ServerCredentials.createInsecure()
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', credentials, (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  )
  return { address: `127.0.0.1:${port}`, token: '', hrToken: '' }
}

const jejak = async (folder: string): Promise<IntakeServerReady> => {
  const { implementations, tokens } = await openSystem({ data: folder })
  const { token } = tokens.issue({ role: 'agency', agency: 'rsud-daya' })
  const { token: hrToken } = tokens.issue({ role: 'hr' })
  const { port } = await serve({
    address: '127.0.0.1:0',
    implementations,
    authenticate: bearer => (bearer ? tokens.find(bearer) : undefined),
  })
  return { address: `127.0.0.1:${port}`, token, hrToken }
}

process.once('message', async ({ kind, folder }: IntakeServerOptions) => {
  process.send?.(kind === 'echo' ? await echo() : await jejak(folder))
  process.on('message', () => process.send?.({ mib: process.memoryUsage.rss() / 2 ** 20 }))
})
process.once('disconnect', () => process.exit())
