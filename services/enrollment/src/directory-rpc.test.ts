import { randomUUID } from 'node:crypto'
import { DirectoryService } from '@jejak/proto/jejak/enrollment/v1/directory'
import { type Client, connect } from '@jejak/rpc/client'
import { type Directory, remoteDirectory } from '@jejak/rpc/directory-client'
import { serve } from '@jejak/rpc/serve'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { directoryRpc } from './directory-rpc.ts'
import {
  andi,
  erasureOf,
  opened,
  openTestbed,
  refusalOf,
  registered,
  siti,
  type Testbed,
} from './testing/service.ts'

const stranger = randomUUID()
let bed: Testbed
let remote: Directory
let people: readonly string[]
let asHr: Client<typeof DirectoryService>
let close: () => Promise<void>

beforeAll(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
  const implementations = [directoryRpc(bed.directory, bed.vault)]
  const authenticate = (bearer: string | undefined) =>
    ({ id: stranger, role: bearer === 'hr' ? 'hr' : 'service' }) as const
  const server = await serve({ address: '127.0.0.1:0', implementations, authenticate })
  const connections = ['service', 'hr'].map(token =>
    connect(`127.0.0.1:${server.port}`, { token, deadlineMs: 5_000 }),
  )
  const [own, ofHr] = connections.map(connection => connection.client(DirectoryService))
  if (!own || !ofHr) throw new Error('not connected')
  remote = remoteDirectory(own)
  asHr = ofHr
  close = async () => {
    for (const connection of connections) connection.close()
    await server.drain(1_000)
    await bed.close()
  }
  const erased = await registered(bed, andi)
  people = [await registered(bed), erased]
  await bed.employees('hr').eraseEmployee({ requestId: randomUUID(), ...erasureOf(erased) })
})
afterAll(() => close())

describe('the directory, asked by another service', () => {
  test('answers as it does in one process', async () => {
    const ids = [stranger, ...people, 'nobody']
    expect(await remote.resolve(ids)).toEqual(await bed.directory.resolve(ids))
    const nips = [siti.nip, andi.nip, 'no NIP']
    expect(await remote.byNip(nips)).toEqual(await bed.directory.byNip(nips))
  })

  test('says whose enrollments are, and which agency has the rights of another', async () => {
    const [siti = ''] = people
    const { cohortId } = await opened(bed, 1)
    const nomination = { requestId: randomUUID(), cohortId, asnId: siti }
    const { enrollmentId } = await bed.enrollments('hr').nominate(nomination)
    expect(await remote.owners([stranger, enrollmentId])).toEqual([undefined, siti])
    const end = {
      agency: 'dispar',
      since: '2026-01-01',
      successor: 'disbud',
      basis: 'Perda 1/2025',
    }
    await bed.agencies('hr').closeAgency({ requestId: randomUUID(), ...end })
    expect(await remote.successors(['dispar', 'dinkes', 'nowhere'])).toEqual([
      'disbud',
      'dinkes',
      'nowhere',
    ])
  })

  test('gives the keys that open what is sealed, and none of who is erased', async () => {
    const [none, key, erased] = await remote.keys([stranger, ...people])
    expect([none, erased]).toEqual([undefined, 'erased'])
    const [kept] = await bed.vault.keys(people)
    if (!kept || kept === 'erased') throw new Error('there is no key')
    expect(key).toEqual({ ...kept, key: new Uint8Array(kept.key) })
  })

  test('is for nobody but services, whatever else they may do', async () => {
    const asked = [
      asHr.getSubjectKeys({ subjects: [...people] }),
      asHr.resolveEmployees({ nips: [siti.nip] }),
    ]
    for (const call of asked) expect((await refusalOf(call)).reason).toBe('NO_RIGHT')
  })

  test('is asked for more than one request may ask', async () => {
    const many = Array.from({ length: 1_200 }, () => stranger)
    expect(await remote.resolve([...many, ...people])).toHaveLength(1_202)
  })
})
