import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { logKey } from '@jejak/audit/log/heads'
import { verifyReceipt } from '@jejak/transparency/receipt'

type Receipted = { readonly entries: readonly string[]; readonly receipts: readonly string[] }

/** The first receipt of a file of them, as two files that anybody can verify; verified first. */
export const keepReceipt = (receipts: string, folder: string, vkey: string) => {
  const [line = '{}'] = readFileSync(receipts, 'utf8').split('\n')
  const { entries, receipts: proofs }: Receipted = JSON.parse(line)
  const [bytes, proof] = [Buffer.from(entries[0] ?? ''), proofs[0] ?? '']
  const key = logKey(vkey, 'the log')
  const { index } = verifyReceipt(proof, bytes, [key])
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const [entry, file] = [join(folder, 'event.json'), join(folder, 'event.tlog-proof')]
  writeFileSync(entry, bytes)
  writeFileSync(file, proof)
  return { log: key.name, index, entry, file }
}
