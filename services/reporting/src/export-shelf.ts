import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Manifest, manifestName } from '@jejak/export/manifest'

export type ShelfPorts = {
  readonly dir: string
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** Rows are kept for a day to be fetched: longer, they would outlive the erasure of people. */
const rowsKeptMs = 86_400_000

const making = '.making'

/** The folders of exports, and beside each who is in it. */
export const openShelf = ({ dir, clock }: ShelfPorts) => {
  const peopleFile = (exportId: string) => join(dir, `${exportId}.people`)
  const manifest = async (exportId: string): Promise<Manifest | undefined> => {
    if (!/^[0-9a-f-]{36}$/.test(exportId)) return undefined
    const folder = join(dir, exportId)
    if (!existsSync(folder)) return undefined
    return JSON.parse(await readFile(join(folder, manifestName), 'utf8'))
  }
  const manifests = async (): Promise<readonly Manifest[]> => {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const ids = (await readdir(dir)).sort().reverse() // Ids are in the order of time.
    const found = await Promise.all(ids.map(manifest))
    return found.filter(it => it !== undefined)
  }
  const dropRows = async (exportId: string) => {
    for (const { file } of (await manifest(exportId))?.files ?? []) {
      await rm(join(dir, exportId, file), { force: true })
    }
    await rm(peopleFile(exportId), { force: true })
  }
  return {
    manifest,
    /** Where an export is made: it is nothing until it is recorded, and put in its place. */
    async begin(exportId: string): Promise<string> {
      for (const left of await readdir(dir)) {
        if (left.endsWith(making)) await rm(join(dir, left), { recursive: true })
      }
      return join(dir, `${exportId}${making}`)
    },
    place: (exportId: string) => rename(join(dir, `${exportId}${making}`), join(dir, exportId)),
    manifests,
    dropRows,
    async sweep(): Promise<void> {
      for (const { exportId, madeAt } of await manifests()) {
        if (Date.parse(madeAt) + rowsKeptMs < clock()) await dropRows(exportId)
      }
    },
    keepPeople: (exportId: string, people: ReadonlySet<string>) =>
      writeFile(peopleFile(exportId), [...people].join('\n'), { mode: 0o600, flush: true }),
    people: async (exportId: string): Promise<readonly string[]> =>
      (await readFile(peopleFile(exportId), 'utf8')).split('\n').filter(asnId => asnId !== ''),
    /** What was begun and came to nothing. */
    async abandon(exportId: string): Promise<void> {
      await rm(join(dir, `${exportId}${making}`), { recursive: true, force: true })
      await rm(peopleFile(exportId), { force: true })
    },
  }
}

export type Shelf = ReturnType<typeof openShelf>
