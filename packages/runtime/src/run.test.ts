import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

type Line = { readonly level: string; readonly msg: string } & Record<string, unknown>

const fixture = fileURLToPath(new URL('./testing/service.ts', import.meta.url))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

const spawn = (args: readonly string[], env: Record<string, string> = {}) => {
  const child = fork(fixture, args, { silent: true, env: { ...process.env, ...env } })
  children.push(child)
  const exit = once(child, 'close').then(([code]) => code)
  return { child, exit }
}

const start = (scenario: string, env: Record<string, string> = {}) => {
  const { child, exit } = spawn([scenario], env)
  const lines: Line[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', line => {
    lines.push(JSON.parse(line))
    for (const look of waiting) look()
  })
  const line = (msg: string) =>
    new Promise<Line>(resolve => {
      const look = () => {
        const found = lines.find(line => line.msg === msg)
        if (!found) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  const status = async (path: string) => {
    const { port } = await line('listens')
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    return [response.status, await response.json()]
  }
  const messages = () => lines.map(({ msg }) => msg)
  return { child, exit, lines, line, status, messages }
}

const unready = (reason: string) => [
  503,
  { status: 'not ready', unready: [{ name: 'process', reason }] },
]

describe.concurrent('a process', { timeout: 60_000 }, () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('ends in order on %s', async signal => {
    const { child, exit, line, status, messages, lines } = start('runs')
    await line('takes calls')
    expect(await status('/readyz')).toEqual([200, { status: 'ready' }])
    child.kill(signal)
    expect(await exit).toBe(0)
    const end = ['is ending', 'closes second', 'closes first', 'has ended']
    expect(messages()).toEqual(['listens', 'takes calls', ...end])
    expect(lines.find(({ msg }) => msg === 'closes second')).toMatchObject({ aborted: true })
  })

  test('lets what is under way end, whatever signals come meanwhile', async () => {
    const { child, exit, line, status, messages } = start('has a slow part')
    await line('takes calls')
    child.kill('SIGINT')
    await line('is ending')
    expect(await status('/readyz')).toEqual(unready('is ending'))
    expect(await status('/healthz')).toEqual([200, { status: 'alive' }])
    child.kill('SIGINT')
    await line('is ending already')
    child.send('go on')
    expect(await exit).toBe(0)
    expect(messages().slice(-3)).toEqual(['closes second', 'closes first', 'has ended'])
  })

  test('names what does not end in time', async () => {
    const hangs = start('has a part that hangs', { JEJAK_DRAIN_SECONDS: '0' })
    await hangs.line('takes calls')
    hangs.child.kill('SIGTERM')
    expect(await hangs.exit).toBe(1)
    expect(hangs.lines.at(-1)).toMatchObject({
      level: 'error',
      open: ['hanging', 'second', 'first', 'http'],
      msg: 'has not ended in time: hanging, second, first, http did not close',
    })
  })

  test('closes the rest where a part can’t be closed', async () => {
    const { child, exit, line, messages } = start('has a part that fails to close')
    await line('takes calls')
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    expect(messages().slice(-4)).toEqual([
      'could not close broken',
      'closes second',
      'closes first',
      'has ended',
    ])
  })

  test('that can’t start says why, and closes what it had opened', async () => {
    const { exit, messages } = start("can't start")
    expect(await exit).toBe(1)
    const end = ["can't start: no database", 'closes second', 'closes first', 'has ended']
    expect(messages()).toEqual(['listens', ...end])
  })

  test('that is still starting is not ready, and ends at SIGTERM', async () => {
    const { child, exit, status, messages } = start('starts for ever')
    expect(await status('/readyz')).toEqual(unready('is starting'))
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    expect(messages().at(-1)).toBe('has ended')
  })

  test.each([
    ["can't go on", 'log has stopped'],
    ['throws', 'a bug'],
    ['rejects', 'a bug'],
  ])('that %s says why, closes, and ends with a failure', async (scenario, why) => {
    const { child, exit, line, lines, messages } = start(scenario)
    await line('takes calls')
    child.send('go on')
    expect(await exit).toBe(1)
    const fatal = lines.find(({ level }) => level === 'fatal')
    expect(fatal).toMatchObject({ msg: `can't go on: ${why}`, err: { message: why } })
    expect(messages().slice(-3)).toEqual(['closes second', 'closes first', 'has ended'])
  })
})

describe.concurrent('the settings of a process', { timeout: 60_000 }, () => {
  test('are refused all at once, before anything is done', async () => {
    const { child, exit } = spawn(['runs'], { JEJAK_LOG_LEVEL: 'loud', JEJAK_DRAIN_SECOND: '1' })
    const [out, problems] = await Promise.all([
      text(child.stdout as NonNullable<typeof child.stdout>),
      text(child.stderr as NonNullable<typeof child.stderr>),
    ])
    expect(await exit).toBe(2)
    expect(out).toBe('')
    expect(problems).toMatch(/^JEJAK_LOG_LEVEL is "loud": set it to one of fatal, .*\n/)
    expect(problems).toContain(
      '\nJEJAK_DRAIN_SECOND is not known: did you mean JEJAK_DRAIN_SECONDS?\n',
    )
  })

  test('are printed by --help', async () => {
    const { child, exit } = spawn(['--help'])
    const out = await text(child.stdout as NonNullable<typeof child.stdout>)
    expect(await exit).toBe(0)
    expect(out).toContain('  JEJAK_DRAIN_SECONDS (default 10)\n')
  })
})
