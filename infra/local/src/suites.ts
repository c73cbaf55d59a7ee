import { randomUUID } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { afterAll, describe, inject, test } from 'vitest'
import { type Need, needs } from './needs.ts'

/** A suite with a MongoDB replica set, in a database that no other suite sees. */
export const describeMongo = (
  name: string,
  suite: (mongo: { readonly url: string; readonly database: string }) => void,
): void =>
  describeWith('mongo', name, url => {
    const database = `test-${randomUUID()}`
    // Declared before those of the suite, so that it runs after them.
    afterAll(async () => {
      const client = new MongoClient(url)
      await client.db(database).dropDatabase()
      await client.close()
    })
    suite({ url, database })
  })

/** A suite with a Kafka broker. Other suites see its topics: it must name them at random. */
export const describeKafka = (
  name: string,
  suite: (kafka: { readonly brokers: string }) => void,
): void => describeWith('kafka', name, brokers => suite({ brokers }))

/** A suite that calls `startMongo`, to kill and pause what it started. */
export const describeOwnMongo = (name: string, suite: () => void): void =>
  describeWith('ownMongo', name, suite)

/** A suite that calls `startKafka`, to kill and pause what it started. */
export const describeOwnKafka = (name: string, suite: () => void): void =>
  describeWith('ownKafka', name, suite)

const describeWith = (need: Need, name: string, suite: (address: string) => void): void => {
  const options = { meta: { need } }
  const supply = inject('supplies')[need]
  if (typeof supply === 'string') {
    describe(name, options, () => suite(supply))
  } else if (supply === undefined) {
    // The run looks for the word in the test file, to start only what some test needs.
    throw new Error(`${needs[need].declaredBy} must be called in the test file itself`)
  } else if (inject('supplied') === 'always') {
    describe(name, options, () => {
      test(`has ${needs[need].title}`, () => {
        throw new Error(supply.missing.join('\n'))
      })
    })
  } else {
    // Counts the tests without running them: a suite may make a client of the address meanwhile.
    describe.skip(name, options, () => suite(needs[need].nowhere))
  }
}
