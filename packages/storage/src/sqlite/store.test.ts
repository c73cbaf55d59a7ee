import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { logContract } from '@jejak/eventsourcing/log-contract'
import { generateKey, parseSigner, parseVerifier } from '@jejak/transparency/key'
import { verifyReceipt } from '@jejak/transparency/receipt'
import { CommitMacs, newMacRecord } from '../log/commit-mac.ts'
import { openHeadFile } from '../log/head.ts'
import { openLog } from '../log/open.ts'
import { sqliteStore } from './store.ts'

const origin = 'jejak.example/test'

logContract('node:sqlite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jejak-'))
  const signer = parseSigner(generateKey(origin))
  const macs = new CommitMacs(newMacRecord(), origin)
  const key = parseVerifier(signer.vkey)
  const signing = () => ({ signer, head: openHeadFile(join(folder, 'keys', 'head')) })
  return {
    open: async ({ signs, ...options }) =>
      openLog({
        store: await sqliteStore(join(folder, 'data', 'log.db')),
        origin,
        macs,
        ...options,
        ...(signs && signing()),
      }),
    verify: (receipt, entry) => verifyReceipt(receipt, entry, [key]).index,
    remove: async () => rmSync(folder, { recursive: true }),
  }
})
