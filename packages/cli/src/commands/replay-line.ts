import type { Event } from './replay-source.ts'

/** One line of JSON. An entry is JSON on one line itself, and goes in byte for byte. */
export const jsonOf = ({ service, position, entry }: Event): string =>
  `{"service":${JSON.stringify(service)},"position":${position},"event":${textOf(entry)}}`

/** One line to read: where, when, what, about what, and on whose part. */
export const columnsOf = ({ service, position, entry }: Event): string => {
  const { time, type, subject, agency, correlationid } = JSON.parse(textOf(entry))
  const where = `${service.padEnd(13)} ${String(position).padStart(7)}`
  const when = String(time).replace('T', ' ').slice(0, 19)
  const what = String(type).replace(/^jejak\.\w+\./, '')
  const whose = agency ?? (correlationid ? `call ${correlationid}` : '')
  return `${where}  ${when}  ${what.padEnd(26)}  ${String(subject).padEnd(47)}  ${whose}`
    .replace(/\p{Cc}/gu, ' ') // What comes from others must not steer a terminal.
    .trimEnd()
}

const textOf = (entry: Uint8Array): string => Buffer.from(entry).toString('utf8')
