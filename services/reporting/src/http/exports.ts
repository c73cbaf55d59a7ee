import { reportingEvents } from '@jejak/events/reporting'
import { type ExportKind, type Format, formats } from '@jejak/export/kind'
import { manifestSchema } from '@jejak/export/manifest'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Exports } from '../exports/exports.ts'
import type { PageQuery } from '../read-model/queries.ts'
import { closed, countField, keptCodeField, momentField, uuidField } from './fields.ts'
import { next, pages } from './page.ts'
import { route } from './route.ts'

/** A file of all completed courses takes longer than an answer about one person. */
const makeWithinMs = 600_000

const askOf = (formats: readonly Format[]) =>
  Type.Object(
    {
      /** Becomes the id of the export: sent again, it is answered with what was made then. */
      requestId: uuidField,
      format: Type.Enum([...formats], { title: formats.join(', ') }),
      unit: Type.Optional(keptCodeField),
      year: Type.Optional(Type.Integer({ minimum: 1900, maximum: 9999, title: 'a year, as 2026' })),
    },
    closed,
  )

const ofFile = Type.Object(
  { id: uuidField, file: Type.String({ maxLength: 100, title: 'a file of the manifest' }) },
  closed,
)

const made = Type.Object(
  {
    exportId: uuidField,
    manifest: manifestSchema,
    leftOut: Type.Object(
      { erased: countField, revoked: countField, incomplete: countField, double: countField },
      { ...closed, description: 'completed courses that are not in it' },
    ),
    lacking: Type.Array(
      Type.Object(
        {
          field: Type.String(),
          rows: countField,
          from: Type.Object({ en: Type.String(), id: Type.String() }, closed),
        },
        closed,
      ),
      { description: 'fields that the ministry needs and nobody has given, and who gives them' },
    ),
  },
  closed,
)

const mediaTypes: Readonly<Record<Format, string>> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  jsonl: 'application/jsonl',
}

/** The media type of a file of an export: its rows, its manifest or the note. */
const mediaTypeOf = (file: string): string => {
  const ending = file.slice(file.lastIndexOf('.') + 1)
  if (ending === 'note') return 'text/plain'
  return mediaTypes[ending as Format] ?? 'application/json'
}

const rowsIn = (format: Format) => Type.String({ description: `the rows, as ${format}` })

const { schema: recorded } = reportingEvents.declarations.ExportMade
const missing = Type.Array(
  Type.Object({ ...recorded.properties, recordedAt: momentField }, closed),
  {
    description: 'of the same page: what is recorded of those whose manifest is not there',
  },
)

const gone = { 404: 'there is no such export or file, or its rows are not kept any more' }

/** A kind has a route of its own, `POST /v1/exports/siasn-kursus`. */
const makeRoute = ({ name, summary, formats }: ExportKind) => ({
  ...route({
    operationId: `export${name.replaceAll(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase())}`,
    tag: 'exports',
    summary: `Makes a file of ${summary}`,
    body: askOf(formats),
    answer: made,
    problems: {
      404: 'it was made, and is not kept any more',
      409: 'requestId was used for an export of something else',
      413: 'the body is too large',
      415: 'the body is not JSON',
    },
  }),
  handlerTimeout: makeWithinMs,
  config: { gives: 'makeExport' } as const,
})

const routes = {
  list: route({
    operationId: 'listExports',
    tag: 'exports',
    summary: 'The manifests of exports, the latest first',
    querystring: pages,
    answer: Type.Object({ exports: Type.Array(manifestSchema), missing, next }, closed),
  }),
  get: route({
    operationId: 'getExport',
    tag: 'exports',
    summary: 'The manifest of an export',
    params: Type.Object({ id: uuidField }, closed),
    answer: manifestSchema,
    problems: gone,
  }),
  file: route({
    operationId: 'getExportFile',
    tag: 'exports',
    summary: 'A file of an export: its rows, manifest.json or manifest.json.note',
    description: 'That the rows are given out is recorded, of everybody who is in them.',
    params: ofFile,
    answer: manifestSchema,
    others: {
      'text/plain': Type.String({ description: 'manifest.json.note: c2sp.org/signed-note' }),
      ...Object.fromEntries(formats.map(format => [mediaTypes[format], rowsIn(format)])),
    },
    problems: gone,
  }),
}

type Ask = { readonly Body: Static<ReturnType<typeof askOf>> }
type Listing = { readonly Querystring: Partial<PageQuery> }
type OfOne = { readonly Params: { readonly id: string } }
type OfFile = { readonly Params: Static<typeof ofFile> }

/** The routes of exports. */
export const exportRoutes =
  (exports: Exports): FastifyPluginAsync =>
  async v1 => {
    const closing = new AbortController()
    let keeping: Promise<void> | undefined
    v1.addHook('onReady', async () => {
      keeping = exports.keepRows(closing.signal)
    })
    v1.addHook('onClose', async () => {
      closing.abort()
      await keeping
    })
    for (const kind of exports.kinds) {
      v1.post(`/exports/${kind.name}`, makeRoute(kind), async (request: FastifyRequest<Ask>) =>
        exports.make(request.call, kind, request.body),
      )
    }
    v1.get('/exports', routes.list, async (request: FastifyRequest<Listing>) =>
      exports.list(request.call, request.query),
    )
    v1.get('/exports/:id', routes.get, async (request: FastifyRequest<OfOne>) =>
      exports.get(request.call, request.params.id),
    )
    v1.get(
      '/exports/:id/:file',
      routes.file,
      async (request: FastifyRequest<OfFile>, reply: FastifyReply) => {
        const { id, file } = request.params
        const given = await exports.open(request.call, id, file)
        const type = mediaTypeOf(file)
        reply.type(type.startsWith('text/') ? `${type}; charset=utf-8` : type)
        return given
      },
    )
  }
