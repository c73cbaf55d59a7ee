import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { syncToDisk } from '@jejak/storage/durable-file'
import { mustBeThere, openedFiles } from '@jejak/storage/file-identity'
import { refuseErased, type Vault } from './vault.ts'

/** The ids of erased persons, beside the heads: no backup takes an erasure back. */
export const erasuresFile = (keys: string): string => join(keys, 'erased')

/**
 * A vault that does not give back whom it has erased, whichever backup it was restored from. The
 * logs say it too, but not those that go on from before the erasure. Kept before the key goes.
 */
export const rememberErasures = async (vault: Vault, file: string): Promise<Vault> => {
  const erased = new Set(existsSync(file) ? subjectsIn(readFileSync(file, 'utf8')) : [])
  await refuseErased(vault, [...erased])
  let lost = openedFiles(file)
  return {
    ...vault,
    async erase(subject) {
      mustBeThere(lost) // Or a file without those that it had would take its place.
      if (!erased.has(subject)) append(file, subject)
      erased.add(subject)
      lost = openedFiles(file)
      await vault.erase(subject)
    },
  }
}

/** The newline comes first: half a line, which a kill has left, spoils no other. */
const append = (file: string, subject: string) => {
  const isNew = !existsSync(file)
  appendFileSync(file, `\n${subject}`, { mode: 0o600, flush: true })
  if (isNew) syncToDisk(dirname(file))
}

const subjectsIn = (text: string): string[] =>
  text.split('\n').filter(line => /^[0-9a-f-]{36}$/.test(line))
