import { parentPort, workerData } from 'node:worker_threads'
import type { Applied, ToApply } from './sqlite-projections.ts'
import { changer, openProjections } from './sqlite-projections-write.ts'

// The thread that writes projections: everything here may block.

const db = openProjections(workerData as string)
const change = changer(db)
const answer = (applied: Applied) => parentPort?.postMessage(applied)

parentPort?.on('message', (asked: ToApply | 'close') => {
  if (asked === 'close') {
    db.close()
    parentPort?.close()
    return
  }
  try {
    answer({ applied: change(asked.projection, asked.written) })
  } catch (error) {
    answer({ applied: false, failed: String(error) })
  }
})
