import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { misshipped, shippedWith } from './production.ts'

const services = fileURLToPath(new URL('../../../services', import.meta.url))

describe('the image of a service', () => {
  test.each(readdirSync(services))('%s has no test tool, and permissive licenses', service => {
    const shipped = shippedWith(join(services, service))
    expect(shipped.map(({ name }) => name)).toContain('@grpc/grpc-js')
    expect(misshipped(shipped)).toEqual([])
  })
})

describe('a package that would be in an image', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'jejak-production-'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  const install = (name: string, manifest: object, folder = join('node_modules', name)) => {
    mkdirSync(join(root, folder), { recursive: true })
    const text = JSON.stringify({ name, license: 'MIT', ...manifest })
    writeFileSync(join(root, folder, 'package.json'), text)
  }
  const shippedIn = (dependencies: Readonly<Record<string, string>>) => {
    install('service', { dependencies, devDependencies: { 'fast-check': '1' } }, '')
    return misshipped(shippedWith(root))
  }

  test('is no test tool, however far it is from the service', () => {
    install('vitest', {})
    install('fast-check', {})
    install('ours', { dependencies: { vitest: '1' } })
    expect(shippedIn({ ours: '1' })).toEqual([
      'service > ours > vitest: a test tool is in the image',
    ])
  })

  test('comes with those that it wants beside it, but for the optional ones', () => {
    install('vite', {})
    const peerDependencies = { vite: '1' }
    install('ours', { peerDependencies })
    expect(shippedIn({ ours: '1' })).toHaveLength(1)
    install('ours', { peerDependencies, peerDependenciesMeta: { vite: { optional: true } } })
    expect(shippedIn({ ours: '1' })).toEqual([])
  })

  test.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['(MIT AND Zlib)', true],
    ['(MIT AND GPL-3.0-only)', false],
    ['GPL-3.0-only', false],
    [undefined, false],
  ])('of the license %s may be there: %s', (license, may) => {
    install('theirs', { license })
    expect(shippedIn({ theirs: '1' })).toHaveLength(may ? 0 : 1)
  })

  test('may have no license where exceljs brings it', () => {
    install('buffers', { license: undefined })
    install('exceljs', { dependencies: { buffers: '1' } })
    expect(shippedIn({ exceljs: '1' })).toEqual([])
  })
})
