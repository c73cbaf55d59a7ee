/** Fills no disk where whoever should stop it hangs. */
const lifeMaxMs = 15 * 60_000

/** The life of a process that is there to be killed: it says why it ended by itself. */
export const perform = async <Options>(main: (options: Options) => Promise<void>) => {
  setTimeout(() => process.exit(), lifeMaxMs).unref()
  process.once('disconnect', () => process.exit()) // Whoever would kill it is gone.
  try {
    await main(JSON.parse(process.argv[2] ?? '') as Options)
    process.disconnect()
  } catch (error) {
    process.send?.({ ended: error instanceof Error ? `${error.name}: ${error.message}` : error })
    process.exitCode = 1
    process.exit()
  }
}
