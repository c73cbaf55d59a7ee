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
    process.send?.({ ended: described(error) })
    process.exitCode = 1
    process.exit()
  }
}

/** With the names of all that has led to it. */
const described = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? `${error.cause.name}: ` : ''
  return `${error.name}: ${cause}${error.message}`
}
