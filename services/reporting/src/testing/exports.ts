import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Role, roles } from '@jejak/access/principal'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { reportingEvents } from '@jejak/events/reporting'
import type { EventLog } from '@jejak/eventsourcing/log'
import type { ExportKind } from '@jejak/export/kind'
import { exportKinds } from '@jejak/export/kinds'
import type { Manifest } from '@jejak/export/manifest'
import { siasnKursus } from '@jejak/export/siasn-kursus'
import { Unsealed } from '@jejak/privacy/seal'
import type { Vault } from '@jejak/privacy/vault'
import type { ProvenLog } from '@jejak/storage/log/open'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import Fastify from 'fastify'
import { v7 } from 'uuid'
import { onTestFinished, vi } from 'vitest'
import { serverOptions } from '../http/server.ts'
import { reportingService } from '../service.ts'
import type { Document } from './conforms.ts'
import { opened, openedBefore, program, published, registered, trained } from './events.ts'
import { noon, openLogs, openReporting, readModelAfter } from './read-model.ts'

const events = reportingEvents

export const day = 86_400_000

/** Reports and exports over HTTP; a token is the name of a role. Answers what a test needs. */
// tidy: a composition root.
export const openExportFixture = async (vault: Vault, kinds = exportKinds) => {
  const logs = await openLogs()
  const dir = mkdtempSync(join(tmpdir(), 'jejak-exports-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const log = logs.logs.get('reporting') as EventLog
  let [now, isBroken] = [noon, false]
  const clock = () => now
  /** By log: what it does otherwise than a log in memory. */
  const overrides = new Map<string, Partial<ProvenLog>>()
  const provenLogs = () =>
    [...(logs.logs as Map<string, ProvenLog>)]
      .filter(([name]) => name !== 'reporting')
      .map(([name, log]) => [name, { ...log, ...overrides.get(name) }])
  const damaged: unknown[] = []
  const signer = parseSigner(generateKey('jejak.example/reporting'))
  await logs.append('enrollment', `program/${program}`, published)
  for (const cohort of [opened, openedBefore]) {
    await logs.append('enrollment', `cohort/${cohort.cohortId}`, cohort)
  }

  /** A civil servant with a NIP, who has completed a course. */
  const train = async (
    asnId: string,
    nip: string,
    enrollmentId: string,
    completedOn: string,
    more: Readonly<Record<string, string>> = {},
  ) => {
    await vault.create(asnId)
    const [first, posted] = registered(asnId)
    const person = { nip, name: 'Andi Tenri', birthDate: '1990-01-01', ...more }
    await sealed(1, 'person', person, first as never)
    await logs.append('enrollment', `employee/${asnId}`, posted as never)
    await trained(logs, asnId, enrollmentId, completedOn)
  }

  /** An event of a civil servant who has a key, as a version of their stream. */
  const sealed = async (
    version: number,
    field: string,
    value: unknown,
    event: { readonly type: string; readonly asnId: string },
  ) => {
    const [key] = await vault.keys([event.asnId])
    if (!key || key === 'erased') throw new Error('erased')
    const stream = `employee/${event.asnId}`
    const eventId = v7()
    const source = 'jejak.example/enrollment'
    const type = `jejak.enrollment.${event.type}.v1`
    const place = { source, stream, version, eventId, type, path: `/${field}` }
    const filled = { ...event, [field]: new Unsealed(key, value).seal(place) }
    const events = [enrollmentEvents.encode(filled as never, eventId)]
    await logs.logs.get('enrollment')?.append({ stream, expected: version - 1, events })
  }

  /** Another NIP from a day on, of somebody who was trained. */
  const changeNip = (asnId: string, nip: string, since: string, version: number) =>
    sealed(version, 'nip', nip, { type: 'NipChanged', asnId, reason: 'SK BKN', since } as never)

  /** Corrects personal data of somebody who was trained. */
  const correct = (asnId: string, fields: Readonly<Record<string, string>>, version: number) =>
    sealed(version, 'person', fields, {
      ...{ type: 'PersonalDataCorrected', asnId, reason: 'SK BKN' },
    } as never)

  /** Erases somebody, as enrollment does: the event first. */
  const erase = async (asnId: string) => {
    const [key] = await vault.keys([asnId])
    if (!key || key === 'erased') throw new Error('erased')
    await logs.append('enrollment', `employee/${asnId}`, {
      type: 'SubjectErased',
      asnId,
      keyId: key.keyId,
      basis: 'UU 27/2022 Pasal 43',
      disposition: 'musnah',
    } as never)
    await vault.erase(asnId)
  }

  /** The server; its read model is current, or empty until `startConsuming`. */
  const serve = async (isConsuming = true) => {
    const store = await readModelAfter(logs, [])
    const startConsuming = async () => {
      const reporting = openReporting(logs, store)
      onTestFinished(() => reporting.close())
      await vi.waitUntil(reporting.isCurrent, { timeout: 10_000 })
    }
    if (isConsuming) await startConsuming()
    const recording: EventLog = {
      ...log,
      async append(request) {
        if (isBroken) throw new Error('the disk is full')
        return log.append(request)
      },
    }
    const { http: plugin } = reportingService({
      store,
      history: logs.history,
      cursorPer: 'log',
      log: recording,
      logs: new Map(provenLogs() as never),
      keys: vault,
      employees: {
        resolve: async (asnIds: readonly string[]) => {
          const keys = await vault.keys(asnIds)
          return asnIds.map((asnId, at) => ({
            asnId,
            records: [asnId],
            agency: 'rsud-daya',
            position: 'perawat',
            status: keys[at] === 'erased' ? ('erased' as const) : ('active' as const),
          }))
        },
        byNip: async () => [],
        successors: async (codes: readonly string[]) => codes,
      },
      authenticate: (role = '') =>
        roles.includes(role as Role)
          ? { id: '0197a000-0000-7000-8000-0000000000ff', role: role as Role }
          : undefined,
      clock,
      rebuild: async () => {},
      failed: () => {}, // The answer of the server is what a test looks at.
      exports: { signer, dir, kinds, damaged: error => damaged.push(String(error)) },
    })
    const http = Fastify(serverOptions)
    onTestFinished(() => http.close())
    await http.register(plugin)
    await http.ready()
    const as = (role: Role) => ({
      make: (payload: object, kind: Pick<ExportKind, 'name'> = siasnKursus) =>
        http.inject({
          method: 'POST',
          url: `/v1/exports/${kind.name}`,
          headers: { authorization: `Bearer ${role}` },
          payload: { requestId: v7(), ...payload },
        }),
      get: (url: string) =>
        http.inject({ url: `/v1${url}`, headers: { authorization: `Bearer ${role}` } }),
    })
    /** All files of an export, as a folder. */
    const fetched = async ({ exportId, files }: Manifest): Promise<string> => {
      const to = join(dir, `fetched-${exportId}`)
      await mkdir(to)
      for (const file of ['manifest.json', 'manifest.json.note', ...files.map(it => it.file)]) {
        const { statusCode, rawPayload } = await as('ministry').get(`/exports/${exportId}/${file}`)
        if (statusCode !== 200) throw new Error(rawPayload.toString())
        await writeFile(join(to, file), rawPayload)
      }
      return to
    }
    const described = async () => (await http.inject('/openapi.json')).json() as Document
    return { as, fetched, startConsuming, described, store }
  }

  /** What the reporting log has, by the names of its events. */
  const recordedEvents = async () =>
    (await logs.messages())
      .filter(({ log }) => log === 'reporting')
      .map(({ entry }) => events.read(entry))
  return {
    train,
    changeNip,
    correct,
    erase,
    serve,
    recordedEvents,
    logs,
    overrides,
    /** What was found wrong with logs. */
    damaged,
    vkey: signer.vkey,
    dir,
    pass: (ms: number) => {
      now += ms
    },
    breakRecording: () => {
      isBroken = true
    },
  }
}
