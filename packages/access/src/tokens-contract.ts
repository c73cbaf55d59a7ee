import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Role } from './principal.ts'
import type { TokenStore } from './tokens.ts'

type Place = {
  /** The tokens of the place, as one more process sees them. */
  readonly open: () => TokenStore | Promise<TokenStore>
  /** Lets the time pass for which a process may not see what another has done. */
  readonly wait: () => unknown
  readonly remove: () => unknown
}

const hospital = { role: 'agency', agency: 'rsud-daya', label: 'RSUD Daya' } as const

/** The behaviour of every token store. */
// tidy: a suite: each test is a sentence of its own
export const tokensContract = (name: string, placed: () => Place): void => {
  let place: Place
  let tokens: TokenStore
  let server: TokenStore
  beforeEach(async () => {
    place = placed()
    tokens = await place.open()
    server = await place.open()
  })
  afterEach(async () => {
    await tokens.close()
    await server.close()
    await place.remove()
  })

  describe(`a token on ${name}`, () => {
    test('finds its principal', async () => {
      const { token, principal } = await tokens.issue(hospital)
      expect(token).toMatch(/^jejak_agency\.rsud-daya_[\w-]{43}$/)
      expect(await tokens.find(token)).toEqual(principal)
      expect(principal).toEqual({ id: principal.id, role: 'agency', agency: 'rsud-daya' })
      const { token: another } = await tokens.issue({ role: 'asn', asnId: 'a-1' })
      expect(await server.find(another)).toMatchObject({ role: 'asn', asnId: 'a-1' })
      expect(await tokens.find(`${token.slice(0, -1)}!`)).toBeUndefined()
    })

    test('is no more once it is revoked, in a server that runs as well', async () => {
      const { token, principal } = await tokens.issue(hospital)
      expect(await tokens.find(token)).toEqual(principal)
      expect(await server.find(token)).toEqual(principal)
      expect(await tokens.revoke(principal.id)).toBe(true)
      expect(await tokens.find(token)).toBeUndefined()
      await place.wait()
      expect(await server.find(token)).toBeUndefined()
      const [{ revoked } = {}] = await server.list()
      expect(revoked).toBeDefined()
      expect(await tokens.revoke(principal.id)).toBe(true)
      expect(await tokens.list()).toMatchObject([{ principal, label: 'RSUD Daya', revoked }])
      expect(await tokens.revoke('nobody')).toBe(false)
    })

    test('of a person ends with all of theirs, under any of their records', async () => {
      const asn = (asnId: string) => ({ role: 'asn', asnId }) as const
      const ended = [await tokens.issue(asn('a-1')), await tokens.issue(asn('a-2'))]
      const others = [await tokens.issue(asn('a-3')), await tokens.issue(hospital)]
      for (const { token } of ended) expect(await tokens.find(token)).toBeDefined()
      expect(await tokens.revokeOf(['a-1', 'a-2', 'a-4'])).toBe(2)
      for (const { token } of ended) expect(await tokens.find(token)).toBeUndefined()
      for (const { token } of others) expect(await tokens.find(token)).toBeDefined()
      const [{ revoked } = {}] = await tokens.list()
      expect(revoked).toBeDefined()
      expect(await tokens.revokeOf(['a-1', 'a-2'])).toBe(0)
      expect((await tokens.list())[0]?.revoked).toBe(revoked)
      await place.wait()
      for (const { token } of ended) expect(await server.find(token)).toBeUndefined()
    })

    test('of some that are issued together holds once they are kept, or never', async () => {
      const full = () => {
        throw new Error('the disk is full')
      }
      const both = [hospital, { role: 'hr' }] as const
      await expect(async () => tokens.issueAll(both, full)).rejects.toThrow('the disk is full')
      expect(await tokens.list()).toEqual([])
      let kept: readonly string[] = []
      await tokens.issueAll(both, issued => {
        kept = issued
      })
      const found = await Promise.all(kept.map(server.find))
      expect(found.map(principal => principal?.role)).toEqual(['agency', 'hr'])
    })

    test('is listed in the order in which it was issued', async () => {
      const labels = Array.from({ length: 20 }, (_, i) => `${i}`)
      for (const label of labels.slice(0, 10)) await tokens.issue({ role: 'hr', label })
      const together = labels.slice(10).map(label => ({ role: 'hr', label }) as const)
      await tokens.issueAll(together, () => {})
      expect((await server.list()).map(({ label }) => label)).toEqual(labels)
    })

    test('of an agency has the agency, of a person the person, no other has either', async () => {
      const issuing = (role: string, more = {}) =>
        expect(async () => tokens.issue({ role: role as Role, ...more })).rejects
      await issuing('agency').toThrow('agency')
      await issuing('asn').toThrow('asnId')
      await issuing('hr', { agency: 'rsud-daya' }).toThrow('agency')
      await issuing('root').toThrow('role')
      await issuing('service').toThrow('role')
      expect(await tokens.list()).toEqual([])
    })
  })
}
