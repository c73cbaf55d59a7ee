import { randomUUID } from 'node:crypto'
import { logContract } from '@jejak/eventsourcing/log-contract'
import { describeMongo } from '@jejak/local/suites'
import { generateKey, parseSigner, parseVerifier } from '@jejak/transparency/key'
import { verifyReceipt } from '@jejak/transparency/receipt'
import { MongoClient } from 'mongodb'
import { CommitMacs, newMacRecord } from '../log/commit-mac.ts'
import { openLog } from '../log/open.ts'
import { mongoStore } from './store.ts'

const origin = 'jejak.example/test'

describeMongo('on a real server', ({ url }) => {
  logContract('MongoDB', async () => {
    const database = `log-${randomUUID()}`
    const signer = parseSigner(generateKey(origin))
    const macs = new CommitMacs(newMacRecord(), origin)
    const key = parseVerifier(signer.vkey)
    return {
      open: async ({ signs, ...options }) =>
        openLog({
          store: await mongoStore(url, database),
          origin,
          macs,
          ...options,
          ...(signs && { signer }),
        }),
      verify: (receipt, entry) => verifyReceipt(receipt, entry, [key]).index,
      remove: async () => {
        const client = new MongoClient(url)
        await client.db(database).dropDatabase()
        await client.close()
      },
    }
  })
})
