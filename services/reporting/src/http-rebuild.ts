import { authorise } from '@jejak/rpc/authorise'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { closed } from './http-fields.ts'
import type { HttpDesk } from './http-ports.ts'
import { route } from './http-routes.ts'

/** As long as it takes to read every event there is. */
const rebuildWithinMs = 3_600_000

export const rebuildRoute = {
  ...route({
    operationId: 'rebuild',
    tag: 'operation',
    summary: 'Builds what reports read anew from the logs',
    description: 'Answers when it is done. Until then reports read what there was.',
    answer: Type.Object({ rebuilt: Type.Literal(true) }, closed),
  }),
  handlerTimeout: rebuildWithinMs,
}

export const rebuilding =
  (desk: HttpDesk) =>
  async ({ call }: FastifyRequest) => {
    authorise(call, 'reporting.Rebuild', {})
    await desk.rebuild()
    return { rebuilt: true } as const
  }
