import {
  create,
  createRegistry,
  type DescFile,
  type DescService,
  type MessageInitShape,
  type Registry,
  toBinary,
} from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { status } from '@grpc/grpc-js'
import { Health } from '@jejak/proto/grpc/health/v1/health'
import {
  ErrorResponseSchema,
  FileDescriptorResponseSchema,
  ListServiceResponseSchema,
  ServerReflection,
  type ServerReflectionRequest,
  type ServerReflectionResponseSchema,
} from '@jejak/proto/grpc/reflection/v1/reflection'
import { type Implementation, implement } from './implement.ts'

type Answer = NonNullable<
  MessageInitShape<typeof ServerReflectionResponseSchema>['messageResponse']
>

/**
 * Server reflection, for grpcurl and its like, which ask before they call. `@grpc/reflection` fails
 * on files that import well-known types (grpc/grpc-node#2958).
 */
export const reflection = (services: readonly DescService[]): readonly Implementation[] => {
  const all = [...services, Health, ServerReflection]
  const files = new Map(
    all.flatMap(({ file }) => withImports(file)).map(file => [`${file.name}.proto`, file]),
  )
  const symbols = createRegistry(...files.values())

  const answer = ({ messageRequest: { case: asked, value } }: ServerReflectionRequest): Answer => {
    switch (asked) {
      case 'listServices': {
        const service = all.map(({ typeName: name }) => ({ name }))
        return {
          case: 'listServicesResponse',
          value: create(ListServiceResponseSchema, { service }),
        }
      }
      case 'fileByFilename':
        return fileAnswer(files.get(value))
      case 'fileContainingSymbol':
        return fileAnswer(fileOf(symbols, value))
      default:
        return errorAnswer(status.UNIMPLEMENTED, 'there are no extensions')
    }
  }

  const v1 = implement(ServerReflection, {
    async *serverReflectionInfo(requests) {
      for await (const request of requests)
        yield {
          validHost: request.host,
          originalRequest: request,
          messageResponse: answer(request),
        }
    },
  })
  // The same bytes under the name that older tools call.
  const v1alpha = { ...ServerReflection, typeName: 'grpc.reflection.v1alpha.ServerReflection' }
  return [v1, { ...v1, service: v1alpha }]
}

const withImports = (file: DescFile): readonly DescFile[] => [
  ...new Set([file, ...file.dependencies.flatMap(withImports)]),
]

/** Finds a method, a field or a value, too: their names begin with that of their parent. */
const fileOf = (symbols: Registry, symbol: string): DescFile | undefined =>
  (symbols.get(symbol) ?? symbols.get(symbol.slice(0, symbol.lastIndexOf('.'))))?.file

const fileAnswer = (file: DescFile | undefined): Answer => {
  if (!file) return errorAnswer(status.NOT_FOUND, 'there is no such file or symbol')
  const fileDescriptorProto = withImports(file).map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  )
  return {
    case: 'fileDescriptorResponse',
    value: create(FileDescriptorResponseSchema, { fileDescriptorProto }),
  }
}

const errorAnswer = (errorCode: status, errorMessage: string): Answer => ({
  case: 'errorResponse',
  value: create(ErrorResponseSchema, { errorCode, errorMessage }),
})
