import { join } from 'node:path'
import { mongoTokens, tokensDatabase } from '@jejak/access/mongo-tokens'
import { startStack } from '@jejak/local/stack'
import { openReadModel } from '@jejak/reporting/read-model/versions'
import { mongoProjections } from '@jejak/storage/mongo/projections'
import type { Sample, Suite } from '../suite.ts'
import { assessment, register } from '../workers/intake-client.ts'
import { load } from '../workers/lag-load.ts'

/** Until then the services compile what they run, which they do once in their lives. */
const warmUpSeconds = 5
/** Of the offered rate so much must be acknowledged, and so old be the oldest but a hundredth. */
const carriedPart = 0.95
const carriedMs = 2_000
/** A rate that is not carried is halved, so many times. */
const halvingsMax = 4

/**
 * How long after its acknowledgement an assessment is in the read model of reporting, by the four
 * services in processes of their own over Kafka and MongoDB: at the rate that is wanted, and where
 * this machine does not carry that, at the first half of it that it carries.
 */
export const lag: Suite = async (ground, { lagRate, lagSeconds, lagPeople }, _, during) => {
  const folder = join(ground.folder, 'stack')
  const stack = await startStack({ folder, environment: { JEJAK_LOG_LEVEL: 'warn' } })
  const tokens = await mongoTokens(stack.mongoUrl, tokensDatabase)
  const store = await mongoProjections(stack.mongoUrl, 'jejak-reporting')
  try {
    const { token } = await tokens.issue({ role: 'agency', agency: 'bench' })
    const { enrollment, assessment: address } = stack.endpoints.grpc
    await register({ address: enrollment, token }, lagPeople)
    let next = 0
    const message = () => assessment(next++ % lagPeople)
    const options = { address, token, message, readModel: openReadModel(store) }
    await load(options, lagRate / 4, warmUpSeconds)
    await during([
      async () => {
        const samples: Sample[] = []
        for (let halvings = 0; halvings <= halvingsMax; halvings++) {
          const rate = lagRate / 2 ** halvings
          const { acknowledged, p50, p99, most } = await load(options, rate, lagSeconds)
          const of = { subject: `lag-at-${rate}-offered`, clients: 1 }
          samples.push(
            { ...of, unit: 'appends/s', value: acknowledged },
            { ...of, unit: 'ms, p50', value: p50 },
            { ...of, unit: 'ms, p99', value: p99 },
            { ...of, unit: 'ms, most', value: most },
          )
          if (acknowledged < carriedPart * rate || p99 > carriedMs) continue
          return [...samples, { subject: 'carried', clients: 1, unit: 'appends/s', value: rate }]
        }
        return samples
      },
    ])
  } finally {
    await store.close()
    await tokens.close()
    await stack.stop()
  }
}
