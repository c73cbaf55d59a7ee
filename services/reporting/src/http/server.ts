import swagger from '@fastify/swagger'
import { dayOf } from '@jejak/competency/calendar'
import { reportingEvents } from '@jejak/events/reporting'
import { recordingReads } from '@jejak/rpc/read-audit'
import type { FastifyInstance, FastifyPluginAsync, FastifyServerOptions } from 'fastify'
import { listingPeople, listingReaders, tellingGaps } from './agency.ts'
import { admit, failing } from './call.ts'
import { checkRequest } from './check.ts'
import { tellingHistory } from './history.ts'
import { gettingPerson, searchingPerson } from './person.ts'
import type { HttpDesk, HttpPorts } from './ports.ts'
import { rebuilding, rebuildRoute } from './rebuild.ts'
import { described, routes } from './routes.ts'

/** What the server that the plugin is registered with is to have. */
export const serverOptions = {
  /** For a request to arrive whole: who is slower holds a connection on purpose. */
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
    const desk: HttpDesk = { ...ports, today, recordRead }
    // Answers are as the handlers make them: what a schema lacks is a fault, and not left out.
    app.setSerializerCompiler(() => JSON.stringify)
    app.setValidatorCompiler(() => () => true) // Done by `check`, of all parts at once.
    await app.register(swagger, described)
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
    await app.register(async v1 => reports(v1, desk), { prefix: '/v1' })
  }

const reports = async (v1: FastifyInstance, desk: HttpDesk): Promise<void> => {
  v1.removeContentTypeParser('text/plain')
  v1.setErrorHandler(failing(desk))
  v1.setNotFoundHandler((request, reply) => failing(desk)(notFound, request, reply))
  v1.addHook('onRequest', admit(desk))
  v1.addHook('preValidation', checkRequest)
  v1.post('/people/search', routes.search, searchingPerson(desk))
  v1.get('/people/:asnId', routes.person, gettingPerson(desk))
  v1.get('/people/:asnId/history', routes.history, tellingHistory(desk))
  v1.get('/people/:asnId/reads', routes.readers, listingReaders(desk))
  v1.get('/agencies/:code/people', routes.people, listingPeople(desk))
  v1.get('/agencies/:code/gaps', routes.gaps, tellingGaps(desk))
  v1.post('/rebuild', rebuildRoute, rebuilding(desk))
  if (desk.exports) await v1.register(desk.exports)
}

const notFound = { code: 'FST_ERR_NOT_FOUND' }
