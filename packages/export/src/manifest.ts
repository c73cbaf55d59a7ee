import { hash } from 'node:crypto'
import { sha256Pattern, storedUuidPattern } from '@jejak/events/patterns'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { type ExportKind, formats } from './kind.ts'
import { exportKinds } from './kinds.ts'

export const manifestName = 'manifest.json'

/** Written last: a folder with it is complete. */
export const noteName = 'manifest.json.note'

const closed = { additionalProperties: false }
const count = Type.Integer({ minimum: 0 })
/** Ten times what a million rows take. Whoever verifies an export reads no more of a file. */
const fileBytesMax = 2 ** 31 - 1
const sha256 = Type.String({ pattern: sha256Pattern })

/** How much of a log was known. The checkpoint is a signed note. */
const head = Type.Object(
  {
    log: Type.String({ pattern: '^[a-z][a-z0-9-]*$', maxLength: 64 }),
    vkey: Type.String({ minLength: 1, maxLength: 1_000 }),
    checkpoint: Type.String({ minLength: 1, maxLength: 100_000 }),
  },
  closed,
)
export type ManifestHead = Static<typeof head>

const file = Type.Object(
  {
    /** A plain name: a manifest from elsewhere must not name a place outside its folder. */
    file: Type.String({ pattern: '^[a-z][a-z0-9-]*\\.(csv|xlsx|jsonl)$', maxLength: 100 }),
    format: Type.Enum(formats),
    sha256,
    bytes: Type.Integer({ minimum: 0, maximum: fileBytesMax }),
    /** Without the header. */
    rows: count,
  },
  closed,
)

/**
 * The parameters of the export: codes, days and numbers. A name does not fit, because it has
 * spaces, nor a NIP or NIK of sixteen digits or more: people who may not see the rows can see a
 * manifest.
 */
const asked = Type.Union([
  Type.String({ pattern: '^(?!.*[0-9]{16})[A-Za-z0-9:.+_-]*$', maxLength: 64 }),
  Type.Integer({ minimum: -999_999_999, maximum: 999_999_999 }),
])

type Kinds = readonly Pick<ExportKind, 'name'>[]

const nameOf = (kinds: Kinds) => {
  const names = kinds.map(({ name }) => Type.Literal(name))
  return names.length === 1 && names[0] ? names[0] : Type.Union(names)
}

/** Lists the files of an export, and how far the logs were known. No personal data. */
const schemaOf = (kinds: Kinds) =>
  Type.Object(
    {
      manifest: Type.Literal('jejak-export-v1'),
      name: nameOf(kinds),
      exportId: Type.String({ pattern: storedUuidPattern }),
      /** RFC 3339. */
      madeAt: Type.String({ format: 'date-time' }),
      query: Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]{0,31}$' }), asked),
      fields: Type.Array(Type.String({ pattern: '^[A-Za-z]{1,64}$' }), {
        minItems: 1,
        maxItems: 64,
      }),
      files: Type.Array(file, { maxItems: 16 }),
      heads: Type.Array(head, { maxItems: 16 }),
      /** Its key signs the note. It proves nothing by itself: compare it with one that you had. */
      vkey: Type.String({ minLength: 1, maxLength: 1_000 }),
      /** The SHA-256 of the manifest that this one supersedes. */
      supersedes: Type.Optional(sha256),
    },
    closed,
  )

export const manifestSchema = schemaOf(exportKinds)
export type Manifest = Static<typeof manifestSchema>

const compiledSchema = Compile(manifestSchema)

/** The first thing that is not as the schema says, as `/query/unit must match pattern`. */
export const checkManifest = (value: unknown, kinds: Kinds = exportKinds): string | undefined => {
  const compiled = kinds === exportKinds ? compiledSchema : Compile(schemaOf(kinds))
  if (compiled.Check(value)) return undefined
  const [error] = compiled.Errors(value)
  return `${error?.instancePath || 'it'} ${error?.message}`
}

/**
 * JSON in the form of RFC 8785. Members are sorted by UTF-16 code units and what has no value is
 * left out; for strings and numbers the RFC takes the text that ECMAScript makes.
 */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'string' && !value.isWellFormed()) throw new RangeError('half a character')
    return JSON.stringify(value)
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

/** Identifies the manifest: a note signs it, and a later export supersedes it. */
export const manifestSha256 = (manifest: Manifest): string =>
  hash('sha256', canonicalJson(manifest))
