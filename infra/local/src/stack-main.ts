import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, relative, resolve } from 'node:path'
import { execPath, stderr } from 'node:process'
import { Command, Option } from 'commander'
import { type Stack, startStack } from './stack.ts'
import { serviceNames } from './stack-environment.ts'

const start = join(import.meta.dirname, '..', '..', '..', 'packages', 'cli', 'src', 'start-main.ts')

type Options = {
  readonly data: string
  readonly ports: 'usual' | 'free'
  readonly nodes: '1' | '3'
  readonly brokers: '1' | '3'
  readonly demo?: true
}

const counts = (flags: string, what: string) =>
  new Option(flags, what).choices(['1', '3']).default('1')

const program = new Command('stack')
  .description('Runs the four services, each a process, over a real Kafka and a real MongoDB.')
  .option('--data <folder>', 'where data, keys, exports and logs are kept', 'data/stack')
  .addOption(
    new Option('--ports <which>', 'gRPC 50051-50054 and HTTP 8080-8083, or free ones')
      .choices(['usual', 'free'])
      .default('usual'),
  )
  .addOption(counts('--nodes <count>', 'servers of MongoDB'))
  .addOption(counts('--brokers <count>', 'servers of Kafka'))
  .option('--demo', 'goes through the scenario of npm start when all is ready')
  .addHelpText(
    'after',
    `
A service that ends by itself is started again. Everything ends with Ctrl-C: the services finish
what is under way, then Kafka and MongoDB end. The data stays, for the next start with --data.

Exit status: 0 when it was told to end, 1 where something did not start or did not end well.

  $ npm run -s stack
  $ npm run -s stack -- --demo --data data/demo --ports free`,
  )
  .action(run)

const say = (line: string) => void stderr.write(`${line}\n`)
const near = (path: string) => relative('', path) || '.'

async function run({ data, ports, nodes, brokers, demo }: Options) {
  const ended = endAsked()
  const starting = startStack({
    folder: resolve(data),
    ports,
    mongoNodes: nodes === '3' ? 3 : 1,
    kafkaBrokers: brokers === '3' ? 3 : 1,
    supervised: true,
    say,
  })
  say('starting MongoDB, Kafka and the four services')
  const stack = await Promise.race([starting, ended])
  if (!stack) process.exit(0) // No call was taken yet: what has started goes with this process.
  try {
    describe(stack)
    const played = demo ? play(stack) : Promise.resolve()
    say('Ctrl-C ends it')
    await Promise.race([ended, played.then(() => ended)])
  } finally {
    say('finishing what is under way')
    await stack.stop()
  }
}

const describe = ({ folder, endpoints, endpointsFile, mongoUrl, kafka }: Stack) => {
  for (const name of serviceNames) say(`${name}: gRPC on ${endpoints.grpc[name]}`)
  say(`reports: ${endpoints.http}`)
  say(`MongoDB: ${mongoUrl}`)
  say(`Kafka: ${kafka.brokers}`)
  say(`data, keys and the log of each process in ${near(folder)}`)
  say(`\nTo try:
  curl -s ${endpoints.http}/readyz
  export JEJAK_ENDPOINTS=${near(endpointsFile)}
  npm run -s jejak -- log stat --mongo '${mongoUrl}' --service enrollment\n`)
}

/** The scenario, from outside, as an agency would have it. */
const play = async ({ endpointsFile, mongoUrl }: Stack) => {
  const args = [start, '--endpoints', endpointsFile, '--mongo', mongoUrl]
  const child = spawn(execPath, args, { stdio: 'inherit' })
  const [code, signal] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the scenario ended with ${code ?? signal}`)
}

/** Ctrl-C arrives twice if npm started us: the second must not cut the end short. */
const endAsked = async (): Promise<undefined> => {
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}

try {
  await program.parseAsync()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
