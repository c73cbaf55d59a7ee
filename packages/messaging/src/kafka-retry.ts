/** Said everywhere, for kafkajs has others in a test run. Between tries it waits up to 2 s. */
export const kafkaRetry = {
  initialRetryTime: 100,
  multiplier: 2,
  factor: 0.2,
  maxRetryTime: 2_000,
  retries: 5,
}
