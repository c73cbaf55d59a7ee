// tidy: the places where tests look for a broker, apart from how one is started
import { env } from 'node:process'
import { type Broker, kafkaContainer, mongoContainer } from './containers.ts'
import { startKafka } from './kafka.ts'
import { startMongo } from './mongo.ts'

/** Why there is none: one reason for each place that was tried. */
export type Missing = { readonly missing: readonly string[] }

export const findMongo = (): Promise<Broker | Missing> => {
  const { JEJAK_TEST_MONGO_URL: url } = env
  return find('JEJAK_TEST_MONGO_URL', url, {
    'On this machine': () => startMongo({ nodes: 1 }),
    'In Docker': mongoContainer,
  })
}

export const findKafka = (): Promise<Broker | Missing> => {
  const { JEJAK_TEST_KAFKA: url } = env
  return find('JEJAK_TEST_KAFKA', url, {
    'On this machine': async () => {
      const { brokers, stop } = await startKafka({ brokers: 1 })
      return { url: brokers, stop }
    },
    'In Docker': kafkaContainer,
  })
}

const find = async (
  variable: string,
  given: string | undefined,
  places: Readonly<Record<string, () => Promise<Broker>>>,
): Promise<Broker | Missing> => {
  // One that was given and does not work is an error to see, and no reason to take another.
  if (given) return { url: given, stop: async () => {} }
  const missing = [`${variable} is not set`]
  for (const [place, start] of Object.entries(places)) {
    try {
      return await start()
    } catch (error) {
      missing.push(`${place}: ${error instanceof Error ? error.message : error}`)
    }
  }
  return { missing }
}
