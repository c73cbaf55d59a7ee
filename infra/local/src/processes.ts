import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { promisify } from 'node:util'

/** A started program. Signals to one that has ended do nothing. */
export type Member = {
  readonly pid: number
  readonly running: boolean
  /** How it ended: `code 1`, or the name of a signal. */
  readonly ended: Promise<string>
  signal(name: NodeJS.Signals): void
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>
}

/** Programs that do not outlive this process, not even when it is killed by SIGKILL. */
export type Pack = {
  start(command: string, args: readonly string[], options: StartOptions): Promise<Member>
  /** Kills them all, then removes what `startPack` was given to remove. */
  stop(): Promise<void>
}

export type StartOptions = {
  /** The file to whose end the output goes. */
  readonly log: string
  /** This process's where not given. */
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

// The pipe closes when this process ends, however it ends: then `read` fails and the loop is over.
const watchdog = `
while read -r line; do pids=$line; done
[ -z "$pids" ] || kill -9 $pids
[ -z "$1" ] || rm -rf "$1" || { sleep 1; rm -rf "$1"; }
`

/** @param remove A folder to remove at the end, or '' for none. */
export const startPack = (remove: string): Pack => {
  const watch = spawn('sh', ['-c', watchdog, 'sh', remove], {
    detached: true, // Ctrl-C reaches the whole group of the terminal, and must not reach it.
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watch.stdin.on('error', () => {}) // Somebody killed it: no process is left to write to.
  const members = new Set<Member>()
  const report = () => {
    if (watch.stdin.writable) watch.stdin.write(`${[...members].map(m => m.pid).join(' ')}\n`)
  }
  return {
    async start(command, args, options) {
      const child = await startChild(command, args, options)
      const member = memberOf(child)
      members.add(member)
      report()
      child.once('exit', () => {
        members.delete(member) // Its number may soon be another program's.
        report()
      })
      return member
    },
    async stop() {
      await Promise.all([...members].map(member => member.kill()))
      if (watch.exitCode !== null) return
      const ended = once(watch, 'exit')
      watch.stdin.end()
      await ended
    },
  }
}

const startChild = async (
  command: string,
  args: readonly string[],
  { log, ...where }: StartOptions,
) => {
  const output = openSync(log, 'a')
  const stdio = ['ignore', output, output] as const
  const child = spawn(command, args, { ...where, detached: true, stdio: [...stdio] })
  closeSync(output)
  await once(child, 'spawn')
  return child
}

const memberOf = (child: ChildProcess): Member => {
  const ended = new Promise<string>(resolve =>
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`)),
  )
  const running = () => child.exitCode === null && child.signalCode === null
  return {
    pid: child.pid ?? 0,
    get running() {
      return running()
    },
    ended,
    signal(name) {
      if (running()) child.kill(name)
    },
    async kill() {
      if (running()) child.kill('SIGKILL')
      await ended
    },
  }
}

const exec = promisify(execFile)

/** Runs a program to its end. If it fails, the error has the last lines of its output. */
export const runProgram = async (
  command: string,
  args: readonly string[],
  cwd?: string,
  env?: NodeJS.ProcessEnv,
) => {
  try {
    return await exec(command, args, { cwd, env, maxBuffer: 64 << 20 })
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as NodeJS.ErrnoException & Output
    if (code === 'ENOENT') throw new Error(`${command} is not installed`, { cause: error })
    const output = (stderr.trim() || stdout.trim()).split('\n').slice(-5).join('\n')
    throw new Error(`${command} ${args.join(' ')} failed: ${output}`, { cause: error })
  }
}

type Output = { readonly stdout?: string; readonly stderr?: string }

export const lastLines = async (log: string, count: number): Promise<string> =>
  (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-count).join('\n')

const isFree = (port: number) =>
  new Promise<boolean>(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/**
 * Free loopback ports below 32768, where Linux begins to take ports for outgoing connections: a
 * broker that was killed must find its port free when it starts again.
 */
export const freePorts = async (count: number): Promise<number[]> => {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = randomInt(20_000, 32_768)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}
