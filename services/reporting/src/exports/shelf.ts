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
    const path = join(dir, exportId, manifestName)
    return existsSync(path) ? JSON.parse(await readFile(path, 'utf8')) : undefined
  }
  const manifests = async (): Promise<readonly Manifest[]> => {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const found = await Promise.all((await readdir(dir)).map(manifest))
    return found.filter(it => it !== undefined)
  }
  const dropRows = async (exportId: string) => {
    for (const { file } of (await manifest(exportId))?.files ?? []) {
      await rm(join(dir, exportId, file), { force: true })
    }
    await rm(peopleFile(exportId), { force: true })
  }
  const place = (exportId: string) => rename(join(dir, `${exportId}${making}`), join(dir, exportId))
  /** What was begun and came to nothing. */
  const abandon = async (exportId: string): Promise<void> => {
    await rm(join(dir, `${exportId}${making}`), { recursive: true, force: true })
    await rm(peopleFile(exportId), { force: true })
  }
  return {
    manifest,
    /** Where an export is made: it is nothing until it is recorded, and put in its place. */
    making: (exportId: string): string => join(dir, `${exportId}${making}`),
    /** Ends what a crash has left: what was recorded is put in its place, the rest is removed. */
    async settle(isRecorded: (exportId: string) => Promise<boolean>): Promise<void> {
      await mkdir(dir, { recursive: true, mode: 0o700 })
      for (const left of await readdir(dir)) {
        if (!left.endsWith(making)) continue
        const exportId = left.slice(0, -making.length)
        if (await isRecorded(exportId)) await place(exportId)
        else await abandon(exportId)
      }
    },
    place,
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
    abandon,
  }
}

export type Shelf = ReturnType<typeof openShelf>
