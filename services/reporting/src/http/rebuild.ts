// tidy: one file a resource, each with its schema, routes and handlers
import { authorise } from '@jejak/rpc/authorise'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { closed } from './fields.ts'
import type { HttpPorts } from './ports.ts'
import { route } from './route.ts'

/** As long as it takes to read every event there is. */
const rebuildWithinMs = 3_600_000

const rebuildRoute = {
  ...route({
    operationId: 'rebuild',
    tag: 'operation',
    summary: 'Builds what reports read anew from the logs',
    description: 'Answers when it is done. Until then reports read what there was.',
    answer: Type.Object({ rebuilt: Type.Literal(true) }, closed),
  }),
  handlerTimeout: rebuildWithinMs,
}

export const rebuildRoutes = (v1: FastifyInstance, ports: HttpPorts): void => {
  v1.post('/rebuild', rebuildRoute, rebuilding(ports))
}

const rebuilding =
  (ports: HttpPorts) =>
  async ({ call }: FastifyRequest) => {
    authorise(call, 'reporting.Rebuild', {})
    await ports.rebuild()
    return { rebuilt: true } as const
  }
