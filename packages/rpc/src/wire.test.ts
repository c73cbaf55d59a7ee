import { create, toBinary } from '@bufbuild/protobuf'
import { StringValueSchema } from '@bufbuild/protobuf/wkt'
import { Client, credentials, Metadata, status } from '@grpc/grpc-js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { received } from './details.ts'
import { RpcError } from './error.ts'
import { open } from './testing/server.ts'

/** Calls with bytes as they are. */
const sendBytes = async (
  address: string,
  method: string,
  messages: readonly Buffer[],
  correlationId = 'batch-7',
) => {
  const client = new Client(address, credentials.createInsecure())
  onTestFinished(() => client.close())
  const metadata = new Metadata()
  metadata.set('authorization', 'Bearer good')
  metadata.set('x-correlation-id', correlationId)
  const asIs = (bytes: Buffer) => bytes
  const path = `/test.v1.EchoService/${method}`
  const call = client.makeBidiStreamRequest(path, asIs, asIs, metadata, {})
  const initial = new Promise<Metadata>(resolve => call.once('metadata', resolve))
  for (const message of messages) call.write(message)
  call.end()
  const answers: Buffer[] = []
  try {
    for await (const answer of call) answers.push(answer)
  } catch (error) {
    return { answers, error: received(error) as RpcError }
  }
  const headers = await initial
  const [replaced] = headers.get('x-correlation-id-replaced')
  return { answers, correlationId: headers.get('x-correlation-id'), replaced }
}

const whole = Buffer.from(toBinary(StringValueSchema, create(StringValueSchema, { value: 'halo' })))
const hostile = {
  'that are cut off': whole.subarray(0, -1),
  'with text that is not UTF-8': Buffer.from([0x0a, 0x02, 0xc3, 0x28]),
  'with a length past the end': Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]),
  'with a field number of 0': Buffer.from([0x02, 0x00]),
  'with a varint that never ends': Buffer.alloc(32, 0xff),
  'with a group that never ends': Buffer.from([0x13]),
}

describe.each(Object.entries(hostile))('bytes %s', (_, bytes) => {
  test('are an invalid argument, on every kind of call', async () => {
    const { address } = await open()
    for (const method of ['Say', 'Spell', 'Join', 'Chat']) {
      const { error } = await sendBytes(address, method, [bytes])
      expect(error, method).toBeInstanceOf(RpcError)
      expect([method, error?.code, error?.reason]).toEqual([
        method,
        status.INVALID_ARGUMENT,
        'INVALID',
      ])
    }
  })

  test('do not take back what was answered before them', async () => {
    const { address } = await open()
    const { answers, error } = await sendBytes(address, 'Chat', [whole, bytes, whole])
    expect(answers.map(String)).toEqual(['\n\u0005halo!'])
    expect(error?.code).toBe(status.INVALID_ARGUMENT)
  })
})

test('fields that are not known yet are let pass', async () => {
  const { address } = await open()
  const newer = Buffer.concat([whole, Buffer.from([0x7a, 0x01, 0x78])])
  expect(await sendBytes(address, 'Say', [newer])).toMatchObject({ answers: [expect.anything()] })
})

test('the correlation id is answered: as sent, or another where that is none', async () => {
  const { address } = await open()
  const sent = await sendBytes(address, 'Say', [whole], 'batch-7')
  expect(sent.correlationId).toEqual(['batch-7'])
  const none = await sendBytes(address, 'Say', [whole], 'a b')
  expect(none.correlationId).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)])
  expect([sent.replaced, none.replaced]).toEqual([undefined, 'malformed'])
})

test('a correlation id with a NIP in it is replaced, and the answer says so', async () => {
  const { address } = await open()
  for (const id of ['198609262015051001', 'batch-19860926-201505-1-001', '7371114509900001.csv']) {
    const { correlationId, replaced } = await sendBytes(address, 'Say', [whole], id)
    expect(correlationId).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)])
    expect(replaced).toBe('personal-number')
  }
})

test('texts are composed: what looks the same in two forms is one', async () => {
  const { address } = await open()
  const typed = Buffer.from('Andre\u0301', 'utf8')
  const { answers } = await sendBytes(address, 'Say', [
    Buffer.concat([Buffer.from([0x0a, typed.length]), typed]),
  ])
  expect(String(answers)).toContain('Andr\u00e9')
})

test('a message and its metadata have bounds', async () => {
  const { echo } = await open()
  const big = { value: 'x'.repeat(1024 * 1024) }
  await expect(echo.say(big)).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED })
  const noted = echo.say({}, { correlationId: 'x'.repeat(4096) })
  await expect(noted).rejects.toMatchObject({
    code: status.RESOURCE_EXHAUSTED,
    reason: 'METADATA_TOO_LARGE',
  })
})
