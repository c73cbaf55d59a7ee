import { perform, type Task } from '../task.ts'

// A process a measurement: none finds the other's compiled code, garbage or connections.
process.once('message', async (task: Task) => {
  try {
    process.send?.({ answer: await perform(task) })
  } catch (error) {
    process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : `${error}` })
  } finally {
    process.disconnect()
  }
})
