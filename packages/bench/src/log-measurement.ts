import { type SubjectName, subjects } from './subjects/all.ts'
import {
  type BenchAppend,
  freshStream,
  type Ids,
  makeAppend,
  type StoragePlace,
  type Subject,
} from './subjects/subject.ts'

/** One measurement, made in a process of its own. */
export type LogTask = { readonly subject: SubjectName; readonly place: StoragePlace } & LogMeasure

export type LogMeasure =
  /** Single events to fresh streams. */
  | ({ readonly measure: 'append'; readonly clients: number; readonly ids: Ids } & Window)
  /** Single events to one stream that has `there` events already. */
  | ({ readonly measure: 'stream'; readonly there: number } & Window)
  /** New appends, then the same again after a restart. */
  | { readonly measure: 'known'; readonly events: number; readonly clients: number }
  /** Not measured: stores events for the next measurement. */
  | { readonly measure: 'fill'; readonly events: number; readonly perStream: number }
  | { readonly measure: 'replay'; readonly events: number; readonly proven: boolean }

/** The measured values, in appends/s, events/s and MiB. */
export type LogFigures = {
  readonly [Value in 'appends' | 'first' | 'known' | 'events' | 'early' | 'peak']?: number
}

export const measureLog = async (task: LogTask): Promise<LogFigures> => {
  const open = () => subjects[task.subject](task.place)
  if (task.measure === 'known') return appendTwice(open, task.events, task.clients)
  const subject = await open()
  try {
    if (task.measure === 'append') return await append(subject, task)
    if (task.measure === 'stream') return await stream(subject, task)
    if (task.measure === 'fill') return await fill(subject, task)
    return await replay(subject, task)
  } finally {
    await subject.close()
  }
}

const append = async (subject: Subject, task: LogTask & { readonly measure: 'append' }) => {
  await subject.append(makeAppend(task.ids)) // Makes tables and connections.
  const clients = Array.from({ length: task.clients }, () => () => makeAppend(task.ids))
  return { appends: await appendFor(subject, clients, task) }
}

const stream = async (subject: Subject, task: LogTask & { readonly measure: 'stream' }) => {
  const name = freshStream()
  let version = 0
  const next = () => makeAppend('v7', name, version++)
  while (version < task.there) {
    const batch = Math.min(500, task.there - version)
    await subject.appendAll(Array.from({ length: batch }, next))
  }
  return { appends: await appendFor(subject, [next], task) }
}

const appendTwice = async (open: () => Promise<Subject>, events: number, clients: number) => {
  const requests = Array.from({ length: events }, () => makeAppend())
  const once = async () => {
    const subject = await open()
    try {
      return await appendEach(subject, requests, clients)
    } finally {
      await subject.close()
    }
  }
  return { first: await once(), known: await once() }
}

const fill = async (subject: Subject, task: LogTask & { readonly measure: 'fill' }) => {
  if (task.perStream === 1) {
    await appendEach(subject, fresh(task.events), 1_000)
  } else {
    for (let there = 0; there < task.events; there += task.perStream) {
      const name = freshStream()
      const requests = Array.from({ length: task.perStream }, (_, n) => makeAppend('v7', name, n))
      await subject.appendAll(requests)
    }
  }
  return {}
}

function* fresh(events: number): Generator<BenchAppend> {
  for (let n = 0; n < events; n++) yield makeAppend()
}

const kibInMib = 1024

const replay = async (subject: Subject, task: LogTask & { readonly measure: 'replay' }) => {
  const { events, proven } = task
  const read = proven ? subject.prove : subject.replay
  if (!read) throw new Error(`${task.subject} has nothing to prove`)
  let total = 0
  let early = 0
  const start = performance.now()
  await read(seen => {
    total = seen
    // After a tenth a reader has all the memory that it needs, if its need does not grow.
    if (early === 0 && seen >= events / 10) early = process.resourceUsage().maxRSS / kibInMib
  })
  const seconds = (performance.now() - start) / 1_000
  if (total !== events) throw new Error(`${total} of ${events} events were replayed`)
  return { events: total / seconds, early, peak: process.resourceUsage().maxRSS / kibInMib }
}

type Window = { readonly warmupSeconds: number; readonly seconds: number }

/**
 * A closed loop: each client sends its next append when its last one is answered. Answers how many
 * a second were answered within the window, which opens after the warm-up.
 */
const appendFor = async (
  subject: Subject,
  clients: readonly (() => BenchAppend)[],
  { warmupSeconds, seconds }: Window,
): Promise<number> => {
  const opens = performance.now() + warmupSeconds * 1_000
  const closes = opens + seconds * 1_000
  let answered = 0
  const run = async (next: () => BenchAppend) => {
    for (let now = 0; now < closes; ) {
      await subject.append(next())
      now = performance.now()
      if (now >= opens && now < closes) answered++
    }
  }
  await Promise.all(clients.map(run))
  return answered / seconds
}

/** Appends each request once, from so many clients. Answers how many a second were answered. */
const appendEach = async (
  subject: Subject,
  requests: Iterable<BenchAppend>,
  clients: number,
): Promise<number> => {
  const start = performance.now()
  const rest = Iterator.from(requests)
  let answered = 0
  // The clients share one iterator: each takes the next request when it has an answer.
  const run = async () => {
    for (const request of rest) {
      await subject.append(request)
      answered++
    }
  }
  await Promise.all(Array.from({ length: clients }, run))
  return (answered / (performance.now() - start)) * 1_000
}
