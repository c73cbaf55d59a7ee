import { createRequire } from 'node:module'
import { percentile } from '../report.ts'
import type { DuckTask, GapCounts, ReportsAnswer } from '../reports-answer.ts'

// The same questions, put to DuckDB over the same rows.

// Installed apart: its types are written down here.
type Connection = {
  run(sql: string): Promise<unknown>
  runAndReadAll(sql: string): Promise<{ getRowObjectsJson(): Record<string, unknown>[] }>
}
type DuckDb = {
  DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> }
}

/** Each person's latest rating of a competency that was made within 36 months, and of all. */
const gaps = (asOf: string, where: string) => `
  with asked as (select * from people where ${where} and since <= date '${asOf}'),
  rated as (
    select asn, competency,
      arg_max(level, (occurred_on, seq))
        filter (occurred_on + interval 36 month >= date '${asOf}') as level
    from ratings semi join asked using (asn)
    where occurred_on <= date '${asOf}'
    group by asn, competency)
  select s.framework, s.competency, s.level as required, count(*)::int as people,
    (count(*) filter (r.level >= s.level))::int as attained,
    (count(*) filter (r.level < s.level))::int as below,
    (count(*) filter (r.asn is not null and r.level is null))::int as expired,
    (count(*) filter (r.asn is null))::int as not_assessed
  from asked p join standards s using (position) left join rated r
    on r.asn = p.asn and r.competency = s.competency and s.framework = 'permenpanrb-38-2017'
  group by all order by all`

const perform = async (task: DuckTask): Promise<ReportsAnswer> => {
  const peers = new URL('../../peers/package.json', import.meta.url)
  const { DuckDBInstance }: DuckDb = createRequire(peers)('@duckdb/node-api')
  const db = await (await DuckDBInstance.create(':memory:')).connect()
  for (const [table, file] of Object.entries(task.files)) {
    await db.run(`create table ${table} as select * from read_csv('${file}', header = true)`)
  }
  const ask = async (where: string): Promise<readonly GapCounts[]> => {
    const rows = (await db.runAndReadAll(gaps(task.asOf, where))).getRowObjectsJson()
    return rows.map(({ not_assessed: notAssessed, required: requiredLevel, ...row }) => {
      return { ...row, requiredLevel: Number(requiredLevel), notAssessed } as GapCounts
    })
  }
  const timed = async (wheres: readonly string[]) => {
    const times: number[] = []
    const answers: (readonly GapCounts[])[] = []
    for (const where of wheres) {
      const start = performance.now()
      answers.push(await ask(where))
      times.push(performance.now() - start)
    }
    return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), answers }
  }
  const again = (where: string) => Array<string>(task.repeats).fill(where)
  const person = await timed(task.people.map(asn => `asn = '${asn}'`))
  const agency = await timed(again(`agency = '${task.agency}'`))
  const city = await timed(again('true'))
  return { person, agency, city, mib: process.resourceUsage().maxRSS / 1_024 }
}

process.once('message', async (task: DuckTask) => {
  process.send?.(await perform(task), () => process.disconnect())
})
