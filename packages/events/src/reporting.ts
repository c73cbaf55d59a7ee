import { Type } from 'typebox'
import { catalogueOf, event } from './declaration.ts'
import { versionDiscarded } from './discard.ts'
import { code, sha256, uuid } from './fields.ts'
import { readAudit } from './read-audit.ts'

const closed = { additionalProperties: false }
const count = Type.Integer({ minimum: 0 })

const made = {
  exportId: uuid,
  /** As `siasn-kursus`. */
  name: code,
  /** The parameters of the export beside its name; without them it has all that there is. */
  query: Type.Object(
    {
      /** Code of the agency (OPD) where people served that day. */
      unit: Type.Optional(code),
      year: Type.Optional(Type.Integer({ minimum: 1900, maximum: 9999 })),
    },
    closed,
  ),
  /** SHA-256 of the manifest, which names the files. */
  manifest: sha256,
  files: Type.Array(
    Type.Object(
      {
        file: Type.String({ pattern: '^[a-z][a-z0-9-]*\\.(csv|xlsx|jsonl)$', maxLength: 100 }),
        sha256,
        bytes: count,
        /** Without the header. */
        rows: count,
      },
      closed,
    ),
    { minItems: 1, maxItems: 16 },
  ),
  heads: Type.Array(
    Type.Object(
      { log: code, checkpoint: Type.String({ minLength: 1, maxLength: 10_000 }) },
      closed,
    ),
    { maxItems: 16 },
  ),
  /** SHA-256 of the manifest of the export that this one takes the place of. */
  supersedes: Type.Optional(sha256),
}

const leftOut = { erased: count, revoked: count, incomplete: count }

const exportMadeFirst = Type.Object({ ...made, leftOut: Type.Object(leftOut, closed) }, closed)

/**
 * A file for a ministry was made: what was asked, what is in it, and how far the logs were known.
 * Stream `export/<exportId>`. Its people are recorded when it is given out (`PersonalDataRead`).
 */
const exportMade = Type.Object(
  {
    ...made,
    /**
     * Completed courses that are not in it, by why: whose name was erased, whose certificate was
     * revoked, of which too little is known, and those that the person has in another row.
     */
    leftOut: Type.Object({ ...leftOut, double: count }, closed),
    /** Fields that the ministry needs and nobody has given, with the rows that lack them. */
    lacking: Type.Array(
      Type.Object({ field: Type.String({ pattern: '^[A-Za-z]{1,64}$' }), rows: count }, closed),
      { maxItems: 64 },
    ),
  },
  closed,
)

/** As an export of the first version is read: there was no count of doubles, nor of gaps. */
const upcast = (first: Readonly<Record<string, unknown>>) => ({
  ...first,
  leftOut: { ...(first['leftOut'] as object), double: 0 },
  lacking: [],
})

/** The events of Reporting. Stored for ever: add a version, never edit one. */
export const reportingEvents = catalogueOf('reporting', {
  ...readAudit,
  ExportMade: event({
    version: 2,
    schema: exportMade,
    older: [{ schema: exportMadeFirst, upcast }],
    stream: { kind: 'export', id: 'exportId' },
    about: 'nobody',
    day: 'recorded',
    summary: [],
    sentence: ({ name, manifest }) => ({
      en: `the export ${name} was made, manifest ${manifest}`,
      id: `ekspor ${name} dibuat, manifes ${manifest}`,
    }),
  }),
  VersionDiscarded: versionDiscarded,
})
