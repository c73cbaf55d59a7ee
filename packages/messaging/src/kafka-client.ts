import { Kafka, type KafkaConfig, logLevel } from 'kafkajs'

export type KafkaClientOptions = Pick<KafkaConfig, 'clientId' | 'ssl' | 'sasl'> & {
  /** `host:port` of each. */
  readonly brokers: readonly string[]
  /** The prefix of the names of topics and consumer groups: `jejak` if not given. */
  readonly prefix?: string
  /**
   * After so long without a sign of life a consumer's share goes to others, 10 s if not given.
   * A consumer that comes back after its broker was away waits as long for its former self.
   */
  readonly sessionMs?: number
}

/** Given to every client, for kafkajs has other defaults in a test run. At most 2 s a wait. */
export const kafkaRetry = {
  initialRetryTime: 100,
  multiplier: 2,
  factor: 0.2,
  maxRetryTime: 2_000,
  retries: 5,
}

export const kafkaClient = ({ brokers, clientId, ssl, sasl }: KafkaClientOptions): Kafka =>
  new Kafka({
    brokers: [...brokers],
    ...(clientId && { clientId }),
    ...(ssl && { ssl }),
    ...(sasl && { sasl }),
    logLevel: logLevel.NOTHING, // Errors that matter are thrown, or passed to `failed`.
    retry: kafkaRetry,
  })
