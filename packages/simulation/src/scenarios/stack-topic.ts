import { consumersIn } from '@jejak/embedded/testing/rebuilt-read-models'
import { serviceNames } from '@jejak/local/stack-environment'
import { topicOf } from '@jejak/messaging/topics'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import type { Fault, Ground } from './stack.ts'
import { again } from './stack-faults.ts'

/** One or all; and every other time whoever hears of them has forgotten what it has heard. */
export const deleteTopics: Fault = async ground => {
  const brokers = ground.stack.kafka.brokers.split(',')
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return await again(async (ground, number) => {
      await deleteSome(admin, ground)
      if (number % 2 === 0) await beginAnew(ground)
    })(ground)
  } finally {
    await admin.disconnect()
  }
}

const deleteSome = async (admin: Admin, { world: { random } }: Ground) => {
  const there = await admin.listTopics()
  const topics = serviceNames
    .map(name => topicOf('jejak', name))
    .filter(name => there.includes(name))
  const one = topics[Math.floor(random() * topics.length)]
  await admin.deleteTopics({
    topics: random() < 0.5 ? topics : topics.filter(name => name === one),
  })
}

/** As a service would that is new. */
const beginAnew = async ({ stack: { services }, kept: { stores }, renew }: Ground) => {
  const consumers = await consumersIn(stores)
  await Promise.all(
    consumers.map(async ({ service, name }) => {
      await services[service].kill()
      await stores[service].drop(name)
      await services[service].restart()
    }),
  )
  renew()
}
