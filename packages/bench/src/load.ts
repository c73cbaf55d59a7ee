import type { Order, Subject } from './subjects/subject.ts'

export type Window = { readonly warmupSeconds: number; readonly seconds: number }

/**
 * A closed loop: each client sends its next append when its last one is answered. Answers how many
 * a second were answered within the window, which opens after the warm-up.
 */
export const appendFor = async (
  subject: Subject,
  clients: readonly (() => Order)[],
  { warmupSeconds, seconds }: Window,
): Promise<number> => {
  const opens = performance.now() + warmupSeconds * 1_000
  const closes = opens + seconds * 1_000
  let answered = 0
  const run = async (next: () => Order) => {
    for (let now = 0; now < closes; ) {
      await subject.append(next())
      now = performance.now()
      if (now >= opens && now < closes) answered++
    }
  }
  await Promise.all(clients.map(run))
  return answered / seconds
}

/** Appends each of the orders once, from so many clients: how many a second were answered. */
export const appendEach = async (
  subject: Subject,
  orders: Iterable<Order>,
  clients: number,
): Promise<number> => {
  const start = performance.now()
  const rest = Iterator.from(orders)
  let answered = 0
  // The clients share one iterator: each takes the next order when it has an answer.
  const run = async () => {
    for (const order of rest) {
      await subject.append(order)
      answered++
    }
  }
  await Promise.all(Array.from({ length: clients }, run))
  return (answered / (performance.now() - start)) * 1_000
}
