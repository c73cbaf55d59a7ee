import { parentPort, workerData } from 'node:worker_threads'
import type { Applied, ToApply } from './sqlite-projections.ts'
import { changer, openProjections } from './sqlite-projections-write.ts'

// The thread that writes projections: everything here may block.

const db = openProjections(workerData as string)
// Much is written here, under keys in no order: 128 MiB of memory and 512 of a WAL save a fifth of
// the processor's time, and of the bytes that go to the disk, of a million events.
db.exec('pragma cache_size = -131072; pragma wal_autocheckpoint = 65536')
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
