import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, describe, expect, test } from 'vitest'
import { formats } from './kind.ts'
import { siasnKursus } from './siasn-kursus.ts'
import { hospital, scratch, written } from './testing/signer.ts'

const rowsMax = 200_000

/** Megabytes: the text of so many rows is 76 MB, and that of the workbook's sheet 150. */
const growthMax = 40

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Memory in use, in megabytes, without garbage that waits to be collected. */
const inUse = async (): Promise<number> => {
  for (let i = 0; i < 3; i++) {
    collect()
    await setTimeout(20) // Buffers are given back beside.
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 1_000_000
}

describe('the memory of an export', () => {
  const { folder, remove } = scratch()
  afterAll(remove)

  test.each(formats)(
    'of %s does not grow with its rows',
    async format => {
      const seen: number[] = []
      async function* rows() {
        for (let i = 0; i < rowsMax; i++) {
          if (i % 45_000 === 10_000) seen.push(await inUse())
          yield siasnKursus.rowOf({ ...hospital, certificateNumber: `MRS-2026/2026/${i}` })
        }
      }
      const { files } = await written(folder(), [], { format, rows: rows() })
      expect(files[0]?.rows).toBe(rowsMax)
      const [first = 0, ...later] = seen
      expect(later).toHaveLength(4)
      expect(Math.max(...later) - first).toBeLessThan(growthMax)
    },
    120_000,
  )
})
