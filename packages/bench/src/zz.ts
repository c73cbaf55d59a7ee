import { rmSync } from 'node:fs'
import { openHeadFile } from '@jejak/storage/head'
import { openLog } from '@jejak/storage/open'
import { sqliteStore } from '@jejak/storage/sqlite'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { v7 } from 'uuid'

rmSync('/tmp/zz', { recursive: true, force: true })
const origin = 'jejak.example/bench'
const signer = parseSigner(generateKey(origin))
const log = await openLog({
  store: await sqliteStore('/tmp/zz/log.db'),
  origin,
  signer,
  head: openHeadFile('/tmp/zz/head'),
})
const data = { a: 'x'.repeat(60), level: 3 }
const bytes = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex')
const run = async (clients: number, ms: number) => {
  let n = 0
  const end = performance.now() + ms
  const client = async () => {
    while (performance.now() < end) {
      const key = Buffer.concat([bytes(v7()), Buffer.alloc(8)])
      const r = await log.append({
        stream: `competency/${v7()}`,
        expected: 0,
        events: [{ id: v7(), type: 'a.B.v1', data }],
        request: { key, digest: Buffer.alloc(32) },
      })
      if ('refused' in r) throw new Error(JSON.stringify(r))
      await r.receipt()
      n++
    }
  }
  const t = performance.now()
  await Promise.all(Array.from({ length: clients }, client))
  console.log(clients, Math.round((n / (performance.now() - t)) * 1000))
}
for (const c of [1, 64, 256, 64, 1]) await run(c, 3000)
let t = performance.now(),
  k = 0
for await (const p of log.read(0)) k += p.entries.length
console.log('replay', k, Math.round((k / (performance.now() - t)) * 1000))
await log.close()
