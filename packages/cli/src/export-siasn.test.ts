import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { siasnKursus } from '@jejak/export/siasn-kursus'
import { hospital, signer, written } from '@jejak/export/testbed'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { exportCommand } from './export-siasn.ts'
import { Refused } from './outcome.ts'

const rows = 'siasn-kursus.csv'
let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'jejak-'))
  writeFileSync(join(root, 'tokens'), 'ministry secret\n')
  writeFileSync(join(root, 'reporting.vkey'), `${signer.vkey}\n`)
})
afterAll(() => rmSync(root, { recursive: true }))

/** What the command prints, and its exit status. */
const run = async (...args: readonly string[]) => {
  let printed = ''
  const take = (text: unknown) => {
    printed += `${text}\n`
    return true
  }
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(take),
    vi.spyOn(console, 'error').mockImplementation(take),
    vi.spyOn(process.stdout, 'write').mockImplementation(take),
  ]
  process.exitCode = undefined
  try {
    await exportCommand.parseAsync([...args], { from: 'user' })
    return { printed, status: process.exitCode ?? 0 }
  } finally {
    for (const spy of spies) spy.mockRestore()
    process.exitCode = undefined
  }
}

const made = async () => {
  const folder = mkdtempSync(join(root, 'made-'))
  const manifest = await written(folder, [siasnKursus(hospital)])
  return { folder, manifest }
}

/** Answers as the service does: by files that are there, to whoever has the token. */
const serving = async (change: (file: string, bytes: Buffer) => Buffer = (_, bytes) => bytes) => {
  const { folder, manifest } = await made()
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    asked.push(`${request.method} ${request.url} ${body}`.trim())
    if (request.headers.authorization !== 'Bearer secret') {
      const problem = { type: 'urn:jejak:problem:unknown-token', detail: 'the token is unknown' }
      return response.writeHead(401).end(JSON.stringify(problem))
    }
    if (request.method === 'POST') {
      return response.end(JSON.stringify({ exportId: manifest.exportId, manifest, leftOut: {} }))
    }
    const file = request.url?.split('/').at(-1) ?? ''
    return response.end(change(file, readFileSync(join(folder, file))))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const http = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const out = join(mkdtempSync(join(root, 'out-')), 'kursus')
  const args = ['siasn-kursus', '--format', 'csv', '--out', out, '--http', http]
  return { asked, out, args: [...args, '--token', join(root, 'tokens')] }
}

describe('jejak export siasn-kursus', () => {
  test('puts a folder in place that verifies, and asks for what was asked', async () => {
    const { args, out, asked } = await serving()
    const { printed, status } = await run(...args, '--unit', 'rsud-daya', '--year', '2026')
    expect(status).toBe(0)
    expect(printed).toContain(`${join(out, rows)}: 1 rows`)
    const [method, url, body = ''] = asked[0]?.split(' ') ?? []
    expect([method, url]).toEqual(['POST', '/v1/exports/siasn-kursus'])
    expect(JSON.parse(body)).toEqual({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      format: 'csv',
      unit: 'rsud-daya',
      year: 2026,
    })
    expect(readdirSync(out).sort()).toEqual(['manifest.json', 'manifest.json.note', rows])
    expect(await run('verify', out, '--vkey', join(root, 'reporting.vkey'))).toMatchObject({
      status: 0,
    })
  })

  test.each([rows, 'manifest.json', 'manifest.json.note'])(
    'leaves nothing where %s was changed on the way',
    async changed => {
      const { args, out } = await serving((file, bytes) =>
        file === changed ? Buffer.from(bytes.toString().replace(/[5-9]/g, '4')) : bytes,
      )
      await expect(run(...args)).rejects.toThrow(Refused)
      expect([existsSync(out), existsSync(`${out}.part`)]).toEqual([false, false])
    },
  )

  test('does not touch a folder that is there', async () => {
    const { args, asked } = await serving()
    const there = args.map(arg => (arg.endsWith('kursus') && arg.includes('/') ? root : arg))
    await expect(run(...there)).rejects.toMatchObject({ problem: 'Exists' })
    expect(asked).toEqual([])
  })

  test('says what the service has against it, and where nobody answers', async () => {
    const { args } = await serving()
    writeFileSync(join(root, 'other'), 'ministry other\n')
    const other = args.map(arg => (arg.endsWith('tokens') ? join(root, 'other') : arg))
    await expect(run(...other)).rejects.toMatchObject({ problem: 'unknown-token' })
    const nobody = args.map(arg => (arg.startsWith('127.') ? '127.0.0.1:1' : arg))
    await expect(run(...nobody)).rejects.toMatchObject({ problem: 'NoService' })
  })
})

describe('jejak export verify', () => {
  test('names each file that was changed, is missing or was added', async () => {
    const { folder } = await made()
    writeFileSync(join(folder, rows), 'id\r\n')
    writeFileSync(join(folder, 'extra.txt'), '')
    const { printed, status } = await run('verify', folder, '--json')
    expect(status).toBe(1)
    expect(JSON.parse(printed)).toMatchObject({
      verified: false,
      trusted: false,
      problems: expect.arrayContaining([
        { file: rows, problem: expect.stringContaining('changed') },
        { file: 'extra.txt', problem: expect.stringContaining('not in the manifest') },
      ]),
    })
    rmSync(join(folder, rows))
    expect((await run('verify', folder)).printed).toContain(`refused: ${rows} is missing`)
  })

  test('says whose key it went by, where none was given', async () => {
    const { folder } = await made()
    expect((await run('verify', folder)).printed).toContain(signer.vkey)
    expect((await run('verify', folder, '--vkey', join(root, 'reporting.vkey'))).status).toBe(0)
  })

  test('has no opinion without a folder or a key', async () => {
    await expect(run('verify', join(root, 'none'))).rejects.toMatchObject({ problem: 'NoFolder' })
    const { folder } = await made()
    const tokens = join(root, 'tokens')
    await expect(run('verify', folder, '--vkey', tokens)).rejects.toMatchObject({
      problem: 'MalformedKey',
    })
  })
})
