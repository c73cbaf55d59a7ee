import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, ConfigResourceTypes } from 'kafkajs'
import { backOffMs } from './bus.ts'

/** Over 10 s. */
const triesMax = 9
const dayMs = 24 * 60 * 60 * 1_000

/** The topic of each log, declared once: for the services, and for the operator of Kafka. */
export const topicSettings = {
  /** Fixed: with another number streams would change partitions. Enough for 24 processes. */
  partitions: 24,
  config: {
    'cleanup.policy': 'delete',
    // Consumers that come later begin with the publisher's history.
    'retention.ms': String(7 * dayMs),
    // Ahead of what one publish sends, with the keys and headers of a thousand messages.
    'max.message.bytes': String(2 * 1024 * 1024),
    'unclean.leader.election.enable': 'false',
  },
} as const

/** The least number of replicas that an acknowledgement by all replicas needs. */
export const minInsyncReplicas = (replicas: number): number => Math.max(1, replicas - 1)

export const topicOf = (prefix: string, log: string): string => `${prefix}.${log}.v1`

export type TopicOptions = {
  /** The prefix of the names of topics and consumer groups: `jejak` if not given. */
  readonly prefix?: string
  readonly logs: readonly string[]
  /** 3 in production; 1 if there is one broker. */
  readonly replicas: number
}

/** Topics are there, and are not what was declared: somebody has to mend them. */
export class WrongTopics extends Error {
  override name = 'WrongTopics'
}

/** Creates what is missing, and throws `WrongTopics` with all that is not as it is declared. */
export const createTopics = async (admin: Admin, options: TopicOptions): Promise<void> => {
  const { prefix = 'jejak', logs, replicas } = options
  const { partitions, config } = topicSettings
  const settings = { ...config, 'min.insync.replicas': String(minInsyncReplicas(replicas)) }
  const names = logs.map(log => topicOf(prefix, log))
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  const there = new Set(await admin.listTopics())
  await admin.createTopics({
    waitForLeaders: false, // kafkajs 2.2.4 fails if another broker does not know the topic yet.
    topics: names
      .filter(topic => !there.has(topic))
      .map(topic => ({
        topic,
        numPartitions: partitions,
        replicationFactor: replicas,
        configEntries,
      })),
  })
  const problems = [
    ...(await wrongShapes(admin, names, replicas)),
    ...(await wrongSettings(admin, names, settings)),
  ]
  if (problems.length > 0) throw new WrongTopics(problems.join('\n'))
}

const wrongShapes = async (admin: Admin, names: readonly string[], replicas: number) => {
  const { topics } = await shapes(admin, names)
  return topics.flatMap(({ name, partitions }) => {
    const fewest = Math.min(...partitions.map(partition => partition.replicas.length))
    return [
      ...differs(name, 'partitions', String(partitions.length), String(topicSettings.partitions)),
      ...(fewest < replicas ? differs(name, 'replicas', String(fewest), String(replicas)) : []),
    ]
  })
}

/** A topic that was just created takes a moment to be known everywhere. */
const shapes = async (admin: Admin, names: readonly string[]) => {
  for (let failures = 1; ; failures++) {
    try {
      return await admin.fetchTopicMetadata({ topics: [...names] })
    } catch (error) {
      if (failures === triesMax) throw error
      await sleep(backOffMs(failures))
    }
  }
}

const wrongSettings = async (
  admin: Admin,
  names: readonly string[],
  settings: Readonly<Record<string, string>>,
) => {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map(name => ({
      type: aTopic,
      name,
      configNames: Object.keys(settings),
    })),
  })
  return resources.flatMap(({ resourceName, configEntries }) =>
    configEntries.flatMap(({ configName, configValue }) =>
      differs(resourceName, configName, configValue, settings[configName]),
    ),
  )
}

// Node finds no `ConfigResourceTypes` among the names that kafkajs exports.
const aTopic: ConfigResourceTypes.TOPIC = 2

const differs = (topic: string, what: string, is: string, declared: string | undefined) =>
  is === declared ? [] : [`${topic}: ${what} is ${is}, declared is ${declared}`]
