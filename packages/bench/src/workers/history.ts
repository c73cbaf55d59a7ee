import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Histories, openHistories } from '@jejak/embedded/testing/histories'
import { readFolder } from '@jejak/storage/data-folder'
import { percentile } from '../report.ts'
import { everybodysAgency, shuffled } from '../training-logs.ts'

export type HistoryTask = {
  /** A data folder, with the read model of reporting. */
  readonly folder: string
  readonly asked: number
}

/** Milliseconds. */
type Times = { readonly p50: number; readonly p99: number }

export type HistoryAnswer = { readonly cold: Times; readonly warm: Times }

const perform = async ({ folder, asked }: HistoryTask): Promise<HistoryAnswer> => {
  const before = openHistories(folder)
  const people = shuffled(await Array.fromAsync(before.everybody(everybodysAgency)))
  if (people.length < 2 * asked) throw new Error(`${2 * asked} are more than there are`)
  await timesOf(before, people.slice(asked, 2 * asked)) // A warm-up: the code is compiled.
  await before.close()
  const read = readFolder(folder, 'reporting')
  for (const file of readdirSync(read)) forget(join(read, file))
  const histories = openHistories(folder)
  const sample = people.slice(0, asked)
  const cold = await timesOf(histories, sample)
  const warm = await timesOf(histories, sample)
  await histories.close()
  return { cold, warm }
}

/** Drops a file from the page cache of the machine; a disk's own cache is left. */
const forget = (file: string) => {
  execFileSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' })
}

const timesOf = async ({ historyOf }: Histories, asnIds: readonly string[]): Promise<Times> => {
  const times: number[] = []
  for (const asnId of asnIds) {
    const start = performance.now()
    const history = await historyOf(asnId)
    times.push(performance.now() - start)
    if (history?.certificates.length !== 1) throw new Error(`${asnId} has no certificate`)
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

process.once('message', async (task: HistoryTask) => {
  const answer = await perform(task)
  process.send?.(answer, () => process.disconnect())
})
