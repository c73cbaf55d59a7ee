// tidy: one world, and all that its callers may ask of it.
import { hash } from 'node:crypto'
import { status } from '@grpc/grpc-js'
import type { Principal } from '@jejak/access/principal'
import { consume } from '@jejak/consumer/consume'
import { publisherHistory } from '@jejak/consumer/port'
import { decode } from '@jejak/eventsourcing/entry'
import { localBus } from '@jejak/messaging/local'
import { BadRequestSchema } from '@jejak/proto/google/rpc/error_details'
import {
  CertificateService,
  CertificateStatus,
} from '@jejak/proto/jejak/certification/v1/certificate'
import { connect } from '@jejak/rpc/client'
import type { RpcError } from '@jejak/rpc/error'
import { serve } from '@jejak/rpc/serve'
import { builtInOf } from '@jejak/rules/built-in'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { certificationConsumer } from './consumer.ts'
import { certificateIdOf } from './number.ts'
import { projectionName, todoPrefix } from './read-model.ts'
import { certificationService } from './service.ts'
import {
  appendAll,
  assessed,
  completed,
  duplicate,
  enrollmentId,
  nominated,
  published,
  siti,
  today,
  training,
} from './testing/training.ts'

const principals: Readonly<Record<string, Omit<Principal, 'id'>>> = {
  hr: { role: 'hr' },
  auditor: { role: 'auditor' },
  ministry: { role: 'ministry' },
  'rsud-daya': { role: 'agency', agency: 'rsud-daya' },
  dinkes: { role: 'agency', agency: 'dinkes' },
  siti: { role: 'asn', asnId: siti },
  andi: { role: 'asn', asnId: '0197a000-0000-7000-8000-0000000000a9' },
}
const certificateId = certificateIdOf(enrollmentId)
const unknown = '0197a000-0000-7000-8000-00000000dead'
const requestId = '0197a000-0000-7000-8000-000000000077'
const actor = '0197a000-0000-7000-8000-0000000000ff'
const denied = [status.PERMISSION_DENIED, 'NO_RIGHT']

const memoryLog = (service: string, verified?: () => number): Promise<ProvenLog> => {
  const origin = `jejak.example/${service}`
  const signer = parseSigner(generateKey(origin))
  return openLog({ store: memoryStore(), origin, signer, ...(verified && { verified }) })
}

// Siti serves at the hospital; her second record was merged into her first.
const whoSitiIs = {
  asnId: siti,
  records: [siti, duplicate],
  agency: 'rsud-daya',
  position: 'perawat',
  status: 'active',
} as const
const employees = {
  resolve: async (ids: readonly string[]) =>
    ids.map(id => ([siti, duplicate].includes(id) ? whoSitiIs : undefined)),
}

const openWorld = async (verified?: (log: string) => number) => {
  const logs = new Map<string, ProvenLog>()
  for (const name of ['enrollment', 'assessment', 'certification']) {
    logs.set(name, await memoryLog(name, verified && (() => verified(name))))
  }
  const failures: unknown[] = []
  const log = (name: string) => logs.get(name) as ProvenLog
  const store = memoryProjections()
  let now = today()
  const ports = { store, history: publisherHistory(logs), cursorPer: 'log' as const }
  const service = certificationService({
    ...ports,
    log: log('certification'),
    logs,
    employees,
    clock: () => now,
    failed: error => failures.push(error),
  })
  const stop = new AbortController()
  const consuming = consume({
    ...certificationConsumer,
    bus: localBus({ logs, cursors: store }),
    ...ports,
    signal: stop.signal,
    applied: service.applied,
  })
  const server = await serve({
    address: '127.0.0.1:0',
    implementations: service.implementations,
    authenticate: token => {
      const known = token === undefined ? undefined : principals[token]
      return known && { id: actor, ...known }
    },
  })
  const connections = Object.keys(principals).map(
    token => [token, connect(`127.0.0.1:${server.port}`, { token })] as const,
  )
  const clients = new Map(
    connections.map(([token, connection]) => [token, connection.client(CertificateService)]),
  )
  return {
    as: (token: string) => clients.get(token) as NonNullable<ReturnType<typeof clients.get>>,
    log,
    failures,
    todos: () => Array.fromAsync(store.dump(projectionName, todoPrefix)),
    later: (ms: number) => {
      now += ms
    },
    close: async () => {
      for (const [, connection] of connections) connection.close()
      await server.drain(1_000)
      stop.abort()
      await consuming
      await service.close()
    },
  }
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    ({ code, reason }) => [code, reason],
  )

