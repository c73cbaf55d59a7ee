import { authorise } from '@jejak/rpc/authorise'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { closed } from './fields.ts'
import type { HttpDesk } from './ports.ts'
import { route } from './routes.ts'

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
