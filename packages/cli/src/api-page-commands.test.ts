import { spawnSync } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bench } from './testing/process.ts'

const project = fileURLToPath(new URL('../../..', import.meta.url))
const page = readFileSync(`${project}/docs/api.md`, 'utf8')
const blocks = [...page.matchAll(/^```sh\n(.*?)^```\n/gms)].map(([, commands = '']) => commands)

const bench = new Bench()
afterAll(() => bench.remove())

const bash = (script: string) => {
  const { PATH = '' } = process.env
  return spawnSync('bash', ['-c', `set -euo pipefail\nexec 2>&1\n${script}`], {
    cwd: bench.folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      TMPDIR: bench.folder, // The page installs grpcurl there: it is removed with the rest.
      JEJAK: project,
      NODE: process.execPath,
      PATH: `${dirname(process.execPath)}:${PATH}`,
      ...reached,
    },
  })
}
let reached: Readonly<Record<string, string>> = {}

/** The page installs grpcurl itself, with Go. A build server must have what that takes. */
const [install = ''] = blocks[0]?.match(/^.*?go install[^\n]*\n/s) ?? []
const canCall = bash(`${install} which curl python3`).status === 0
const isSkipped = !canCall && process.env['CI'] !== 'true'
if (isSkipped) console.warn('Skipped: the commands of docs/api.md, for want of Go, curl or Python')

describe.skipIf(isSkipped)('docs/api.md, against a running system:', () => {
  /** The output of each block of the page. Blocks run in one shell, so they share variables. */
  let printed: readonly string[] = []
  let described: { readonly paths: object }

  beforeAll(async () => {
    symlinkSync(`${project}/proto`, bench.path('proto'))
    const { grpc, http, end } = await bench.up()
    reached = { JEJAK_GRPC: grpc, JEJAK_HTTP: http }
    const { status, stdout } = bash(
      blocks
        .map(commands => `${commands}\necho "=== end of a block"\n`)
        .join('')
        .replaceAll('npm run -s jejak --', '"$NODE" "$JEJAK/packages/cli/src/main.ts"')
        .replaceAll('127.0.0.1:50051', grpc)
        .replaceAll('127.0.0.1:8080', http),
    )
    described = (await (await fetch(`http://${http}/openapi.json`)).json()) as typeof described
    await end('SIGTERM')
    expect({ status, stdout }).toMatchObject({ status: 0 })
    printed = stdout.split('=== end of a block\n')
  }, 300_000)

  const printedBy = (command: string) =>
    printed[blocks.findIndex(commands => commands.includes(command))] ?? ''

  test('every command is answered', () => {
    expect(printed).toHaveLength(blocks.length + 1)
    expect(blocks.length).toBeGreaterThan(10)
  })

  test('a request that is sent again is a repetition', () => {
    expect(printedBy('SubmitAssessment "$assessment" | tail')).toContain('"repeated": true')
  })

  test('an error has its reason and its fields', () => {
    expect(printedBy('google/rpc/error_details.proto')).toMatch(/INVALID.*assessment\.asn_id/s)
  })

  test('a replay has what was called before', () => {
    const replayed = printedBy('replay --subject')
    expect(replayed).toContain('jejak.enrollment.EmployeeRegistered.v1')
    expect(replayed).toContain('jejak.assessment.AssessmentRecorded.v2')
  })

  test('reports have the level, who has read it, and what for', () => {
    const reports = printedBy('report people/search')
    expect(reports).toMatch(/"levels":\[\{[^\]]*"competency":"integritas","level":3/)
    expect(reports).toContain('"receipt":"c2sp.org/tlog-proof@v1')
    expect(reports).toContain('"purpose":"audit 2026"')
    expect(reports).toMatch(/304\n$/)
  })

  test('an export is made, fetched and verified; reports are built anew', () => {
    expect(printedBy('exports/siasn-kursus')).toMatch(/id,pnsOrangId,nipBaru.*verified/s)
    expect(printedBy('v1/rebuild')).toContain('{"rebuilt":true}')
  })

  test('every route that the system describes is called', () => {
    const called = blocks.join('').replace(/report ["']?/g, '/v1/')
    for (const path of Object.keys(described.paths)) {
      expect(called).toMatch(new RegExp(`${path.replace(/\{\w+\}/g, '[\\w$.-]+')}(?![\\w/])`))
    }
    expect(Object.keys(described.paths)).toHaveLength(20)
  })
})
