// tidy: reserving a NIP is a protocol of its own, between the vault and two streams.
import { may } from '@jejak/access/rights'
import type { Vault } from '@jejak/privacy/vault'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import { attributesOf } from '@jejak/rpc/write'
import type { LocalDirectory } from './directory.ts'
import { abandon } from './employee.ts'
import type { EnrollmentStreams } from './streams.ts'

/** So often may another reserve the NIP in between; then it is theirs. */
const attemptsMax = 5

/**
 * Reserves a NIP, or refuses if it belongs to another person. If the holder reserved it and never
 * registered, the first event of their stream ends that registration, and the NIP is free.
 */
export const reserving =
  (
    employees: EnrollmentStreams['employees'],
    directory: Pick<LocalDirectory, 'survivor' | 'touched'>,
    vault: Pick<Vault, 'create' | 'erase' | 'reserve'>,
  ) =>
  async (call: Call, nip: string, asnId: string): Promise<void> => {
    let holder = await vault.reserve(nip, asnId)
    for (let attempt = 1; holder !== asnId; attempt++) {
      const { status } = await employees.read(holder)
      if (status === 'active' || status === 'merged' || attempt === attemptsMax) {
        const survivorId = (await directory.survivor(holder))?.asnId ?? holder
        if (survivorId === asnId) return // A duplicate's: it finds this person already.
        const touched = await directory.touched(survivorId)
        // Who has the NIP is personal data, of people whom the caller may have no right to.
        const mayRead = may(call.principal, 'enrollment.GetEmployee', touched)
        throw mayRead
          ? refusedBy({ key: 'NIP_TAKEN', values: 'readable' }, { asn_id: survivorId })
          : refusedBy({ key: 'NIP_TAKEN', values: 'elsewhere' })
      }
      if (status === 'absent') await end(holder)
      else await vault.erase(holder) // What a crash has left of an erasure.
      holder = await vault.reserve(nip, asnId)
    }

    async function end(subject: string) {
      const key = await vault.create(subject)
      if (key === 'erased') return
      const decide = (state: Parameters<typeof abandon>[0]) => abandon(state, subject, key.keyId)
      const ended = await employees.transact(subject, { decide, attributes: attributesOf(call) })
      if ('appended' in ended || 'unchanged' in ended) await vault.erase(subject)
    }
  }
