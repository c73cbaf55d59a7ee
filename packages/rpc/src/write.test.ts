import { create } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import type { Appended, AppendRefused } from '@jejak/eventsourcing/log'
import { RetryInfoSchema } from '@jejak/proto/google/rpc/error_details'
import { RecordedSchema } from '@jejak/proto/jejak/log/v1/log'
import { describe, expect, test } from 'vitest'
import { RpcError } from './error.ts'
import { recordedOf } from './write.ts'

const appended: Appended = {
  commit: 3,
  position: 7,
  version: 2,
  entries: [Uint8Array.of(1), Uint8Array.of(2)],
  repeated: true,
  receipt: async index => `receipt ${index}`,
}

describe('what was stored', () => {
  test('is answered with the receipt of each event', async () => {
    expect(create(RecordedSchema, await recordedOf({ appended }))).toMatchObject({
      entries: appended.entries,
      receipts: ['receipt 0', 'receipt 1'],
      repeated: true,
    })
  })

  test('is nothing where all was as asked for', async () => {
    const { entries, receipts } = create(RecordedSchema, await recordedOf({ unchanged: true }))
    expect([entries, receipts]).toEqual([[], []])
  })
})

describe('what was not stored', () => {
  const violations = [{ field: 'data.level', description: 'must be a whole number' }]
  const refusals: Record<AppendRefused['refused'], readonly [AppendRefused, status, string]> = {
    VersionConflict: [
      { refused: 'VersionConflict', expected: 1, actual: 2 },
      status.ABORTED,
      'VERSION_CONFLICT',
    ],
    KeyReused: [{ refused: 'KeyReused' }, status.ALREADY_EXISTS, 'REQUEST_ID_REUSED'],
    Invalid: [{ refused: 'Invalid', violations }, status.INVALID_ARGUMENT, 'INVALID'],
    Busy: [
      { refused: 'Busy', reason: 'full', retryAfterMs: 2_500 },
      status.UNAVAILABLE,
      'TRY_LATER',
    ],
    Unknown: [{ refused: 'Unknown', retryAfterMs: 2_500 }, status.UNAVAILABLE, 'TRY_LATER'],
    Closed: [{ refused: 'Closed', reason: 'closing' }, status.UNAVAILABLE, 'TRY_LATER'],
  }

  const cases = Object.values(refusals)
  test.each(cases)('is reported, with what to do: %o', async (refused, code, reason) => {
    const error = await recordedOf(refused).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(RpcError)
    expect(error).toMatchObject({ code, reason })
    if (code !== status.UNAVAILABLE) return
    const { retryDelay } = (error as RpcError).detail(RetryInfoSchema) ?? {}
    expect(retryDelay).toMatchObject(
      'retryAfterMs' in refused ? { seconds: 2n, nanos: 500_000_000 } : { seconds: 1n, nanos: 0 },
    )
  })
})
