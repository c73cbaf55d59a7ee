import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { formats } from './kind.ts'
import { exportRows } from './read.ts'
import { siasnKursus } from './siasn-kursus.ts'
import { each, hospital, signer } from './testing/signer.ts'
import { writeExport } from './write.ts'

test.each(formats)('what was written is read back, line separators and all: %s', async format => {
  const dir = mkdtempSync(join(tmpdir(), 'jejak-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const course = '=Etos\u2028kerja\nII'
  const row = siasnKursus.rowOf({ ...hospital, course })
  await writeExport({
    ...{ kind: siasnKursus, format, dir, query: {}, heads: [], signer },
    ...{ exportId: '0197a000-0000-7000-8000-000000000001', madeAt: '2026-06-01T00:00:00.000Z' },
    rows: each([row]),
  })
  const rows = await Array.fromAsync(
    exportRows({ format, path: join(dir, `siasn-kursus.${format}`), bytes: 1_000_000 }),
  )
  const texts = Object.entries(row).map(([field, value]) => [field, String(value ?? '')])
  expect(rows).toEqual([Object.fromEntries(texts)])
})
