import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { SingleBar } from 'cli-progress'
import { Argument, InvalidArgumentError, program } from 'commander'
import { resultTable, type ScenarioResult } from './report.ts'
import { type ScenarioName, scenarios } from './scenarios/all.ts'
import { runScenario, type ScenarioContext } from './scenarios/scenario.ts'
import { randomOf } from './workload/random.ts'

const names = Object.keys(scenarios) as ScenarioName[]

type Options = { readonly kills: number; readonly seed: number; readonly folder: string }

const whole = (text: string) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number')
  return value
}

program
  .name('npm run -s simulate --')
  .description('Kills and pauses real writers and servers, and checks what they promised.')
  .addArgument(new Argument('[scenario...]', 'what to go through').choices(names))
  .option('--kills <count>', 'how many in each scenario', whole, 20)
  .option('--seed <number>', 'decides when to kill', whole, Date.now() % 1_000_000)
  .option('--folder <folder>', 'where the data is for the time', tmpdir())
  .addHelpText(
    'after',
    `
Scenarios, all of them where none is named:
${names.map(name => `  ${name.padEnd(16)} ${scenarios[name].title}`).join('\n')}

Exit status: 0 where every promise was kept, 1 where not; the folder is kept then, and its name
and the seed are said. A seed repeats the moments of the kills, not what the machine does then.

Examples:
  npm run -s simulate
  npm run -s simulate -- sqlite-writer mongo-server --kills 100 --seed 7`,
  )
  .action(main)

async function main(chosen: readonly ScenarioName[], { kills, seed, folder }: Options) {
  const ran: ScenarioResult[] = []
  for (const name of chosen.length > 0 ? chosen : names) {
    const home = mkdtempSync(join(resolve(folder), `jejak-${name}-`))
    const found = await runOne(name, { folder: home, kills, random: randomOf(seed) })
    ran.push({ name, ...found })
    if (found.violations.length === 0) rmSync(home, { recursive: true })
    else console.error(`${name}: ${found.violations.length} violations, data kept in ${home}`)
    for (const violation of found.violations.slice(0, 20)) console.error(`  ${violation}`)
  }
  console.log(`${resultTable(ran)}\nseed ${seed}`)
  if (ran.some(({ violations }) => violations.length > 0)) process.exitCode = 1
}

const runOne = async (name: ScenarioName, setting: Omit<ScenarioContext, 'progress' | 'start'>) => {
  const bar = new SingleBar({ format: `${name} [{bar}] {value}/{total} {duration_formatted}` })
  bar.start(setting.kills, 0)
  let kills = 0
  const progress = () => {
    kills++
    bar.increment()
  }
  try {
    const found = await runScenario(scenarios[name], { ...setting, progress })
    return { ...found, kills }
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : `${error}`
    return { kills, violations: [why] }
  } finally {
    bar.stop()
  }
}

await program.parseAsync()
