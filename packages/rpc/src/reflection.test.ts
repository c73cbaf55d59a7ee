import { createFileRegistry, fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { status } from '@grpc/grpc-js'
import {
  ServerReflection,
  type ServerReflectionRequest,
} from '@jejak/proto/grpc/reflection/v1/reflection'
import { AssessmentService } from '@jejak/proto/jejak/assessment/v1/assessment'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect } from './client.ts'
import type { Implementation } from './implement.ts'
import { serve } from './serve.ts'

const names = ['grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection']

const ask = async (
  name: string,
  ...questions: readonly Pick<ServerReflectionRequest, 'messageRequest'>['messageRequest'][]
) => {
  const handler = async () => ({})
  const implementations: Implementation[] = [
    {
      service: AssessmentService,
      methods: AssessmentService.methods.map(method => [method, handler]),
    },
  ]
  const authenticate = () => undefined
  const serving = await serve({ address: '127.0.0.1:0', implementations, authenticate })
  const connection = connect(`127.0.0.1:${serving.port}`)
  onTestFinished(async () => {
    connection.close()
    await serving.drain(0)
  })
  const methods = ServerReflection.methods.map(method => ({
    ...method,
    parent: { ...ServerReflection, typeName: name },
  }))
  const service = { ...ServerReflection, methods } as typeof ServerReflection
  async function* requests() {
    for (const messageRequest of questions) yield { messageRequest }
  }
  const answers: unknown[] = []
  const call = connection.client(service).serverReflectionInfo(requests())
  for await (const { messageResponse } of call) answers.push(messageResponse.value)
  return answers as Record<string, unknown>[]
}

describe.each(names)('%s', name => {
  test('lists services without a token', async () => {
    const [answer] = await ask(name, { case: 'listServices', value: '' })
    expect(answer).toMatchObject({
      service: [
        { name: 'jejak.assessment.v1.AssessmentService' },
        { name: 'grpc.health.v1.Health' },
        { name: 'grpc.reflection.v1.ServerReflection' },
      ],
    })
  })

  test('gives a file with all it imports, by service, method, message and path', async () => {
    const answers = await ask(
      name,
      ...[
        'jejak.assessment.v1.AssessmentService',
        'jejak.assessment.v1.AssessmentService.SubmitAssessments',
        'jejak.assessment.v1.SubmitAssessmentRequest',
      ].map(value => ({ case: 'fileContainingSymbol', value }) as const),
      { case: 'fileByFilename', value: 'jejak/assessment/v1/assessment.proto' },
    )
    expect(answers).toHaveLength(4)
    for (const answer of answers) {
      const bytes = answer['fileDescriptorProto'] as readonly Uint8Array[]
      const [file, ...imports] = bytes.map(each => fromBinary(FileDescriptorProtoSchema, each))
      const registry = createFileRegistry(file as NonNullable<typeof file>, path =>
        imports.find(({ name }) => name === path),
      )
      expect(registry.getService('jejak.assessment.v1.AssessmentService')?.methods).toHaveLength(9)
    }
  })

  test('says what there is not', async () => {
    const answers = await ask(
      name,
      { case: 'fileContainingSymbol', value: 'jejak.Nothing' },
      { case: 'fileByFilename', value: 'nothing.proto' },
      { case: 'allExtensionNumbersOfType', value: 'jejak.assessment.v1.Assessment' },
    )
    expect(answers.map(answer => answer['errorCode'])).toEqual([
      status.NOT_FOUND,
      status.NOT_FOUND,
      status.UNIMPLEMENTED,
    ])
  })
})
