import { parentPort, workerData } from 'node:worker_threads'
import type { Applied, ToApply } from './sqlite-projections.ts'
import { changer, openProjections } from './sqlite-projections-write.ts'

// The thread that writes projections: everything here may block.

// Much is written here: this much of memory, and four times as much of a WAL, saves a fifth of the
// processor's time, and of the bytes that go to the disk, of a million events.
const db = openProjections(workerData as string, 128)
const change = changer(db)
const answer = (applied: Applied) => parentPort?.postMessage(applied)

parentPort?.on('message', (asked: ToApply | 'close') => {
  if (asked === 'close') {
    // Where others go on with the file, theirs is not the commit that copies all of the WAL.
    db.exec('pragma wal_checkpoint(passive)')
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
