import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { Metadata, type ServiceError, type StatusObject, status } from '@grpc/grpc-js'
import { StatusSchema } from '@jejak/proto/google/rpc/status'
import { errorOf, RpcError, statusOf } from './error.ts'

/** The trailer with a status and its details, a google.rpc.Status, in every gRPC library. */
const key = 'grpc-status-details-bin'

/** An error as grpc-js sends it. */
export const sent = (error: RpcError): Pick<StatusObject, 'code' | 'details' | 'metadata'> => {
  const rich = statusOf(error)
  const metadata = new Metadata()
  metadata.set(key, Buffer.from(toBinary(StatusSchema, rich)))
  return { code: rich.code, details: rich.message, metadata }
}

/** An error as grpc-js receives it; what is none of its own is left as it is. */
export const received = (error: unknown): unknown => {
  if (!isServiceError(error)) return error
  const [bytes] = error.metadata.get(key)
  if (!(bytes instanceof Buffer)) return new RpcError(codeOf(error), error.details)
  try {
    return errorOf(fromBinary(StatusSchema, new Uint8Array(bytes)))
  } catch {
    return new RpcError(error.code, error.details)
  }
}

/**
 * To grpc-js a stream that ends without a status is an internal error. It is how some calls end
 * whose server is killed: the same call may be answered a moment later.
 */
const codeOf = ({ code, details }: ServiceError): status =>
  code === status.INTERNAL && details.includes('Call ended without gRPC status')
    ? status.UNAVAILABLE
    : code

const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && 'code' in error && 'metadata' in error
