import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { DescService } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { rights } from '@jejak/access/rights'
import { describe, expect, test } from 'vitest'
import { authorise } from './authorise.ts'
import type { Call } from './call.ts'

const generated = join(import.meta.dirname, '../../../proto/gen/jejak')

const isService = (exported: unknown): exported is DescService =>
  (exported as Partial<DescService> | null)?.kind === 'service'

const services = async (): Promise<readonly DescService[]> => {
  const paths = globSync('**/*_pb.ts', { cwd: generated })
  const modules = await Promise.all(
    paths.map(path => import(join(generated, path)) as Promise<Record<string, unknown>>),
  )
  return modules.flatMap(module => Object.values(module).filter(isService))
}

describe('a right', () => {
  test('is stated for every method of the gRPC API, and for nothing else', async () => {
    const actions = (await services()).flatMap(({ file, methods }) =>
      methods.map(({ name }) => `${file.proto.package.split('.')[1]}.${name}`),
    )
    expect(actions.length).toBeGreaterThan(30)
    // Reports are read over HTTP, and their rights tried there.
    const ours = Object.keys(rights).filter(action => !action.startsWith('reporting.'))
    expect(ours.sort()).toEqual(actions.sort())
  })

  test('that is missing is named in the refusal, and counted', () => {
    let counted = 0
    const call: Call = {
      principal: { id: 'token', role: 'agency', agency: 'rsud-daya' },
      correlationId: 'c-1',
      signal: new AbortController().signal,
      deadline: new Date(),
      refused: () => counted++,
    }
    authorise(call, 'enrollment.GetEmployee', { agency: 'rsud-daya' })
    expect(counted).toBe(0)
    expect(() => authorise(call, 'enrollment.GetEmployee', { agency: 'dinkes' })).toThrow(
      expect.objectContaining({
        code: status.PERMISSION_DENIED,
        reason: 'NO_RIGHT',
        details: [
          expect.objectContaining({
            metadata: { action: 'enrollment.GetEmployee', role: 'agency' },
          }),
        ],
      }),
    )
    expect(counted).toBe(1)
  })
})
