import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { Bench } from './testing/process.ts'

const project = fileURLToPath(new URL('../../..', import.meta.url))
const page = readFileSync(`${project}/docs/audit.md`, 'utf8')

/** Commands of the page and, where it shows them, what they print: `...` stands for anything. */
type Block = { readonly section: string; readonly commands: string; readonly shown?: string }

const blocks: readonly Block[] = page.split(/^## /m).flatMap(text => {
  const section = text.slice(0, text.indexOf('\n'))
  return [...text.matchAll(/^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms)].map(
    ([, commands = '', shown]) => ({ section, commands, ...(shown !== undefined && { shown }) }),
  )
})
const sections = [...new Set(blocks.map(({ section }) => section))]

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const patternOf = (shown: string) =>
  new RegExp(`^${shown.split('...').map(literally).join('[^]*?')}$`)

/** Through npm, as the page has it, a test would first install. */
const directly = (commands: string) =>
  commands
    .replaceAll(
      'npm --prefix "$JEJAK" run -s jejak --',
      '"$NODE" "$JEJAK/packages/cli/src/main.ts"',
    )
    .replaceAll('npm --prefix "$JEJAK" -s start --', '"$NODE" "$JEJAK/packages/demo/src/main.ts"')

const bench = new Bench()
afterAll(() => bench.remove())

/** The shell function that every block of the page needs. */
const kept = blocks[0]?.commands.match(/^jejak\(\).*\n/m)?.[0] ?? ''

const run = (commands: string) => {
  const script = directly(`set -euo pipefail\nexec 2>&1\n${kept}${commands}`)
  const { PATH = '' } = process.env
  const { status, stdout } = spawnSync('bash', ['-c', script], {
    cwd: bench.folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      JEJAK: project,
      NODE: process.execPath,
      PATH: `${dirname(process.execPath)}:${PATH}`,
    },
  })
  // Go says so the first time that it is asked.
  return { status, stdout: stdout.replaceAll(/^go: downloading .*\n/gm, '') }
}

/** The section whose program has no code of ours: its output is compared with what we find. */
const withoutUs = 'One person, without any tool of ours'
type Place = { readonly log: string; readonly position: number }
let foundByGo = ''

/** Tools that a section needs and a machine may not have. A build server must have them. */
const tools = ['go', 'python3', 'openssl']
const missing = tools.filter(tool => spawnSync('which', [tool]).status !== 0)
const wanting = (section: string) => {
  const text = blocks.filter(block => block.section === section).map(({ commands }) => commands)
  return missing.filter(tool => text.some(one => new RegExp(`\\b${tool} `).test(one)))
}
const isSkipped = (section: string) => wanting(section).length > 0 && process.env['CI'] !== 'true'
for (const section of sections.filter(isSkipped)) {
  console.warn(`Skipped: "${section}" of docs/audit.md, for want of ${wanting(section)}`)
}

describe('docs/audit.md does what it says:', () => {
  for (const section of sections) {
    test.skipIf(isSkipped(section))(
      section,
      () => {
        for (const block of blocks.filter(one => one.section === section)) {
          const { status, stdout } = run(block.commands)
          expect({ status, stdout }).toMatchObject({ status: 0 })
          if (/^\.\/find-person .*\\\n/.test(block.commands)) foundByGo = stdout
          if (block.shown !== undefined) expect(stdout).toMatch(patternOf(block.shown))
        }
      },
      120_000,
    )
  }

  test.skipIf(isSkipped(withoutUs))(
    'its program finds the events of a person that we find',
    () => {
      const { stdout } = run('jejak audit person "$(cat asn)" --from ekspor/* --json')
      const { history } = JSON.parse(stdout)
      const ours = history.lines.map(({ fact }: { fact: Place }) => `${fact.log} ${fact.position}`)
      const found = [...foundByGo.matchAll(/^jejak.localhost\/(\w+ \d+) /gm)]
      const theirs = found.map(([, place]) => place)
      expect(theirs).toHaveLength(20)
      expect(theirs.toSorted()).toEqual(ours.toSorted())
    },
    120_000,
  )

  test('and shows three ways to check a log, and two to find a person in it', () => {
    expect(sections).toHaveLength(8)
    expect(blocks.filter(({ shown }) => shown !== undefined).length).toBeGreaterThan(13)
  })
})
