import { type LogTask, measureLog } from '../log-measurement.ts'

process.once('message', async (task: LogTask) => {
  const answer = await measureLog(task)
  process.send?.(answer, () => process.disconnect())
})
