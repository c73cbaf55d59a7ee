import { exportKinds } from '@jejak/export/kinds'
import { helps } from '@jejak/texts/help'
import type { Command } from 'commander'
import { afterAll, expect, test, vi } from 'vitest'
import { commands } from './commands.ts'
import { Bench } from './testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
afterAll(() => bench.remove())

const pathsOf = (command: Command, before: readonly string[] = []): string[][] => {
  const path = [...before, command.name()]
  return [path, ...command.commands.flatMap(part => pathsOf(part, path))]
}

const all = await Promise.all(Object.values(commands).map(load => load()))

test.each(all.flatMap(command => pathsOf(command)).map(path => path.join(' ')))(
  '%s --help teaches with an example of its own',
  async path => {
    const { status, stdout } = await bench.run(...path.split(' '), '--help')
    expect(status).toBe(0)
    expect(stdout).toContain(`$ npm run -s jejak -- ${path}`)
  },
)

test('the catalogue has the help of every command, and of no other', () => {
  const exported = exportKinds.map(({ name }) => `export ${name}`)
  const paths = all.flatMap(command => pathsOf(command)).map(path => path.join(' '))
  expect([...Object.keys(helps), ...exported].toSorted()).toEqual(['jejak', ...paths].toSorted())
})
