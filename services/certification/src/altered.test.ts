import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openConsumer } from '@jejak/consumer/consume'
import { publisherHistory } from '@jejak/consumer/port'
import { provenHistory, readHeads, unverifiedHeads } from '@jejak/consumer/verified'
import { foundations } from '@jejak/history/rests-on'
import { messagesOf } from '@jejak/messaging/pages'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openCertificates } from './certificates.ts'
import { certificationConsumer } from './consumer.ts'
import { processManager } from './manager.ts'
import { programKey, projectionName } from './read-model.ts'
import {
  appendAll,
  assessed,
  program,
  published,
  siti,
  today,
  training,
} from './testing/training.ts'

const services = ['enrollment', 'assessment', 'certification'] as const
type Service = (typeof services)[number]

const stream = `competency/${siti}`
const rated = (name: string, competency: string, level: 1 | 2 | 3) =>
  assessed(name, { competency, level, occurredOn: '2026-03-05' })
const ready = [
  rated('1', 'integritas', 3),
  rated('2', 'kerja-sama', 2),
  rated('3', 'komunikasi', 2),
]
const unready = [rated('1', 'integritas', 1), ...ready.slice(1)]
const worse = rated('4', 'integritas', 2)

const other = '0197a000-0000-7000-8000-0000000000a9'
const [ofOther, otherProgram] = [`competency/${other}`, `program/${other}`]

/** Fill the first tile: a start reads what is behind the full ones, and nothing in them. */
const fillers = {
  assessment: {
    [ofOther]: [...ready, ...Array.from({ length: 300 }, () => rated('9', 'lain', 2))].map(it => ({
      ...it,
      asnId: other,
    })),
  },
  enrollment: {
    [otherProgram]: Array.from({ length: 300 }, () => ({ ...published, programId: other })),
  },
}

/** Logs on files, which were written and closed. */
const openFiles = async (ratings: readonly (typeof worse)[][]) => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const keys = new Map(services.map(name => [name, generateKey(`jejak.example/${name}`)]))
  const file = (service: Service) => join(folder, `${service}.db`)
  const open = async (service: Service, verified?: () => number) => {
    const signer = parseSigner(keys.get(service) as string)
    const store = await sqliteStore(file(service))
    return openLog({ store, origin: signer.name, signer, ...(verified && { verified }) })
  }
  const [enrollment, assessment] = [await open('enrollment'), await open('assessment')]
  await appendAll(enrollment, training.enrollment)
  for (const commit of ratings) await appendAll(assessment, { [stream]: commit })
  await appendAll(assessment, fillers.assessment)
  await appendAll(enrollment, fillers.enrollment)
  await Promise.all([enrollment.close(), assessment.close()])
  return {
    /** As whoever can write the file does. */
    edit(service: Service, work: (db: DatabaseSync) => void) {
      const db = new DatabaseSync(file(service))
      db.exec('drop trigger no_update')
      work(db)
      db.close()
    },
    /** What a start of all services does with the files, with read models that are made again. */
    async start(verified?: () => number) {
      const logs = new Map<string, ProvenLog>()
      for (const service of services) logs.set(service, await open(service, verified))
      onTestFinished(async () => {
        for (const log of logs.values()) await log.close()
      })
      const store = memoryProjections()
      const ports = { store, history: publisherHistory(logs), cursorPer: 'log' as const }
      const consumer = await openConsumer(certificationConsumer, ports, projectionName)
      for (const name of certificationConsumer.logs) {
        for await (const page of logs.get(name)?.read(0) ?? []) {
          await consumer.handle(messagesOf(name, page))
        }
      }
      const found: string[] = []
      const log = logs.get('certification') as ProvenLog
      const { settle } = processManager({
        ...ports,
        certificates: openCertificates(log),
        proven: provenHistory(logs),
        heads: () => readHeads(logs, foundations),
        unverified: () => unverifiedHeads(logs, certificationConsumer.logs),
        clock: today,
        failed: error => found.push(String(error)),
        damaged: ({ name, log }) => found.push(`${name} ${log}`),
      })
      return {
        store,
        certify: async () => ({ isSettled: await settle(), found, issued: await log.size() }),
      }
    },
  }
}

const nothing = 0

/** Other bytes, as many, in the first commit of a stream. */
const changed = (stream: string, from: string, to: string) => (db: DatabaseSync) => {
  const row = db.prepare('select e from commits where s = ? and v = 1').get(stream)
  const bytes = Buffer.from(row?.['e'] as Uint8Array).toString('latin1')
  if (!bytes.includes(from)) throw new Error(`no ${from} in ${stream}`)
  const edited = Buffer.from(bytes.replace(from, to), 'latin1')
  db.prepare('update commits set e = ? where s = ? and v = 1').run(edited, stream)
}

const rehomed = (db: DatabaseSync) => {
  db.prepare(`update commits set s = '-' where s = ?`).run(stream)
  db.prepare('update commits set s = ? where s = ?').run(stream, ofOther)
}

describe('a certificate', () => {
  test('rests on logs that are as they were signed', async () => {
    const { start } = await openFiles([unready, ready])
    const { certify } = await start()
    expect(await certify()).toEqual({ isSettled: true, found: [], issued: 1 })
  })

  test.each([
    ['a level was raised', 'assessment', changed(stream, '"level":1', '"level":3')],
    ['a target was lowered', 'enrollment', changed(`program/${program}`, '"level":3', '"level":1')],
    ["somebody else's ratings stand", 'assessment', rehomed],
  ] as const)('is not issued where %s in a full tile', async (_, service, work) => {
    const { edit, start } = await openFiles([unready])
    edit(service, work)
    const { certify } = await start()
    const found = [`EntryAltered ${service}`]
    expect(await certify()).toEqual({ isSettled: false, found, issued: nothing })
  })

  test('is not issued where a worse rating is hidden, for the log is never verified', async () => {
    const { edit, start } = await openFiles([ready, [worse]])
    edit('assessment', db => db.exec(`update commits set s = '-' where s = '${stream}' and v > 1`))
    let verified = nothing
    const { certify } = await start(() => verified)
    const waiting = { isSettled: false, found: [], issued: nothing }
    expect(await certify()).toEqual(waiting)
    verified = 3 // Verification stops where it finds that one is missing.
    expect(await certify()).toEqual(waiting)
    // What is left is proven: only the whole log shows that something is missing.
    verified = Number.POSITIVE_INFINITY
    expect(await certify()).toMatchObject({ issued: 1 })
  })

  test('is issued once the logs are verified', async () => {
    const { start } = await openFiles([ready])
    let verified = nothing
    const { certify } = await start(() => verified)
    expect(await certify()).toEqual({ isSettled: false, found: [], issued: nothing })
    verified = 308
    expect(await certify()).toEqual({ isSettled: true, found: [], issued: 1 })
  })

  test('is not issued on a read model that says otherwise than the logs', async () => {
    const { start } = await openFiles([unready])
    const { store, certify } = await start()
    const lowered = { code: 'mrs-2026', targets: [], validityMonths: 36 }
    const documents = new Map([[programKey(program), lowered]])
    await store.apply(projectionName, { documents })
    const { found, issued } = await certify()
    expect({ found, issued }).toMatchObject({
      found: [expect.stringMatching('^ReadModelDiffers')],
      issued: nothing,
    })
  })
})
