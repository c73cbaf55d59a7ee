import type { Message } from '@jejak/messaging/bus'

/**
 * What a bus keeps in order, and so what a gate counts. Over Kafka it is each stream, whatever
 * becomes of the others. Who reads a log itself has all of its events: there one cursor says as
 * much as one a stream, and it is the bus's own.
 */
export type CursorPer = 'log' | 'stream'

/** Whose cursor counts it. */
export const readerOf = (
  cursorPer: CursorPer,
  { log, stream }: Pick<Message, 'log' | 'stream'>,
): string => (cursorPer === 'log' ? log : `${log}/${stream}`)

/** As which it is counted, from 1. */
export const numberOf = (cursorPer: CursorPer, { position, version }: Message): number =>
  cursorPer === 'log' ? position + 1 : version
