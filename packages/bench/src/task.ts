import { appendEach, appendFor, type Window } from './load.ts'
import { type SubjectName, subjects } from './subjects/all.ts'
import {
  freshStream,
  type Ids,
  makeOrder,
  type Order,
  type Place,
  type Subject,
} from './subjects/subject.ts'

/** What one process measures once. */
export type Task = { readonly subject: SubjectName; readonly place: Place } & Measure

export type Measure =
  /** Single events to fresh streams. */
  | ({ readonly measure: 'append'; readonly clients: number; readonly ids: Ids } & Window)
  /** Single events to one stream that has so many already. */
  | ({ readonly measure: 'stream'; readonly there: number } & Window)
  /** New appends, then the same again after a restart. */
  | { readonly measure: 'known'; readonly events: number; readonly clients: number }
  /** Not measured: stores events for what is measured next. */
  | { readonly measure: 'fill'; readonly events: number; readonly perStream: number }
  | { readonly measure: 'replay'; readonly events: number; readonly proven: boolean }

/** Values by what they are: appends/s, events/s, MiB. */
export type Answer = {
  readonly [Value in 'appends' | 'first' | 'known' | 'events' | 'early' | 'peak']?: number
}

export const perform = async (task: Task): Promise<Answer> => {
  const open = () => subjects[task.subject](task.place)
  if (task.measure === 'known') return known(open, task.events, task.clients)
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

const append = async (subject: Subject, task: Task & { readonly measure: 'append' }) => {
  await subject.append(makeOrder(task.ids)) // Tables, collections and connections are there now.
  const clients = Array.from({ length: task.clients }, () => () => makeOrder(task.ids))
  return { appends: await appendFor(subject, clients, task) }
}

const stream = async (subject: Subject, task: Task & { readonly measure: 'stream' }) => {
  const name = freshStream()
  let version = 0
  const next = () => makeOrder('v7', name, version++)
  while (version < task.there) {
    const batch = Math.min(500, task.there - version)
    await subject.appendAll(Array.from({ length: batch }, next))
  }
  return { appends: await appendFor(subject, [next], task) }
}

const known = async (open: () => Promise<Subject>, events: number, clients: number) => {
  const orders = Array.from({ length: events }, () => makeOrder())
  const once = async () => {
    const subject = await open()
    try {
      return await appendEach(subject, orders, clients)
    } finally {
      await subject.close()
    }
  }
  return { first: await once(), known: await once() }
}

const fill = async (subject: Subject, task: Task & { readonly measure: 'fill' }) => {
  if (task.perStream === 1) {
    await appendEach(subject, fresh(task.events), 1_000)
  } else {
    for (let there = 0; there < task.events; there += task.perStream) {
      const name = freshStream()
      const orders = Array.from({ length: task.perStream }, (_, n) => makeOrder('v7', name, n))
      await subject.appendAll(orders)
    }
  }
  return {}
}

function* fresh(events: number): Generator<Order> {
  for (let n = 0; n < events; n++) yield makeOrder()
}

const kibInMib = 1024

const replay = async (subject: Subject, task: Task & { readonly measure: 'replay' }) => {
  const { events, proven } = task
  const read = proven ? subject.prove : subject.replay
  if (!read) throw new Error(`${task.subject} has nothing to prove`)
  let total = 0
  let early = 0
  const start = performance.now()
  await read(seen => {
    total = seen
    // What a reader needs is there after a tenth: a flat one needs no more for the rest.
    if (early === 0 && seen >= events / 10) early = process.resourceUsage().maxRSS / kibInMib
  })
  const seconds = (performance.now() - start) / 1_000
  if (total !== events) throw new Error(`${total} of ${events} events were replayed`)
  return { events: total / seconds, early, peak: process.resourceUsage().maxRSS / kibInMib }
}
