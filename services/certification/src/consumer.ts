import type { ConsumerDeclaration } from '@jejak/consumer/consume'
import { certificationEvents } from '@jejak/events/certification'
import { certificationProjector } from './projector.ts'
import { projectionName } from './read-model.ts'

/** Keeps the documents that certificates are decided on. */
export const certificationConsumer = {
  service: 'certification',
  events: certificationEvents,
  logs: ['enrollment', 'assessment'],
  projector: certificationProjector,
  projection: async () => projectionName,
} as const satisfies ConsumerDeclaration
