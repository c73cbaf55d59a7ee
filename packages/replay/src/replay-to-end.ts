import { type Replayed, type ReplayOptions, refuseFault, replayLog } from './replay.ts'

/** Replays a log and checks its events to the last. The check is over in any case. */
export const replayToEnd = async (
  options: ReplayOptions,
): Promise<Replayed & { readonly streams: number }> => {
  const { check, source } = options
  try {
    const replayed = await replayLog(options)
    const streams = Number(await check.end())
    refuseFault(check, source)
    return { ...replayed, streams }
  } finally {
    await check.stop()
  }
}
