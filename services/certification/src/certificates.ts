import { certificationEvents } from '@jejak/events/certification'
import { fold } from '@jejak/eventsourcing/decider'
import { decode } from '@jejak/eventsourcing/entry'
import type { EventLog } from '@jejak/eventsourcing/log'
import {
  type Codec,
  type Transact,
  type Transacted,
  transactor,
} from '@jejak/eventsourcing/transact'
import { type Certificate, type CertificateEvent, certificate } from './certificate.ts'

type Decide<R extends string> = Omit<Transact<Certificate, CertificateEvent, R>, 'stream'>

/** The certificates of a log, by id. */
export type Certificates = {
  /** As the log has them now, in the order of the ids. */
  readonly read: (ids: readonly string[]) => Promise<readonly Certificate[]>
  readonly transact: <R extends string>(id: string, decide: Decide<R>) => Promise<Transacted<R>>
}

export const openCertificates = (log: EventLog): Certificates => {
  const { transact } = transactor(log, certificate, codec)
  return {
    transact: (id, decide) => transact({ stream: streamOf(id), ...decide }),
    async read(ids) {
      const pages = await log.readStreams(ids.map(id => ({ stream: streamOf(id) })))
      // One page each: it is issued and revoked, and nothing else happens to it.
      return pages.map(({ events }) => {
        const happened = events.flatMap(({ entry }) => codec.lift(decode(entry), entry) ?? [])
        return fold(certificate, certificate.initial, happened)
      })
    },
  }
}

/** A certificate's stream has only events of its own kind. */
const codec = certificationEvents as Codec<CertificateEvent>

const streamOf = (id: string) => `certificate/${id}`
