import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTokens, type Tokens } from './tokens.ts'

let folder: string
let tokens: Tokens
const file = () => join(folder, 'tokens.db')
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jejak-tokens-'))
  tokens = openTokens(file())
})
afterEach(() => {
  tokens.close()
  rmSync(folder, { recursive: true })
})

const hospital = { role: 'agency', agency: 'rsud-daya', label: 'RSUD Daya' } as const

describe('a token', () => {
  test('finds its principal', () => {
    const { token, principal } = tokens.issue(hospital)
    expect(token).toMatch(/^jejak_agency\.rsud-daya_[\w-]{43}$/)
    expect(tokens.find(token)).toEqual(principal)
    expect(principal).toEqual({ id: principal.id, role: 'agency', agency: 'rsud-daya' })
    const { token: another } = tokens.issue({ role: 'asn', asnId: 'a-1' })
    expect(tokens.find(another)).toMatchObject({ role: 'asn', asnId: 'a-1' })
    expect(tokens.find(`${token.slice(0, -1)}!`)).toBeUndefined()
  })

  test('is no more once it is revoked, in a server that runs as well', () => {
    const { token, principal } = tokens.issue(hospital)
    const server = openTokens(file())
    expect(server.find(token)).toEqual(principal)
    expect(tokens.revoke(principal.id)).toBe(true)
    expect(server.find(token)).toBeUndefined()
    server.close()
    const revoked = tokens.list()[0]?.revoked
    expect(revoked).toBeDefined()
    expect(tokens.revoke(principal.id)).toBe(true)
    expect(tokens.list()).toMatchObject([{ principal, label: 'RSUD Daya', revoked }])
    expect(tokens.revoke('nobody')).toBe(false)
  })

  test('of some that are issued together holds once they are kept, or never', () => {
    const full = () => {
      throw new Error('the disk is full')
    }
    expect(() => tokens.issueAll([hospital, { role: 'hr' }], full)).toThrow('the disk is full')
    expect(tokens.list()).toEqual([])
    const server = openTokens(file())
    let kept: readonly string[] = []
    tokens.issueAll([hospital, { role: 'hr' }], issued => {
      kept = issued
      expect(issued.map(server.find)).toEqual([undefined, undefined])
    })
    expect(kept.map(token => server.find(token)?.role)).toEqual(['agency', 'hr'])
    server.close()
  })

  test('is not in the file', () => {
    const { token } = tokens.issue(hospital)
    tokens.close()
    const bytes = readFileSync(file())
    expect(bytes.includes('rsud-daya')).toBe(true)
    expect(bytes.includes(token)).toBe(false)
    expect(bytes.includes(token.slice(-43))).toBe(false)
    tokens = openTokens(file())
    expect(tokens.find(token)).toBeDefined()
  })

  test('of an agency has the agency, of a person the person, and no other has either', () => {
    expect(() => tokens.issue({ role: 'agency' })).toThrow('agency')
    expect(() => tokens.issue({ role: 'asn' })).toThrow('asnId')
    expect(() => tokens.issue({ role: 'hr', agency: 'rsud-daya' })).toThrow('agency')
    expect(() => tokens.issue({ role: 'root' as 'hr' })).toThrow('role')
    expect(tokens.list()).toEqual([])
  })
})
