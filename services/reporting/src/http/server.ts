import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifyInstance, FastifyPluginAsync, FastifyServerOptions } from 'fastify'
import { agencyRoutes } from './agency.ts'
import { admit, failing } from './call.ts'
import { contestRoutes } from './contests.ts'
import { gapRoutes } from './gaps.ts'
import { recordingGiven } from './given.ts'
import { historyRoutes } from './history.ts'
import { hourRoutes } from './hours.ts'
import { ipAsnRoutes } from './ip-asn.ts'
import { personRoutes } from './person.ts'
import type { HttpPorts } from './ports.ts'
import { readerRoutes } from './readers.ts'
import { rebuildRoutes } from './rebuild.ts'
import { checkRequest } from './request-check.ts'
import { tags } from './route.ts'
import { rulePreviewRoutes } from './rule-preview.ts'

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
    // Sends what the handlers answer. A field that the schema lacks is a fault: it is not dropped.
    app.setSerializerCompiler(() => JSON.stringify)
    app.setValidatorCompiler(() => () => true) // `checkRequest` checks all parts at once.
    await app.register(swagger, description)
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
    await app.register(async v1 => addRoutes(v1, ports), { prefix: '/v1' })
  }

const addRoutes = async (v1: FastifyInstance, ports: HttpPorts): Promise<void> => {
  v1.removeContentTypeParser('text/plain')
  v1.setErrorHandler(failing(ports))
  v1.setNotFoundHandler((request, reply) => failing(ports)(notFound, request, reply))
  v1.addHook('onRequest', admit(ports))
  v1.addHook('preValidation', checkRequest)
  v1.addHook('onRoute', recordingGiven(ports))
  personRoutes(v1, ports)
  historyRoutes(v1, ports)
  readerRoutes(v1, ports)
  agencyRoutes(v1, ports)
  gapRoutes(v1, ports)
  rulePreviewRoutes(v1, ports)
  ipAsnRoutes(v1, ports)
  contestRoutes(v1, ports)
  hourRoutes(v1, ports)
  rebuildRoutes(v1, ports)
  if (ports.exports) await v1.register(ports.exports)
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
