import { certificationEvents } from '@jejak/events/certification'
import { fold } from '@jejak/eventsourcing/decider'
import type { EventLog } from '@jejak/eventsourcing/log'
import { type Certificate, certificate } from './certificate.ts'

export const streamOf = (certificateId: string): string => `certificate/${certificateId}`

/** Certificates as the log has them now, in the order of the ids. */
export const readCertificates = async (
  log: Pick<EventLog, 'readStreams'>,
  ids: readonly string[],
): Promise<readonly Certificate[]> => {
  const pages = await log.readStreams(ids.map(id => ({ stream: streamOf(id) })))
  // One page each: a certificate is issued and revoked, and nothing else happens to it.
  return pages.map(({ events }) =>
    fold(
      certificate,
      certificate.initial,
      events.flatMap(({ entry }) => certificationEvents.read(entry) ?? []),
    ),
  )
}
