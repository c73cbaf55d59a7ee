import { parentPort, workerData } from 'node:worker_threads'
import { projectionFiles } from './projection-file.ts'
import type { Done, ToDo } from './projections.ts'

// The thread that writes projections: everything here may block.

// Much is written here, and the index of what was filled is sorted in this much of memory.
const files = projectionFiles(workerData as string, 128)

const perform = (toDo: ToDo): boolean => {
  const { projection } = toDo
  if ('written' in toDo) return files.made(projection).change(toDo.written)
  if ('unread' in toDo) files.beginFilling(projection, toDo.unread)
  else if (toDo.end === 'filled') files.endFilling(projection)
  else files.forget(projection)
  return true
}

const answer = (done: Done) => parentPort?.postMessage(done)

parentPort?.on('message', (toDo: ToDo | 'close') => {
  if (toDo === 'close') {
    files.close()
    parentPort?.close()
    return
  }
  try {
    answer({ done: perform(toDo) })
  } catch (error) {
    answer({ done: false, failed: String(error) })
  }
})
