import { logContract } from '@jejak/eventsourcing/log-contract'
import { generateKey, parseSigner, parseVerifier } from '@jejak/transparency/key'
import { verifyReceipt } from '@jejak/transparency/receipt'
import { CommitMacs, newMacRecord } from './log/commit-mac.ts'
import { openLog } from './log/open.ts'
import { memoryStore } from './memory.ts'

const origin = 'jejak.example/test'

logContract('memory', async () => {
  const store = memoryStore()
  const signer = parseSigner(generateKey(origin))
  const macs = new CommitMacs(newMacRecord(), origin)
  const key = parseVerifier(signer.vkey)
  return {
    open: ({ signs, ...options }) =>
      openLog({ store, origin, macs, ...options, ...(signs && { signer }) }),
    verify: (receipt, entry) => verifyReceipt(receipt, entry, [key]).index,
    remove: async () => {},
  }
})
