import { join } from 'node:path'
import { cached } from './cache.ts'
import { runProgram } from './run.ts'

const pom = join(import.meta.dirname, '..', 'pom.xml')
const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

/** The class path of a Kafka broker, downloaded by Maven the first time (54 MB). */
export const fetchKafka = async (): Promise<string> => {
  await runProgram('java', ['-version']) // Maven brings the jars and not the Java that runs them.
  const folder = await cached('kafka-4.3.1', async target => {
    const where = [`-DoutputDirectory=${target}`, '-DincludeScope=runtime']
    await runProgram('mvn', ['--batch-mode', '--quiet', '--file', pom, copy, ...where])
  })
  return join(folder, '*')
}
