// tidy: a hook of all routes, as call.ts; the table that it goes by is of all services
import { Readable } from 'node:stream'
import { type GivenPeople, type GivesOut, givenByReport } from '@jejak/rpc/gives-out'
import { givenFields } from '@jejak/rpc/implement'
import type { RouteOptions } from 'fastify'
import { purposeOf } from './call.ts'
import type { HttpPorts } from './ports.ts'

const rows: Readonly<Record<string, GivesOut>> = givenByReport

/**
 * The one place where it is recorded what a report gives out of people: before it is sent. The
 * handler of such a route answers with whose it is, or nothing is sent. Without a row a route is
 * not served at all.
 */
export const recordingGiven =
  ({ audit }: Pick<HttpPorts, 'audit'>) =>
  (route: RouteOptions): void => {
    const gives = route.config?.gives ?? ''
    const row = rows[gives]
    if (row === undefined) throw new Error(`${route.url}: no row says what it gives out of people`)
    if (row === 'nothing') return
    if (row === 'entries') throw new Error(`${route.url}: entries are given out over gRPC`)
    const { handler } = route
    route.handler = async function (request, reply) {
      const given = (await handler.call(this, request, reply)) as GivenPeople<unknown>
      if ((given as unknown) === reply) return reply // The caller has it already.
      if (!Array.isArray(given.asnIds)) throw new Error(`${gives} does not say whom it is about`)
      const fields = givenFields(row, given)
      try {
        await audit.people(request.call, { ...given, fields, ...purposeOf(request) })
      } catch (error) {
        if (given.answer instanceof Readable) given.answer.destroy()
        throw error
      }
      return given.answer
    }
  }
