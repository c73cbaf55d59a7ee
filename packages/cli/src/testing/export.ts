import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { siasnKursus } from '@jejak/export/siasn-kursus'
import { hospital, written } from '@jejak/export/testing/signer'
import { onTestFinished, vi } from 'vitest'
import { exportCommand } from '../commands/export.ts'

export const rows = 'siasn-kursus.csv'

/** The output of the command, and its exit status. */
export const run = async (...args: readonly string[]) => {
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

export const made = async (root: string) => {
  const folder = mkdtempSync(join(root, 'made-'))
  const manifest = await written(folder, [siasnKursus.rowOf(hospital)])
  return { folder, manifest }
}

type Served = {
  readonly change?: (file: string, bytes: Buffer) => Buffer
  readonly fate?: (url: string) => 'answered' | 'left' | 'gone'
}

const problem = (type: string) =>
  JSON.stringify({ type: `urn:jejak:problem:${type}`, detail: type })

/** A server that answers, for the right token, with the files of an export. */
export const serving = async (root: string, served: Served = {}) => {
  const { change = (_, bytes) => bytes, fate = () => 'answered' } = served
  const { folder, manifest } = await made(root)
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const url = request.url ?? ''
    asked.push(`${request.method} ${url} ${body}`.trim())
    if (request.headers.authorization !== 'Bearer secret') {
      return response.writeHead(401).end(problem('unknown-token'))
    }
    const met = fate(url)
    if (met === 'left') return
    if (met === 'gone') return response.writeHead(404).end(problem('export-gone'))
    if (request.method === 'POST') {
      return response.end(
        JSON.stringify({ exportId: manifest.exportId, manifest, leftOut: {}, lacking: [] }),
      )
    }
    const file = url.split('/').at(-1) ?? ''
    return response.end(change(file, readFileSync(join(folder, file))))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const http = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const out = join(mkdtempSync(join(root, 'out-')), 'kursus')
  const token = join(root, 'tokens')
  writeFileSync(token, 'ministry secret\n')
  const args = ['siasn-kursus', '--format', 'csv', '--out', out, '--http', http, '--token', token]
  return { asked, out, args }
}
