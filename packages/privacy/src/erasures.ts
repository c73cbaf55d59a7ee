import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
  return {
    ...vault,
    async erase(subject) {
      // The newline comes first: half a line, which a kill has left, spoils no other.
      if (!erased.has(subject)) appendFileSync(file, `\n${subject}`, { mode: 0o600, flush: true })
      erased.add(subject)
      await vault.erase(subject)
    },
  }
}

const subjectsIn = (text: string): string[] =>
  text.split('\n').filter(line => /^[0-9a-f-]{36}$/.test(line))
