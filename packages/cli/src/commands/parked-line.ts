import type { Parked } from '@jejak/proto/jejak/parked/v1/parked'

/** A parked stream, and the service that has stopped hearing of it. */
export type ParkedAt = { readonly service: string } & Pick<
  Parked,
  'log' | 'stream' | 'version' | 'reason' | 'attempts' | 'since'
>

export const parkedAt = (
  service: string,
  { log, stream, version, reason, attempts, since }: Parked,
): ParkedAt => ({ service, log, stream, version, reason, attempts, since })

/** To read: who, what and where, and below it why and since when. */
export const parkedLines = ({ service, log, stream, version, ...parked }: ParkedAt): string =>
  [
    `${service.padEnd(13)} ${log.padEnd(13)} ${stream}  version ${version}`,
    `  since ${parked.since}, tried ${parked.attempts} ${parked.attempts === 1 ? 'time' : 'times'}`,
    `  ${parked.reason}`,
  ]
    .map(harmless)
    .join('\n')

/** What comes from others must not steer a terminal. */
export const harmless = (line: string): string => line.replace(/\p{Cc}/gu, ' ')
