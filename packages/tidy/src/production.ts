import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A package that is in the image of a service. */
export type Shipped = {
  readonly name: string
  readonly version: string
  /** As its package.json states it: an SPDX expression, if it states one. */
  readonly license: string
  /** The shortest way to it: the packages that want it, from the service on. */
  readonly path: readonly string[]
}

type Manifest = {
  readonly name: string
  readonly version?: string
  readonly license?: string | { readonly type: string }
  readonly licenses?: readonly { readonly type: string }[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** Node's way to a package: the nearest `node_modules` that has it. */
const resolve = (from: string, name: string): string | undefined => {
  const found = join(from, 'node_modules', name)
  if (existsSync(join(found, 'package.json'))) return realpathSync(found)
  const up = dirname(from)
  return up === from ? undefined : resolve(up, name)
}

const wantedBy = ({ dependencies, peerDependencies, peerDependenciesMeta }: Manifest) => [
  ...Object.keys(dependencies ?? {}),
  ...Object.keys(peerDependencies ?? {}).filter(name => !peerDependenciesMeta?.[name]?.optional),
]

const licenseOf = ({ license, licenses }: Manifest): string =>
  typeof license === 'string'
    ? license
    : (license?.type ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'none')

/**
 * The packages that `pnpm install --prod --no-optional` puts into the image of a service: its
 * dependencies and theirs, without those for development, and without optional ones.
 */
export const shippedWith = (folder: string): readonly Shipped[] => {
  const shipped = new Map<string, Shipped>()
  const queue = [{ folder: realpathSync(folder), path: [] as readonly string[] }]
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { folder, path } = next
    if (shipped.has(folder)) continue
    const manifest = manifestIn(folder)
    const { name, version = '' } = manifest
    const own = [...path, name]
    shipped.set(folder, { name, version, license: licenseOf(manifest), path: own })
    for (const wanted of wantedBy(manifest)) {
      const found = resolve(folder, wanted)
      if (found === undefined) throw new Error(`${own.join(' > ')} wants ${wanted}: not installed`)
      queue.push({ folder: found, path: own })
    }
  }
  return [...shipped.values()]
}

/** They run tests, and are in no image. */
const testTools = ['vitest', 'vite', 'fast-check', 'testcontainers', '@jejak/local']

const permissive = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
  'Zlib',
]

/** An SPDX expression of one level: all of `A AND B`, or any of `A OR B`. */
const isPermissive = (license: string): boolean => {
  const expression = license.replace(/^\((.*)\)$/, '$1')
  if (expression.includes(' AND ')) return expression.split(' AND ').every(isPermissive)
  return expression.split(' OR ').some(one => permissive.includes(one))
}

/** Packages that say no license, or none that has an SPDX name: until exceljs goes. */
const unlicensed = (path: readonly string[]) => path.includes('exceljs')

/** Packages that must not be in an image, each with the reason and with its dependents. */
export const misshipped = (shipped: readonly Shipped[]): readonly string[] =>
  shipped.flatMap(({ name, license, path }) => {
    const way = path.join(' > ')
    if (testTools.includes(name)) return [`${way}: a test tool is in the image`]
    return isPermissive(license) || unlicensed(path) ? [] : [`${way}: its license is ${license}`]
  })
