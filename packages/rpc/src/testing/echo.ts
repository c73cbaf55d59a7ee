import { create, createFileRegistry, type DescFile, type DescService } from '@bufbuild/protobuf'
import type { GenService } from '@bufbuild/protobuf/codegenv2'
import {
  FileDescriptorProtoSchema,
  file_google_protobuf_wrappers,
  type StringValueSchema,
} from '@bufbuild/protobuf/wkt'

type Text = typeof StringValueSchema

/** A service for tests: one method of each kind, of texts. */
export const Echo = (() => {
  const text = '.google.protobuf.StringValue'
  const method = (name: string, clientStreaming: boolean, serverStreaming: boolean) => ({
    name,
    inputType: text,
    outputType: text,
    clientStreaming,
    serverStreaming,
  })
  const file = create(FileDescriptorProtoSchema, {
    name: 'test/v1/echo.proto',
    package: 'test.v1',
    syntax: 'proto3',
    dependency: ['google/protobuf/wrappers.proto'],
    service: [
      {
        name: 'EchoService',
        method: [
          method('Say', false, false),
          method('Spell', false, true),
          method('Join', true, false),
          method('Chat', true, true),
        ],
      },
    ],
  })
  const wrappers: DescFile = file_google_protobuf_wrappers
  const registry = createFileRegistry(file, name =>
    name === `${wrappers.name}.proto` ? wrappers : undefined,
  )
  return registry.getService('test.v1.EchoService') as DescService as GenService<{
    say: { methodKind: 'unary'; input: Text; output: Text }
    spell: { methodKind: 'server_streaming'; input: Text; output: Text }
    join: { methodKind: 'client_streaming'; input: Text; output: Text }
    chat: { methodKind: 'bidi_streaming'; input: Text; output: Text }
  }>
})()
