import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signer } from '@jejak/export/testing/signer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CommandRefused } from '../terminal/exit.ts'
import { made, rows, run, serving } from '../testing/export.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'jejak-'))
  writeFileSync(join(root, 'tokens'), 'ministry secret\n')
  writeFileSync(join(root, 'reporting.vkey'), `${signer.vkey}\n`)
})
afterAll(() => rmSync(root, { recursive: true }))

describe('jejak export siasn-kursus', () => {
  test('puts a folder in place that verifies, and asks for what was asked', async () => {
    const { args, out, asked } = await serving(root)
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
      const { args, out } = await serving(root, {
        change: (file, bytes) =>
          file === changed ? Buffer.from(bytes.toString().replace(/[5-9]/g, '4')) : bytes,
      })
      await expect(run(...args)).rejects.toThrow(CommandRefused)
      expect([existsSync(out), existsSync(`${out}.part`)]).toEqual([false, false])
    },
  )

  test('does not touch a folder that is there', async () => {
    const { args, asked } = await serving(root)
    const there = args.map(arg => (arg.endsWith('kursus') && arg.includes('/') ? root : arg))
    await expect(run(...there)).rejects.toMatchObject({ problem: 'Exists' })
    expect(asked).toEqual([])
  })

  test('says what the service has against it, and where nobody answers', async () => {
    const { args } = await serving(root)
    writeFileSync(join(root, 'other'), 'ministry other\n')
    const other = args.map(arg => (arg.endsWith('tokens') ? join(root, 'other') : arg))
    await expect(run(...other)).rejects.toMatchObject({ problem: 'unknown-token' })
    const nobody = args.map(arg => (arg.startsWith('127.') ? '127.0.0.1:1' : arg))
    await expect(run(...nobody)).rejects.toMatchObject({ problem: 'NoService' })
  })
})

describe('jejak export verify', () => {
  test('names each file that was changed, is missing or was added', async () => {
    const { folder } = await made(root)
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
    const { folder } = await made(root)
    expect((await run('verify', folder)).printed).toContain(signer.vkey)
    expect((await run('verify', folder, '--vkey', join(root, 'reporting.vkey'))).status).toBe(0)
  })

  test('has no opinion without a folder or a key', async () => {
    await expect(run('verify', join(root, 'none'))).rejects.toMatchObject({ problem: 'NoFolder' })
    const { folder } = await made(root)
    const tokens = join(root, 'tokens')
    await expect(run('verify', folder, '--vkey', tokens)).rejects.toMatchObject({
      problem: 'MalformedKey',
    })
  })
})
