import { readFile } from 'node:fs/promises'
import { env } from 'node:process'
import type { TestProject } from 'vitest/node'
import { type Broker, findKafka, findMongo, type Missing } from './brokers.ts'
import { fetchKafka, fetchMongod } from './downloads.ts'
import { type Need, needs, type Supplies } from './needs.ts'

const fetched = async (fetch: () => Promise<string>): Promise<Broker | Missing> => {
  try {
    return { url: await fetch(), stop: async () => {} }
  } catch (error) {
    return { missing: [error instanceof Error ? error.message : String(error)] }
  }
}

const find: Record<Need, () => Promise<Broker | Missing>> = {
  mongo: findMongo,
  kafka: findKafka,
  ownMongo: () => fetched(fetchMongod),
  ownKafka: () => fetched(fetchKafka),
}

/** Once for the whole run: finds what the chosen test files need, and no more. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const { watch } = project.config
  const { testFiles } = await project.globTestFiles()
  const files = watch ? testFiles : project.vitest.state.getPaths()
  const sources = await Promise.all(files.map(file => readFile(file, 'utf8')))
  const declared = (Object.keys(needs) as Need[]).filter(need =>
    sources.some(source => source.includes(needs[need].declaredBy)),
  )
  const supplies: Supplies = {}
  const brokers: Broker[] = []
  const supply = async (need: Need) => {
    const found = await find[need]()
    supplies[need] = 'url' in found ? found.url : found
    if ('url' in found) brokers.push(found)
  }
  // In this order nothing is downloaded twice.
  await Promise.all(declared.filter(need => need.startsWith('own')).map(supply))
  await Promise.all(declared.filter(need => !need.startsWith('own')).map(supply))
  const { CI } = env
  project.provide('supplies', supplies)
  project.provide('supplied', CI && CI !== 'false' ? 'always' : 'if there is one')
  return async () => {
    await Promise.all(brokers.map(broker => broker.stop()))
  }
}
