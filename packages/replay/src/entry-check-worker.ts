// tidy: the entry of a thread is a module of its own
import { parentPort, workerData } from 'node:worker_threads'
import { EntryCheck, type EntryChunk, type EntryFault } from './entry-check.ts'

// The thread that checks check while the main thread hashes them.

/** The result of a chunk, or of the end. */
export type ChunkResult = { readonly fault?: EntryFault; readonly streams?: number }

const port = parentPort
if (!port) throw new Error('runs as a worker thread')

const check = new EntryCheck(workerData as string)
let broken = false

port.on('message', (chunk: EntryChunk | 'end') => {
  const result = broken ? undefined : chunk === 'end' ? check.end() : check.add(chunk)
  broken ||= typeof result === 'object'
  const checked: ChunkResult =
    typeof result === 'object' ? { fault: result } : { ...(result && { streams: result }) }
  port.postMessage(checked)
  if (chunk === 'end') port.close()
})
