import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Manifest, manifestName } from '@jejak/export/manifest'

export type FolderPorts = {
  /** Has the folders until they are old: with NIPs in the clear. */
  readonly dir: string
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** Rows are kept for a day to be fetched. Kept longer, they would outlive erasures. */
const rowsKeptMs = 86_400_000

const making = '.making'

/** The folders of exports, and beside each a file with the `asnId`s of the people in it. */
export const openExportFolders = ({ dir, clock }: FolderPorts) => {
  const peopleFile = (exportId: string) => join(dir, `${exportId}.people`)
  const manifestIn = async (folder: string): Promise<Manifest | undefined> => {
    const path = join(dir, folder, manifestName)
    return existsSync(path) ? JSON.parse(await readFile(path, 'utf8')) : undefined
  }
  const manifest = async (exportId: string): Promise<Manifest | undefined> =>
    /^[0-9a-f-]{36}$/.test(exportId) ? manifestIn(exportId) : undefined
  const manifests = async (): Promise<readonly Manifest[]> => {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const found = await Promise.all((await readdir(dir)).map(manifest))
    return found.filter(it => it !== undefined)
  }
  /** Also of an export that is recorded meanwhile: where it stands then, it is without rows. */
  const dropRows = async (exportId: string) => {
    for (const folder of [`${exportId}${making}`, exportId]) {
      for (const { file } of (await manifestIn(folder))?.files ?? []) {
        await rm(join(dir, folder, file), { force: true })
      }
    }
    await rm(peopleFile(exportId), { force: true })
  }
  const place = (exportId: string) => rename(join(dir, `${exportId}${making}`), join(dir, exportId))
  /** Removes an export that was not recorded. */
  const abandon = async (exportId: string): Promise<void> => {
    await rm(join(dir, `${exportId}${making}`), { recursive: true, force: true })
    await rm(peopleFile(exportId), { force: true })
  }
  return {
    manifest,
    /** Where an export is written. Once it is recorded, `place` makes this its folder. */
    making: (exportId: string): string => join(dir, `${exportId}${making}`),
    /** After a crash: places what was recorded, and removes the rest. */
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
    /** Removes the rows of exports that are older than a day. Their manifests stay. */
    async dropOld(): Promise<void> {
      for (const { exportId, madeAt } of await manifests()) {
        if (Date.parse(madeAt) + rowsKeptMs < clock()) await dropRows(exportId)
      }
    },
    keepPeople: (exportId: string, people: ReadonlySet<string>) =>
      writeFile(peopleFile(exportId), [...people].join('\n'), { mode: 0o600, flush: true }),
    /** Undefined once its rows were removed, or are about to be. */
    people: async (exportId: string): Promise<readonly string[] | undefined> => {
      const path = peopleFile(exportId)
      const text = existsSync(path) ? await readFile(path, 'utf8').catch(unlessGone) : undefined
      return text?.split('\n').filter(asnId => asnId !== '')
    },
    /** The exports whose rows are still there. */
    async kept(): Promise<readonly string[]> {
      await mkdir(dir, { recursive: true, mode: 0o700 })
      const ending = '.people'
      const found = (await readdir(dir)).filter(name => name.endsWith(ending))
      return found.map(name => name.slice(0, -ending.length))
    },
    abandon,
  }
}

export type ExportFolders = ReturnType<typeof openExportFolders>

const unlessGone = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error
}
