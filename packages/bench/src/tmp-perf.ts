import { join } from 'node:path'
import { rmSync, existsSync, mkdirSync } from 'node:fs'
import { openLog } from '@jejak/storage/open'
import { sqliteStore } from '@jejak/storage/sqlite'
import { sqliteProjections } from '@jejak/storage/sqlite-projections'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { localBus } from '@jejak/messaging/local'
import { gate } from '@jejak/messaging/gate'
import { effect } from '@jejak/reporting/effect'
import { rebuild } from '@jejak/reporting/rebuild'
import { training, eventsPerPerson } from './training.ts'
const [dir, n, what] = [process.argv[2], Number(process.argv[3]), process.argv[4]]
const fresh = !existsSync(dir); mkdirSync(dir, {recursive:true})
const logs = new Map()
for (const s of ['enrollment','assessment','certification']) logs.set(s, await openLog({store: await sqliteStore(join(dir, s+'.db')), origin: 'a.b/'+s, ...(fresh ? {signer: parseSigner(generateKey('a.b/'+s))} : {})}))
const time = async (name, f) => { const t=performance.now(), c=process.cpuUsage(); await f(); const d=performance.now()-t, u=process.cpuUsage(c); console.log(name, (d*1000/n).toFixed(2),'µs/event', Math.round(n/d*1000),'/s', 'cpu', (u.user/n).toFixed(1), (u.system/n).toFixed(1)) }
if (fresh) await time('fill', async () => { const it = training(n/eventsPerPerson); const last = new Map(); let pend=0; const run = async () => { for (const {log, stream, events} of it) { const before = last.get(stream); const p = (async()=>{ await before; const r = await logs.get(log).append({stream, expected:'any', events}); if ('refused' in r) throw new Error(JSON.stringify(r)) })(); last.set(stream, p); await p; if (last.get(stream)===p) last.delete(stream) } }; await Promise.all(Array.from({length:1000}, run)) })
await time('read', async () => { let k=0; for (const l of logs.values()) for await (const p of l.read(0)) k+=p.entries.length; if (k!==n) console.log('got',k) })
const file = join(dir,'read.db'); for (const x of ['','-wal','-shm']) rmSync(file+x,{force:true})
const store = sqliteProjections(file)
const history = async (log,q) => (await logs.get(log).readStreams([q]))[0]
const bus = localBus({logs, cursors: store})
const signal = new AbortController().signal
if (what==='live') await time('live', async () => { const stop = new AbortController(); let k=0; const {handle, counts} = gate({consumer:'reporting-1', store, history, effect}); await bus.subscribe({consumer:'reporting-1', logs:[...logs.keys()], signal: stop.signal, failed: e=>console.log(e), handle: async m => { await handle(m); k+=m.length; if (k>=n) stop.abort() }}); console.log(counts()) })
else await time('rebuild', () => rebuild({bus, logs, store, history, signal, failed: e=>console.log(e)}))
await bus.close(); await store.close(); for (const l of logs.values()) await l.close()
