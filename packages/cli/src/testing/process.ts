import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** A command has nothing of the tests' environment but the folder of compiled code. */
const { NODE_COMPILE_CACHE = '' } = process.env
const env = { NODE_COMPILE_CACHE }

/** A folder in which a test calls the command as a user would. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'jejak-'))

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts)
  }

  start(...args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [main, ...args], { cwd: this.folder, env, stdio: 'pipe' })
  }

  async run(...args: readonly string[]) {
    const child = this.start(...args)
    let [stdout, stderr] = ['', '']
    child.stdout?.on('data', text => {
      stdout += text
    })
    child.stderr?.on('data', text => {
      stderr += text
    })
    const [status] = await once(child, 'close')
    return { status, stdout, stderr }
  }

  /** Runs a command, and parses its JSON. */
  async json(...args: readonly string[]) {
    const { status, stdout, stderr } = await this.run(...args, '--json')
    try {
      return { status, ...JSON.parse(stdout) }
    } catch {
      throw new Error(`exit ${status}, stdout: ${stdout}, stderr: ${stderr}`)
    }
  }

  /** Runs the system until it is ready to be called. */
  async up(...args: readonly string[]) {
    const child = this.start('up', '--grpc', '127.0.0.1:0', '--http', '127.0.0.1:0', ...args)
    let output = ''
    const ready = Promise.withResolvers<void>()
    child.stderr?.on('data', text => {
      output += text
      if (output.includes('Ctrl-C ends it')) ready.resolve()
    })
    const closed = once(child, 'close').then(([status]) => {
      ready.reject(new Error(`jejak up: exit ${status}: ${output}`))
      return status as number | null
    })
    await ready.promise
    const [, grpc = '', http = ''] = /gRPC on (\S+), HTTP on (\S+)/.exec(output) ?? []
    const end = (signal: NodeJS.Signals) => {
      child.kill(signal)
      return closed
    }
    return { grpc, http, end, closed, output: () => output, pid: child.pid }
  }

  write(name: string, lines: readonly (string | Uint8Array)[]): string {
    const bytes = lines.flatMap(line => [Buffer.from(line), Buffer.from('\n')])
    writeFileSync(this.path(name), Buffer.concat(bytes))
    return name
  }

  /** Changes a log's database behind its back, as somebody with access to it could. */
  sql(data: string, statements: string): void {
    const db = new DatabaseSync(this.path(data, 'assessment', 'log.db'))
    db.exec(`drop trigger no_update; drop trigger no_delete; ${statements}`)
    db.close()
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A line to import, as another system declares it; three events go to each stream. */
export const line = (i: number, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    specversion: '1.0',
    id: idOf(i),
    source: 'urn:example:simpeg',
    type: 'simpeg.AssessmentRecorded',
    subject: `assessment/${idOf(Math.floor(i / 3))}`,
    time: '2026-01-05T09:00:00+08:00',
    agency: 'rsud-daya',
    data: { competency: 'M5', level: 1 + (i % 4) },
    ...more,
  })

export const idOf = (i: number): string =>
  `019b8bab-0680-7000-8000-${i.toString(16).padStart(12, '0')}`

export const lines = (count: number): string[] => Array.from({ length: count }, (_, i) => line(i))
