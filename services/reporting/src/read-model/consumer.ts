import type { ConsumerDeclaration } from '@jejak/consumer/consume'
import { reportingEvents } from '@jejak/events/reporting'
import { projector } from './projector.ts'
import { openReadModel } from './versions.ts'

/** Keeps the read model that is in use; reporting's own log has a part of the read audit. */
export const reportingConsumer = {
  service: 'reporting',
  events: reportingEvents,
  logs: ['reporting', 'enrollment', 'assessment', 'certification'],
  projector,
  projection: store => openReadModel(store).active(),
} as const satisfies ConsumerDeclaration