let world: Awaited<ReturnType<typeof openWorld>>

describe('the certificate service', () => {
  beforeEach(async () => {
    world = await openWorld()
  })
  afterEach(() => world.close())

  const explain = () => world.as('hr').explainCertification({ enrollmentId })
  const certified = async () => {
    await appendAll(world.log('enrollment'), training.enrollment)
    await appendAll(world.log('assessment'), training.assessment)
    return vi.waitFor(async () => {
      const { certificate } = await world.as('hr').getCertificate({ certificateId })
      return certificate
    })
  }

  test('gives the certificate that nobody asked for', async () => {
    expect(await certified()).toMatchObject({
      certificateId,
      number: 'MRS-2026/2026/8NWV-1GE5B24F',
      asnId: siti,
      enrollmentId,
      attainments: [
        { competency: 'integritas', level: 3, requiredLevel: 3 },
        { competency: 'kerja-sama', level: 2, requiredLevel: 2 },
        { competency: 'komunikasi', level: 2, requiredLevel: 2 },
      ],
      issuedOn: '2026-03-10',
      validUntil: '2029-03-10',
      status: CertificateStatus.VALID,
      revocationReason: '',
    })
  })

  test('names the event that was the cause of a certificate', async () => {
    await certified()
    const causes: string[] = []
    for (const name of ['enrollment', 'assessment']) {
      for await (const { entries } of world.log(name).read(0)) {
        causes.push(...entries.map(entry => decode(entry).id))
      }
    }
    const [page] = await world
      .log('certification')
      .readStreams([{ stream: `certificate/${certificateId}` }])
    const [issued] = page?.events.map(({ entry }) => decode(entry)) ?? []
    expect(issued).toMatchObject({ actor: 'certification' })
    expect(causes).toContain(issued?.['causationid'])
  })

  test('lists the certificates of a person, whichever record they are under', async () => {
    await certified()
    for (const asnId of [siti, duplicate]) {
      const { certificates, nextPageToken } = await world.as('hr').listCertificates({ asnId })
      expect(certificates.map(each => each.certificateId)).toEqual([certificateId])
      expect(nextPageToken).toBe('')
    }
  })

  test('lists certificates page by page', async () => {
    await certified()
    const second = '0197a000-0000-7000-8000-0000000000e2'
    await appendAll(world.log('enrollment'), {
      [`enrollment/${second}`]: [
        { ...nominated, enrollmentId: second, cohortId: '0197a000-0000-7000-8000-0000000000c2' },
        { ...completed, enrollmentId: second },
      ],
    })
    const ids = [certificateId, certificateIdOf(second)].sort()
    await vi.waitFor(async () => {
      const { certificates } = await world.as('siti').listCertificates({ asnId: siti })
      expect(certificates.map(each => each.certificateId)).toEqual(ids)
    })
    const first = await world.as('siti').listCertificates({ asnId: siti, pageSize: 1 })
    expect(first.certificates.map(each => each.certificateId)).toEqual(ids.slice(0, 1))
    const rest = { asnId: siti, pageSize: 1, pageToken: first.nextPageToken }
    const last = await world.as('siti').listCertificates(rest)
    expect(last.certificates.map(each => each.certificateId)).toEqual(ids.slice(1))
    expect(last.nextPageToken).toBe('')
  })

  test('says what an enrollment without a certificate misses', async () => {
    expect(await refusal(explain())).toEqual([status.NOT_FOUND, 'ENROLLMENT_UNKNOWN'])
    await appendAll(world.log('enrollment'), { [`enrollment/${enrollmentId}`]: [nominated] })
    await appendAll(world.log('assessment'), {
      [`competency/${siti}`]: [
        assessed('1', { competency: 'integritas', level: 2, occurredOn: '2026-03-05' }),
      ],
    })
    await vi.waitFor(async () =>
      expect((await explain()).missing).toContain('the programme was not heard of yet'),
    )
    await appendAll(world.log('enrollment'), {
      [`program/${published.programId}`]: [published],
    })
    await vi.waitFor(async () =>
      expect(await explain()).toMatchObject({
        certificateId: '',
        completed: false,
        policy: 'latest-three-years-v1',
        attainments: [{ level: 2, requiredLevel: 3 }, { level: 0 }, { level: 0 }],
        missing: [
          'the training is not completed',
          'integritas: level 3 is required, level 2 is attained',
          'kerja-sama: level 2 is required, none is attained',
          'komunikasi: level 2 is required, none is attained',
        ],
      }),
    )
  })

  test('goes by the rules that were adopted, and says which', async () => {
    const [builtIn] = builtInOf('level-policy')
    const content = (builtIn?.content ?? '')
      .replace(/^id: .*$/m, 'id: dua-asesor')
      .replace('pick: latest', 'pick: consensus\n      assessors: 2')
    const adopted = {
      type: 'RuleSetAdopted',
      ...{ kind: 'level-policy', ruleSetId: 'dua-asesor', content },
      ...{ validFrom: '2018-01-01', legalBasis: 'Perwali', certainty: 'seen' as const },
      sha256: hash('sha256', content),
    } as const
    await appendAll(world.log('enrollment'), { 'rule-set/level-policy': [adopted] })
    await appendAll(world.log('enrollment'), training.enrollment)
    await appendAll(world.log('assessment'), training.assessment)
    // One assessor alone has rated: by what comes with Jejak that was enough.
    await vi.waitFor(async () =>
      expect(await explain()).toMatchObject({
        ...{ certificateId: '', completed: true, policy: 'dua-asesor' },
        missing: [
          'integritas: level 3 is required, none is attained',
          'kerja-sama: level 2 is required, none is attained',
          'komunikasi: level 2 is required, none is attained',
        ],
      }),
    )
  })

  test('waits until the logs are verified, and says how far they are', async () => {
    await world.close()
    let verified = 4
    world = await openWorld(() => verified)
    await appendAll(world.log('enrollment'), training.enrollment)
    await appendAll(world.log('assessment'), training.assessment)
    await vi.waitFor(async () =>
      expect((await explain()).missing).toEqual([
        'the log of enrollment is still being verified: 4 of 7 events',
        'the log of assessment is still being verified: 4 of 11 events',
      ]),
    )
    const asked = world.as('hr').getCertificate({ certificateId })
    expect(await refusal(asked)).toEqual([status.NOT_FOUND, 'CERTIFICATE_UNKNOWN'])
    verified = 11
    const { certificate } = await vi.waitFor(
      () => world.as('hr').getCertificate({ certificateId }),
      {
        timeout: 20_000,
      },
    )
    expect(certificate?.status).toBe(CertificateStatus.VALID)
    expect((await explain()).missing).toEqual([])
    expect(world.failures).toEqual([])
  })

  test('waits until its own log is verified, which has what was issued and revoked', async () => {
    await world.close()
    let [verified, asked] = [0, 0]
    world = await openWorld(log => {
      if (log !== 'certification') return 100
      asked++
      return verified
    })
    await certified()
    asked = 0
    const second = '0197a000-0000-7000-8000-0000000000e2'
    const other = { enrollmentId: second, cohortId: '0197a000-0000-7000-8000-0000000000c2' }
    const enrolled = [
      { ...nominated, ...other },
      { ...completed, enrollmentId: second },
    ]
    await appendAll(world.log('enrollment'), { [`enrollment/${second}`]: enrolled })
    await vi.waitFor(() => expect(asked).toBeGreaterThan(1), { timeout: 20_000 })
    expect(await world.log('certification').size()).toBe(2) // The certificate, and its reader.
    const { missing } = await world.as('hr').explainCertification({ enrollmentId: second })
    expect(missing).toEqual(['the log of certification is still being verified: 0 of 2 events'])
    verified = 3 // With who asked why.
    const certificate = { certificateId: certificateIdOf(second) }
    await vi.waitFor(() => world.as('hr').getCertificate(certificate), { timeout: 20_000 })
  })

  /** The same cohort again, under the record that was merged. */
  const second = '0197a000-0000-7000-8000-0000000000e2'
  const enrolledAgain = [nominated, completed].map(event => ({
    ...event,
    ...{ enrollmentId: second, asnId: duplicate },
  }))

  /** The ids of certificates, in the order of their issue. */
  const issued = async () => {
    const pages = await Array.fromAsync(world.log('certification').read(0))
    const entries = pages.flatMap(({ entries }) => entries.map(entry => decode(entry)))
    const certificates = entries.filter(({ type }) => type.includes('CertificateIssued'))
    return certificates.map(({ subject }) => subject.split('/')[1])
  }

  test('issues one for a person and a cohort, and says which enrollment has it', async () => {
    const { enrollment, assessment } = training
    const again = { [`enrollment/${second}`]: enrolledAgain }
    await appendAll(world.log('enrollment'), { ...enrollment, ...again })
    await appendAll(world.log('assessment'), assessment)
    await vi.waitFor(() => world.as('hr').getCertificate({ certificateId }))
    const explained = { enrollmentId: second }
    await vi.waitFor(async () => {
      const { missing, completed } = await world.as('hr').explainCertification(explained)
      expect([completed, missing]).toEqual([
        true,
        [
          `enrollment ${enrollmentId} of the same person in the same cohort has the one ` +
            'certificate',
        ],
      ])
    })
    // It is asked about again, and so is what was revoked.
    await world.as('hr').revokeCertificate({ requestId, certificateId, reason: 'bukti palsu' })
    await appendAll(world.log('assessment'), {
      [`competency/${siti}`]: [
        assessed('8', { competency: 'integritas', level: 4, occurredOn: '2026-03-10' }),
      ],
    })
    await vi.waitFor(async () => {
      const { attainments } = await world.as('hr').explainCertification(explained)
      expect(attainments[0]?.level).toBe(4)
    })
    await vi.waitFor(async () => expect(await world.todos()).toEqual([]))
    expect(await issued()).toEqual([certificateId])
    expect(world.failures).toEqual([])
  })

  test('issues none to a person who was erased, under any record', async () => {
    const keyId = '0197a000-0000-7000-8000-000000000091'
    const erased = {
      type: 'SubjectErased',
      ...({ asnId: duplicate, keyId, basis: 'UU 27/2022', disposition: 'musnah' } as const),
    } as const
    const { [`employee/${duplicate}`]: merged = [], ...others } = training.enrollment
    await appendAll(world.log('enrollment'), {
      ...others,
      [`employee/${duplicate}`]: [...merged, erased],
    })
    await appendAll(world.log('assessment'), training.assessment)
    await vi.waitFor(async () => {
      const { attainments, missing } = await explain()
      expect(attainments.every(({ level, requiredLevel }) => level >= requiredLevel)).toBe(true)
      expect(missing).toEqual([
        'the personal data of the person was erased: no certificate is issued any more',
      ])
    })
    await vi.waitFor(async () => expect(await world.todos()).toEqual([]))
    expect(await issued()).toEqual([])
    expect(world.failures).toEqual([])
  })

  test('says what is attained now, and leaves the certificate as it is', async () => {
    await certified()
    await appendAll(world.log('assessment'), {
      [`competency/${siti}`]: [
        assessed('8', { competency: 'integritas', level: 2, occurredOn: '2026-03-10' }),
      ],
    })
    await vi.waitFor(async () =>
      expect(await explain()).toMatchObject({
        certificateId,
        completed: true,
        missing: ['integritas: level 3 is required, level 2 is attained'],
      }),
    )
    expect(await certified()).toMatchObject({ status: CertificateStatus.VALID })
  })

  test('says that a certificate has expired from the day after its last', async () => {
    await certified()
    world.later(Date.parse('2029-03-10T15:59:59Z') - today())
    expect(await certified()).toMatchObject({ status: CertificateStatus.VALID })
    world.later(1_000)
    expect(await certified()).toMatchObject({ status: CertificateStatus.EXPIRED })
  })

  test('revokes a certificate once, with a receipt, and issues none again', async () => {
    await certified()
    const request = { requestId, certificateId, reason: 'bukti palsu' }
    const { recorded } = await world.as('hr').revokeCertificate(request)
    expect(recorded?.entries.map(entry => decode(entry))).toMatchObject([
      { type: 'jejak.certification.CertificateRevoked.v1', actor, data: { certificateId } },
    ])
    expect(recorded?.receipts[0]).toMatch(/^c2sp.org\/tlog-proof@v1/)
    expect(recorded?.repeated).toBe(false)

    const again = await world.as('hr').revokeCertificate(request)
    expect(again.recorded).toMatchObject({ entries: recorded?.entries, repeated: true })
    const other = world.as('hr').revokeCertificate({ ...request, reason: 'salah orang' })
    expect(await refusal(other)).toEqual([status.ALREADY_EXISTS, 'REQUEST_ID_REUSED'])

    const revoked = { status: CertificateStatus.REVOKED, revocationReason: 'bukti palsu' }
    expect(await certified()).toMatchObject(revoked)
    expect((await explain()).missing).toEqual([
      'the certificate was revoked, and is not issued again: bukti palsu',
    ])
  })

  test.each([
    ['hr', 'answered', 'answered'],
    ['auditor', 'answered', denied],
    ['rsud-daya', 'answered', denied],
    ['siti', 'answered', denied],
    ['dinkes', denied, denied],
    ['andi', denied, denied],
    ['ministry', denied, denied],
  ])('lets %s do what the role may', async (who, reading, revoking) => {
    await certified()
    const client = world.as(who)
    expect(await refusal(client.getCertificate({ certificateId }))).toEqual(reading)
    expect(await refusal(client.listCertificates({ asnId: siti }))).toEqual(reading)
    expect(await refusal(client.explainCertification({ enrollmentId }))).toEqual(reading)
    const request = { requestId, certificateId, reason: 'bukti palsu' }
    expect(await refusal(client.revokeCertificate(request))).toEqual(revoking)
  })

  test('tells of what is not there, or not there yet, to whom may see it if it were', async () => {
    const calls = (who: string) => [
      world.as(who).getCertificate({ certificateId }),
      world.as(who).listCertificates({ asnId: unknown }),
      world.as(who).explainCertification({ enrollmentId }),
    ]
    for (const who of ['hr', 'rsud-daya', 'siti']) {
      expect(await Promise.all(calls(who).map(refusal))).toEqual([
        [status.NOT_FOUND, 'CERTIFICATE_UNKNOWN'],
        [status.NOT_FOUND, 'EMPLOYEE_UNKNOWN'],
        [status.NOT_FOUND, 'ENROLLMENT_UNKNOWN'],
      ])
    }
    expect(await Promise.all(calls('ministry').map(refusal))).toEqual([denied, denied, denied])
    const revocation = world.as('hr').revokeCertificate({ requestId, certificateId, reason: 'x' })
    expect(await refusal(revocation)).toEqual([status.NOT_FOUND, 'CERTIFICATE_UNKNOWN'])
  })

  test('names every field that is wrong', async () => {
    const fields = (call: Promise<unknown>) =>
      call.catch((error: RpcError) =>
        error.detail(BadRequestSchema)?.fieldViolations.map(({ field }) => field),
      )
    const wrong = { requestId: '', certificateId: 'MRS-2026', reason: '' }
    expect(await fields(world.as('hr').revokeCertificate(wrong))).toEqual([
      'request_id',
      'certificate_id',
      'reason',
    ])
    const personal = { requestId, certificateId, reason: 'NIP 198609262015051001' }
    expect(await fields(world.as('hr').revokeCertificate(personal))).toEqual(['reason'])
    const list = { asnId: '1980', pageSize: -1, pageToken: '?' }
    expect(await fields(world.as('hr').listCertificates(list))).toEqual([
      'asn_id',
      'page_size',
      'page_token',
    ])
  })
})
