import { randomUUID } from 'node:crypto'
import { decode } from '@jejak/eventsourcing/entry'
import { ClaimStatus } from '@jejak/proto/jejak/enrollment/v1/claim'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { enrollmentService } from '../service.ts'
import {
  andi,
  dyingBefore,
  erasureOf,
  namesOf,
  openTestbed,
  overtaken,
  refusalOf,
  registered,
  rsud,
  siti,
  type Testbed,
} from '../testing/service.ts'

const posting = { agency: 'dinkes', position: 'perawat-ahli-muda', since: '2026-02-01' }
const reason = 'SK 824/2025'

let bed: Testbed
let asnId: string

beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
  asnId = await registered(bed)
})
afterEach(() => bed.close())

const claimOf = (person = siti) => ({ requestId: randomUUID(), person, posting, reason })
const filed = async (claim = claimOf()) => (await bed.claims('dinkes').fileClaim(claim)).claimId
const decision = (claimId: string, upheld: boolean) => ({
  requestId: randomUUID(),
  ...{ claimId, upheld, reason: 'diperiksa' },
})
const open = async () => (await bed.claims('hr').listClaims({})).claims
const ownStatus = async (claimId: string) => {
  const { claims } = await bed.claims('dinkes').listClaims({})
  return claims.find(claim => claim.claimId === claimId)?.status
}
const agencyOf = async (id: string) => (await bed.directory.resolve([id]))[0]?.agency
const postings = async () =>
  (await bed.employees('hr').getEmployee({ asnId })).employee?.postings.map(({ agency }) => agency)
/** The postings that count, in the order of their days. */
const counting = async () =>
  (await bed.employees('hr').getEmployee({ asnId })).employee?.postings ?? []
const post = (id: string, posting: typeof rsud) =>
  bed.employees('hr').postEmployee({ requestId: randomUUID(), asnId: id, posting })
const merge = (survivorId: string) =>
  bed.employees('hr').mergeEmployees({
    requestId: randomUUID(),
    ...{ survivorId, duplicateId: asnId, reason: 'ganda' },
  })

