import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { dayOf } from '@jejak/competency/calendar'
import { reportingEvents } from '@jejak/events/reporting'
import { recordingReads } from '@jejak/rpc/read-audit'
import type { FastifyInstance, FastifyPluginAsync, FastifyServerOptions } from 'fastify'
import { agencyRoutes } from './agency.ts'
import { admit, failing } from './call.ts'
import type { HttpContext, HttpPorts } from './context.ts'
import { historyRoutes } from './history.ts'
import { personRoutes } from './person.ts'
import { readerRoutes } from './readers.ts'
import { rebuildRoutes } from './rebuild.ts'
import { checkRequest } from './request-check.ts'
import { tags } from './route.ts'

/** Options for the server that the plugin is registered with. */
export const serverOptions = {
  /** For a whole request to arrive: a slower client holds the connection on purpose. */
  requestTimeout: 15_000,
  bodyLimit: 16 * 1024,
  frameworkErrors: failing({}) as NonNullable<FastifyServerOptions['frameworkErrors']>,
} satisfies FastifyServerOptions

/** Reports over HTTP: the routes under `/v1`, and their description at `/openapi.json`. */
export const reportingHttp =
  (ports: HttpPorts): FastifyPluginAsync =>
  async app => {
    const today = () => dayOf(ports.clock())
    const { encode } = reportingEvents
    const recordRead = recordingReads({ log: ports.log, encode, today })
    const context: HttpContext = { ...ports, today, recordRead }
    // Sends what the handlers answer. A field that the schema lacks is a fault: it is not dropped.
    app.setSerializerCompiler(() => JSON.stringify)
    app.setValidatorCompiler(() => () => true) // `checkRequest` checks all parts at once.
    await app.register(swagger, description)
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
    await app.register(async v1 => addRoutes(v1, context), { prefix: '/v1' })
  }

const addRoutes = async (v1: FastifyInstance, context: HttpContext): Promise<void> => {
  v1.removeContentTypeParser('text/plain')
  v1.setErrorHandler(failing(context))
  v1.setNotFoundHandler((request, reply) => failing(context)(notFound, request, reply))
  v1.addHook('onRequest', admit(context))
  v1.addHook('preValidation', checkRequest)
  personRoutes(v1, context)
  historyRoutes(v1, context)
  readerRoutes(v1, context)
  agencyRoutes(v1, context)
  rebuildRoutes(v1, context)
  if (context.exports) await v1.register(context.exports)
}

const notFound = { code: 'FST_ERR_NOT_FOUND' }

const description: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Jejak: reports',
      version: '1',
      description: 'Histories of civil servants, each line with the event that it rests on.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: tags.map(name => ({ name })),
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
  },
}
