import type { Vault } from '@jejak/privacy/vault'
import { errorOf, type Writing } from '@jejak/rpc/write'
import type { Directory } from './directory.ts'
import { abandon } from './employee.ts'
import { nipTaken } from './reasons.ts'
import type { Streams } from './streams.ts'

/** How often another may reserve it in between, before it is theirs. */
const attemptsMax = 5

/**
 * Reserves a NIP, or refuses where it is another person's. Who reserved it and never registered
 * can't any more: the first event of that stream ends it, and then the NIP is free.
 */
export const reserving =
  (
    employees: Streams['employees'],
    directory: Pick<Directory, 'survivor'>,
    vault: Pick<Vault, 'create' | 'erase' | 'reserve'>,
  ) =>
  async (nip: string, asnId: string, attributes: Writing['attributes']): Promise<void> => {
    let holder = await vault.reserve(nip, asnId)
    for (let attempt = 1; holder !== asnId; attempt++) {
      const { status } = await employees.read(holder)
      if (status === 'active' || status === 'merged' || attempt === attemptsMax) {
        const survivorId = (await directory.survivor(holder))?.asnId ?? holder
        if (survivorId === asnId) return // A duplicate's: it finds this person already.
        throw errorOf(nipTaken(survivorId))
      }
      if (status === 'absent') await end(holder, attributes)
      else await vault.erase(holder) // What a crash has left of an erasure.
      holder = await vault.reserve(nip, asnId)
    }

    async function end(subject: string, attributes: Writing['attributes']) {
      const key = await vault.create(subject)
      if (key === 'erased') return
      const decide = (state: Parameters<typeof abandon>[0]) => abandon(state, subject, key.keyId)
      const ended = await employees.transact(subject, { decide, attributes })
      if ('appended' in ended || 'unchanged' in ended) await vault.erase(subject)
    }
  }
