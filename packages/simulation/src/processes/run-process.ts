/** A process that nobody stops must not fill the disk. */
const runMaxMs = 15 * 60_000

/** Runs the main function of a process under test, and reports why it ended by itself. */
export const runProcess = async <Options>(main: (options: Options) => Promise<void>) => {
  setTimeout(() => process.exit(), runMaxMs).unref()
  process.once('disconnect', () => process.exit()) // The scenario that would kill it is gone.
  try {
    await main(JSON.parse(process.argv[2] ?? '') as Options)
    process.disconnect()
  } catch (error) {
    process.send?.({ ended: error instanceof Error ? `${error.name}: ${error.message}` : error })
    process.exitCode = 1
    process.exit()
  }
}