describe('a claim to a person whom another agency has registered', () => {
  test('is what the true agency is told of, and tells it nothing of the person', async () => {
    const registration = { requestId: randomUUID(), person: siti, posting }
    const taken = await refusalOf(bed.employees('dinkes').registerEmployee(registration))
    expect(taken).toMatchObject({ reason: 'NIP_TAKEN', metadata: {} })
    expect(taken.message).toContain('FileClaim')
    const claim = claimOf()
    const answer = await bed.claims('dinkes').fileClaim(claim)
    expect(answer).toMatchObject({ claimId: claim.requestId, repeated: false })
    expect(JSON.stringify(answer)).not.toContain(asnId)
    expect(await bed.claims('dinkes').fileClaim(claim)).toMatchObject({ repeated: true })
    const { claims } = await bed.claims('dinkes').listClaims({})
    expect(claims).toMatchObject([{ claimId: claim.requestId, asnId: '', reason }])
    expect(claims[0]?.person).toBeUndefined()
  })

  test('is for the claimant itself, of somebody who is registered elsewhere, once', async () => {
    const first = await filed()
    const again = await refusalOf(filed())
    expect(again).toMatchObject({ reason: 'CLAIM_OPEN', metadata: { claim_id: first } })
    expect((await refusalOf(filed(claimOf(andi)))).reason).toBe('NIP_UNKNOWN')
    const own = { ...claimOf(), posting: { ...posting, agency: 'rsud-daya' } }
    expect((await refusalOf(filed(own))).reason).toBe('NO_RIGHT')
    const needless = await refusalOf(bed.claims('rsud-daya').fileClaim(own))
    expect(needless).toMatchObject({ reason: 'CLAIM_NEEDLESS', metadata: { asn_id: asnId } })
  })

  test('is one, of several that are filed at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => filed()))
    const refused = outcomes.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(5)
    expect(await open()).toHaveLength(1)
    for (const each of refused) expect(each).toMatchObject({ reason: { reason: 'CLAIM_OPEN' } })
  })

  test.each(['at once', 'at a start'])('is one of two records that are merged, %s', async when => {
    const survivorId = await registered(bed, andi)
    const [first, second] = [await filed(claimOf(andi)), await filed()]
    if (when === 'at once') await merge(survivorId)
    else {
      await dyingBefore(bed, `claim/${second}`, () => merge(survivorId))
      expect(await open()).toHaveLength(2)
      await (await enrollmentService(bed.ports)).close()
    }
    expect(await open()).toMatchObject([{ claimId: first }])
    expect(await ownStatus(second)).toBe(ClaimStatus.DISMISSED)
  })

  test('that is finished costs the next start nothing', async () => {
    const other = await registered(bed, andi)
    await bed.claims('hr').decideClaim(decision(await filed(), true))
    await bed.claims('hr').decideClaim(decision(await filed(claimOf(andi)), false))
    const appended: string[] = []
    const { append } = bed.log
    const noting: typeof append = request => {
      appended.push(request.stream)
      return append(request)
    }
    Object.assign(bed.log, { append: noting })
    await (await enrollmentService(bed.ports)).close()
    expect(appended).toEqual([])
    expect(await agencyOf(other)).toBe('rsud-daya')
  })

  test.each(['at once', 'by a retry'])('stays upheld if the person is erased, %s', async when => {
    const decided = decision(await filed(), true)
    const erase = () =>
      bed.employees('hr').eraseEmployee({ requestId: randomUUID(), ...erasureOf(asnId) })
    const decide = () => bed.claims('hr').decideClaim(decided)
    const stream = `employee/${asnId}`
    if (when === 'at once') await overtaken(bed, stream, erase, decide)
    else await dyingBefore(bed, stream, decide).then(erase)
    const { recorded } = await decide()
    expect(namesOf(recorded)).toEqual(['ClaimDecided'])
    expect(await ownStatus(decided.claimId)).toBe(ClaimStatus.UPHELD)
  })

  test('keeps the employment and the contract that it does not state', async () => {
    const contract = { employment: 'pppk-paruh-waktu', contractSince: '2019-03-01' }
    await post(asnId, { ...rsud, ...contract })
    await bed.claims('hr').decideClaim(decision(await filed(), true))
    expect((await counting()).at(-1)).toMatchObject({ ...posting, ...contract })
    const other = await registered(bed, andi, { ...rsud, ...{ employment: 'cpns' } })
    const claim = claimOf(andi)
    await bed.claims('hr').decideClaim(decision(await filed(claim), true))
    const { employee } = await bed.employees('hr').getEmployee({ asnId: other })
    expect(employee?.postings.at(-1)).toMatchObject({ ...posting, employment: 'cpns' })
  })

  test('states the employment of a contract that it has', async () => {
    const contracted = (employment: string, contractSince: string) => {
      const stated = { ...posting, ...{ employment, contractSince } }
      return bed.claims('dinkes').fileClaim({ ...claimOf(), posting: stated })
    }
    for (const [employment, day] of [
      ['', '2020-01-01'],
      ['pns', '2020-01-01'],
      ['pppk', '2026-02-02'],
      ['pppk', '1985-12-31'],
    ] as const) {
      expect(await refusalOf(contracted(employment, day))).toMatchObject({
        fields: ['posting.contract_since'],
      })
    }
    const { claimId } = await contracted('pppk', '2020-01-01')
    await bed.claims('hr').decideClaim(decision(claimId, true))
    const stated = { employment: 'pppk', contractSince: '2020-01-01' }
    expect((await counting()).at(-1)).toMatchObject({ ...posting, ...stated })
  })

  test.each([
    ['on the day of the posting', '2026-01-15'],
    ['today', '2026-03-15'],
  ])('posts nobody into an agency that is none %s, and is not lost', async (_, since) => {
    const claimId = await filed()
    const close = { requestId: randomUUID(), agency: 'dinkes', since, basis: 'Perda 1/2026' }
    await bed.agencies('hr').closeAgency(close)
    const refused = await refusalOf(bed.claims('hr').decideClaim(decision(claimId, true)))
    expect(refused).toMatchObject({ reason: 'CLAIM_IMPOSSIBLE' })
    expect(refused.message).toContain('posting.agency')
    expect([await open(), await agencyOf(asnId)]).toMatchObject([[{ claimId }], 'rsud-daya'])
    await bed.claims('hr').decideClaim(decision(claimId, false))
  })

  test('is one of those filed at once under an own code and a former one', async () => {
    const close = { requestId: randomUUID(), agency: 'disdukcapil', successor: 'dinkes' }
    await bed.agencies('hr').closeAgency({ ...close, since: '2026-04-01', basis: 'Perda 1/2026' })
    const outcomes = await Promise.allSettled(
      ['dinkes', 'disdukcapil'].map(agency =>
        filed({ ...claimOf(), posting: { ...posting, agency } }),
      ),
    )
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await open()).toHaveLength(1)
  })

  test('is the successor’s, once the claimant was merged into another', async () => {
    const close = { requestId: randomUUID(), agency: 'disdukcapil', successor: 'dinkes' }
    const early = { ...claimOf(), posting: { ...posting, agency: 'disdukcapil' } }
    expect((await refusalOf(bed.claims('dinkes').fileClaim(early))).reason).toBe('NO_RIGHT')
    await bed.agencies('hr').closeAgency({ ...close, since: '2026-04-01', basis: 'Perda 1/2026' })
    const { claimId } = await bed.claims('dinkes').fileClaim(early)
    expect(await ownStatus(claimId)).toBe(ClaimStatus.OPEN)
    expect(await refusalOf(filed())).toMatchObject({ metadata: { claim_id: claimId } })
  })

  test('is seen by HR, the oldest first, and by no other agency', async () => {
    const other = await registered(bed, andi)
    const [first, second] = [await filed(), await filed(claimOf(andi))]
    expect(await open()).toMatchObject([
      { claimId: first, asnId, person: siti, posting, status: ClaimStatus.OPEN },
      { claimId: second, asnId: other, person: andi },
    ])
    const page = await bed.claims('hr').listClaims({ pageSize: 1 })
    const next = { pageSize: 1, pageToken: page.nextPageToken }
    expect((await bed.claims('hr').listClaims(next)).claims).toMatchObject([{ claimId: second }])
    expect((await bed.claims('rsud-daya').listClaims({})).claims).toEqual([])
    expect((await refusalOf(bed.claims('auditor').listClaims({}))).reason).toBe('NO_RIGHT')
  })

  test('posts the person with the claimant if it is upheld, and says why', async () => {
    const claimId = await filed()
    const decided = decision(claimId, true)
    const { recorded } = await bed.claims('hr').decideClaim(decided)
    expect(namesOf(recorded)).toEqual(['ClaimDecided', 'EmployeePosted'])
    const [cause, effect] = recorded?.entries.map(decode) ?? []
    expect(effect).toMatchObject({ causationid: cause?.id, data: { asnId, ...posting } })
    expect(await agencyOf(asnId)).toBe('dinkes')
    expect([await open(), await ownStatus(claimId)]).toEqual([[], ClaimStatus.UPHELD])
    const again = await bed.claims('hr').decideClaim(decided)
    expect(again.recorded).toMatchObject({ repeated: true, entries: recorded?.entries })
    expect(await postings()).toEqual(['rsud-daya', 'dinkes'])
    const late = await refusalOf(bed.claims('hr').decideClaim(decision(claimId, false)))
    expect(late.reason).toBe('CLAIM_DECIDED')
  })

  test('changes nothing if it is dismissed, and may be filed again', async () => {
    const claimId = await filed()
    const { recorded } = await bed.claims('hr').decideClaim(decision(claimId, false))
    expect(namesOf(recorded)).toEqual(['ClaimDecided'])
    expect([await agencyOf(asnId), await ownStatus(claimId)]).toEqual([
      'rsud-daya',
      ClaimStatus.DISMISSED,
    ])
    expect(await open()).toEqual([])
    await filed()
    expect(
      (await refusalOf(bed.claims('hr').decideClaim(decision(randomUUID(), true)))).reason,
    ).toBe('CLAIM_UNKNOWN')
  })

  test.each(['a retry', 'a start'])('is completed by %s after a crash', async by => {
    const claimId = await filed()
    const decided = decision(claimId, true)
    await dyingBefore(bed, `employee/${asnId}`, () => bed.claims('hr').decideClaim(decided))
    expect([await agencyOf(asnId), await ownStatus(claimId)]).toEqual([
      'rsud-daya',
      ClaimStatus.UPHELD,
    ])
    const complete = async () => {
      if (by === 'a retry') return void (await bed.claims('hr').decideClaim(decided))
      await (await enrollmentService(bed.ports)).close()
    }
    await complete()
    await complete()
    expect(await postings()).toEqual(['rsud-daya', 'dinkes'])
  })

  test('posts from the day on which the wrong agency had posted, if that is later', async () => {
    const claim = { ...claimOf(), posting: { ...posting, since: '2016-02-01' } }
    await bed.claims('hr').decideClaim(decision(await filed(claim), true))
    expect(await agencyOf(asnId)).toBe('dinkes')
    expect(await counting()).toMatchObject([{ ...posting, since: rsud.since }])
  })

  test('posts from its own day, if the person is with the claimant by then', async () => {
    const claim = { ...claimOf(), posting: { ...posting, since: '2016-02-01' } }
    const claimId = await filed(claim)
    await post(asnId, { ...posting, position: 'perawat-penyelia' })
    await bed.claims('hr').decideClaim(decision(claimId, true))
    expect((await counting()).map(({ since }) => since)).toEqual([
      '2016-02-01',
      rsud.since,
      posting.since,
    ])
  })

  describe.each(['a retry', 'another request', 'a start'])('once decided, at %s', by => {
    const again = async (decided: ReturnType<typeof decision>) => {
      if (by === 'a start') return void (await (await enrollmentService(bed.ports)).close())
      const request = by === 'a retry' ? decided : { ...decided, requestId: randomUUID() }
      await bed.claims('hr').decideClaim(request)
    }

    test.each(['after it', 'before it too'])('leaves what HR posted %s', async when => {
      const decided = decision(await filed(), true)
      if (when === 'before it too') await post(asnId, posting)
      await bed.claims('hr').decideClaim(decided)
      await post(asnId, { ...posting, agency: 'rsud-daya' })
      const before = await counting()
      await again(decided)
      expect(await counting()).toEqual(before)
      expect(await agencyOf(asnId)).toBe('rsud-daya')
    })

    test('leaves the record that the person was merged into', async () => {
      const survivorId = await registered(bed, andi)
      const decided = decision(await filed(), true)
      await bed.claims('hr').decideClaim(decided)
      await merge(survivorId)
      await again(decided)
      expect(await agencyOf(survivorId)).toBe('rsud-daya')
    })

    test('posts the survivor, if the posting was never made, and once', async () => {
      const survivorId = await registered(bed, andi)
      const decided = decision(await filed(), true)
      await dyingBefore(bed, `employee/${asnId}`, () => bed.claims('hr').decideClaim(decided))
      await merge(survivorId)
      await again(decided)
      expect(await agencyOf(survivorId)).toBe('dinkes')
      await post(survivorId, { ...posting, agency: 'rsud-daya' })
      await again(decided)
      expect(await agencyOf(survivorId)).toBe('rsud-daya')
    })
  })

  test('is of the survivor once the record was merged', async () => {
    const survivorId = await registered(bed, andi)
    const claimId = await filed()
    await merge(survivorId)
    expect(await open()).toMatchObject([{ claimId, asnId: survivorId, person: siti }])
    expect((await refusalOf(filed())).reason).toBe('CLAIM_OPEN')
    await bed.claims('hr').decideClaim(decision(claimId, true))
    expect(await agencyOf(survivorId)).toBe('dinkes')
  })

  test.each(['at once', 'at a start'])('ends %s if the person is erased', async when => {
    const claimId = await filed()
    const erasure = { requestId: randomUUID(), ...erasureOf(asnId) }
    const erase = () => bed.employees('hr').eraseEmployee(erasure)
    if (when === 'at once') await erase()
    else {
      await dyingBefore(bed, `claim/${claimId}`, erase)
      await (await enrollmentService(bed.ports)).close()
    }
    expect([await open(), await ownStatus(claimId)]).toEqual([[], ClaimStatus.ERASED])
    const late = await refusalOf(bed.claims('hr').decideClaim(decision(claimId, true)))
    expect(late.reason).toBe('EMPLOYEE_ERASED')
    expect((await refusalOf(filed())).reason).toBe('NIP_UNKNOWN')
  })
})
