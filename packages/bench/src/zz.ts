import { rmSync } from 'node:fs'
import { v7 } from 'uuid'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { openHeadFile } from '@jejak/storage/head'
import { openLog } from '@jejak/storage/open'
import { sqliteStore } from '@jejak/storage/sqlite'
rmSync('/tmp/zz', { recursive: true, force: true })
const origin = 'jejak.example/bench'
const signer = parseSigner(generateKey(origin))
const log = await openLog({ store: await sqliteStore('/tmp/zz/log.db'), origin, signer, head: openHeadFile('/tmp/zz/head') })
const data = { a: 'x'.repeat(60), level: 3 }
const bytes = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex')
const N = 60000
const ids = Array.from({ length: N }, () => v7())
const run = async (clients: number) => {
  let n = 0
  const client = async () => {
    while (n < N) {
      const id = ids[n++] as string
      const key = Buffer.concat([bytes(id), Buffer.alloc(8)])
      const r = await log.append({ stream: `competency/${id}`, expected: 0, events: [{ id, type: 'a.B.v1', data }], request: { key, digest: Buffer.alloc(32) } })
      if ('refused' in r) throw new Error(JSON.stringify(r))
      await r.receipt()
    }
  }
  const t = performance.now(), c = process.cpuUsage(), th = process.threadCpuUsage()
  await Promise.all(Array.from({ length: clients }, client))
  const u = process.cpuUsage(c), m = process.threadCpuUsage(th)
  console.log(clients, Math.round((N / (performance.now() - t)) * 1000), 'cpu us/event', ((u.user + u.system) / N).toFixed(1), 'main', ((m.user+m.system)/N).toFixed(1))
}
await run(64)
await run(64)
await log.close()
