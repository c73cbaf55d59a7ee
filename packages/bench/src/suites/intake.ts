import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { keysFolder } from '@jejak/storage/data-folder'
import { assessmentItem, registerEmployees, streamRate, unaryRate } from '../assessment-load.ts'
import { withPlace } from '../storage-place.ts'
import type { BenchSample, Suite } from '../suite.ts'
import type { IntakeServerOptions, IntakeServerReady } from '../workers/intake-server.ts'

const clients = 64

/** Assessments over gRPC, stored with receipts, beside a bare server that sends them back. */
export const intakeSuite: Suite = async (storage, scale, _, during) => {
  const { intakeItems: items, intakeSeconds: seconds } = scale
  await withPlace(storage, async ({ folder }) => {
    const registered = join(folder, 'registered')
    await serving({ kind: 'jejak', folder: registered }, ({ address, hrToken }) =>
      registerEmployees({ address, token: hrToken }, items),
    )
    let next = 0
    const message = () => assessmentItem(next++ % items)
    // Each measurement has a server and a folder of its own: nothing is cached, and nobody has
    // assessments of an earlier measurement.
    const step = (kind: IntakeServerOptions['kind'], measure: Measure) => () =>
      copied(registered, join(folder, 'data'), data =>
        serving({ kind, folder: data }, (ready, child) => measure(kind, ready, child)),
      )
    const unary: Measure = async (kind, ready) => [
      {
        subject: `${kind}-unary`,
        clients,
        unit,
        value: await unaryRate(kind, ready, message, clients, seconds),
      },
    ]
    const stream: Measure = async (kind, ready, child) => {
      const all = () => streamRate(kind, ready, message, items)
      const rate = await all()
      const one = await memoryOf(child)
      for (const _ of [2, 3]) await all()
      const subject = `${kind}-stream`
      return [
        { subject, clients: 1, unit, value: rate },
        { subject, clients: 1, unit: 'MiB after one stream', value: one },
        { subject, clients: 1, unit: 'MiB after three streams', value: await memoryOf(child) },
      ]
    }
    await during([
      step('echo', unary),
      step('jejak', unary),
      step('echo', stream),
      step('jejak', stream),
    ])
  })
}

const unit = 'appends/s'

type Measure = (
  kind: IntakeServerOptions['kind'],
  ready: IntakeServerReady,
  child: ChildProcess,
) => Promise<readonly BenchSample[]>

/** Uses a copy of a data folder with its keys, and removes it. */
const copied = async <Result>(from: string, to: string, use: (data: string) => Promise<Result>) => {
  await cp(from, to, { recursive: true })
  await cp(keysFolder(from), keysFolder(to), { recursive: true })
  try {
    return await use(to)
  } finally {
    await rm(to, { recursive: true })
    await rm(keysFolder(to), { recursive: true })
  }
}

const server = new URL('../workers/intake-server.ts', import.meta.url)

const serving = async <Result>(
  start: IntakeServerOptions,
  use: (ready: IntakeServerReady, child: ChildProcess) => Promise<Result>,
): Promise<Result> => {
  const child = fork(server, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  try {
    child.send(start)
    const [ready] = (await once(child, 'message')) as [IntakeServerReady]
    return await use(ready, child)
  } finally {
    child.disconnect()
    await once(child, 'exit')
  }
}

const memoryOf = async (child: ChildProcess): Promise<number> => {
  const answer = once(child, 'message')
  child.send('memory')
  const [{ mib }] = (await answer) as [{ mib: number }]
  return mib
}
