import { join } from 'node:path'
import { exportLog } from '@jejak/audit/log/export-log'
import { checkCertificates } from '@jejak/audit/person/certificate-check'
import { openExportedLogs } from '@jejak/audit/person/exported-logs'
import { gather } from '@jejak/audit/person/gather'
import { checkHistory } from '@jejak/audit/person/history-check'
import { clocksApart } from '@jejak/history/causes'
import { historyOf } from '@jejak/history/history'
import { referenceOf } from '@jejak/history/reference'
import { serviceNames } from '@jejak/local/stack-environment'
import { openMongoSource } from '@jejak/replay/source'
import { setClock } from '../processes/moved-clock.ts'
import type { SimulatedPerson } from '../workload/people.ts'
import { sleepBetween } from './scenario.ts'
import type { StackFault, StackUnderTest } from './stack.ts'

const [hourMs, dayMs] = [3_600_000, 86_400_000]
const jumpMs = 400 * dayMs

/** By how much the clocks are off, one after the other: by seconds, by hours, and as they jump. */
const settings: readonly Readonly<Partial<Record<(typeof serviceNames)[number], number>>>[] = [
  { certification: -3_000, assessment: 2_000 },
  { certification: 3_000, enrollment: -2_000 },
  { certification: -5 * hourMs, assessment: 2 * hourMs },
  { certification: 5 * hourMs, enrollment: -3 * hourMs, reporting: -5 * hourMs },
  { certification: jumpMs },
  {},
  { enrollment: jumpMs },
  { certification: -3_000 },
  { assessment: jumpMs, reporting: jumpMs },
  {},
]

/** Long enough for people to be trained and certified by each. */
const eachMinMs = 3_000
const eachMaxMs = 6_000

/** Moves the clocks of all services under load, as often as the run asks for, and back. */
export const moveClocks: StackFault = async ({ context, stack, stop }) => {
  const rounds = Math.max(context.kills, settings.length)
  for (let round = 0; round < rounds && !stop.aborted; round++) {
    const setting = settings[round % settings.length] ?? {}
    for (const name of serviceNames) setClock(stack.folder, name, setting[name] ?? 0)
    await sleepBetween(context.random, eachMinMs, eachMaxMs)
    context.progress()
  }
  for (const name of serviceNames) setClock(stack.folder, name, 0)
  return []
}

/** A day and a time by a clock that went back meanwhile: that both are not right is to be said. */
const saysSo = /whether the clock went back or the day is wrong can't be told/

const exportAll = async ({ mongoUrl, folder }: StackUnderTest['stack']) => {
  const directories: string[] = []
  for (const service of serviceNames) {
    const source = await openMongoSource(mongoUrl, service)
    const directory = join(folder, 'exported', service)
    await exportLog(source, directory, { keys: join(folder, 'keys') })
    await source.close()
    directories.push(directory)
  }
  return directories
}

/** Audits everybody from exported logs. Answers what an audit finds and should not. */
export const auditEverybody = async (
  { stack }: Pick<StackUnderTest, 'stack'>,
  people: readonly SimulatedPerson[],
): Promise<readonly string[]> => {
  const { logs, findings } = await openExportedLogs(await exportAll(stack), [])
  const found = findings.map(({ problem, detail }) => `${problem}: ${detail}`)
  const counts = { people: 0, certificates: 0, apart: 0, undecided: 0 }
  for (const { asnId } of people) {
    const events = await gather(logs, asnId)
    const facts = events.map(({ fact }) => fact)
    const reference = referenceOf(facts)
    const now = Date.now()
    const history = historyOf([asnId], facts, reference, { now })
    const all = [
      ...checkHistory(logs, facts, history),
      ...(await checkCertificates(logs, events, reference)),
    ]
    const told = all.filter(({ detail }) => saysSo.test(detail))
    counts.people++
    counts.certificates += facts.filter(({ type }) => type === 'CertificateIssued').length
    counts.undecided += told.length
    if (clocksApart(facts, { now }).length > 0) counts.apart++
    for (const finding of all) {
      if (!told.includes(finding)) found.push(`${asnId} ${finding.problem}: ${finding.detail}`)
    }
  }
  console.log(
    `\naudited ${counts.people} people and ${counts.certificates} certificates: of ` +
      `${counts.apart} people events show that clocks were apart, of ${counts.undecided} ` +
      'certificates it is said that day and time can not both be right',
  )
  return found
}
