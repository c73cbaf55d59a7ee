import { Type } from 'typebox'
import { event } from './declaration.ts'
import { code, date, level, reason, title } from './fields.ts'

const closed = { additionalProperties: false }
const stream = { kind: 'framework', id: 'frameworkId' } as const
const named = Type.Object({ framework: code, competency: code }, closed)

/** A text of up to 2000 characters, in Indonesian. */
const description = Type.String({ minLength: 1, maxLength: 2000 })

/** As version 1 has it, in the event of the dictionary itself. */
const listed = Type.Object(
  {
    code,
    title,
    /** The three kinds of a position's standard (PermenPANRB 38/2017). */
    kind: Type.Enum(['manajerial', 'sosial-kultural', 'teknis']),
  },
  closed,
)

const framework = {
  frameworkId: code,
  title,
  /** The regulation that it is from, as `PermenPANRB 38/2017`. */
  legalBasis: reason,
  validFrom: date,
  /** Made up, to show how a dictionary looks. */
  sample: Type.Boolean(),
}

const publishedV1 = Type.Object(
  { ...framework, competencies: Type.Array(listed, { minItems: 1, maxItems: 500 }) },
  closed,
)

/**
 * A competency dictionary. Stream `framework/<frameworkId>`; a change is one with its own id. As
 * many events CompetencyDefined as `defined` says follow in the same append.
 */
const published = Type.Object(
  {
    ...framework,
    description: Type.Optional(description),
    /** How sure its content is: seen in the regulation, second-hand, or assumed. */
    certainty: Type.Optional(Type.Enum(['seen', 'second-hand', 'assumed'])),
    /** What its versions have in common; its own id in a dictionary that has no other version. */
    series: code,
    /** What people call this version, as `2026`. */
    version: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
    /** The dictionary that it follows. Both stay. */
    replaces: Type.Optional(code),
    /** The affair of government that it is of (rumpun urusan), with BKN's short code. */
    affair: Type.Optional(Type.Object({ id: code, title }, closed)),
    /** The names of its levels, from the least. Without any, nobody is rated by it. */
    scale: Type.Array(Type.Object({ level, title }, closed), { maxItems: 5 }),
    defined: Type.Integer({ minimum: 0, maximum: 900 }),
    /** The competencies of a dictionary that was published in version 1 of this event. */
    competencies: Type.Optional(Type.Array(listed, { maxItems: 500 })),
  },
  closed,
)

/** One of the competencies that a dictionary was published with. Same stream. */
const defined = Type.Object(
  {
    frameworkId: code,
    code,
    title,
    /** The kinds of a standard, or `perilaku`: conduct that is observed, and has no levels. */
    kind: Type.Enum(['manajerial', 'sosial-kultural', 'teknis', 'perilaku']),
    description: Type.Optional(description),
    /** The title of what it is listed under, as the value that a conduct belongs to. */
    group: Type.Optional(title),
    /** What is seen when somebody is at a level. */
    levels: Type.Optional(
      Type.Array(
        Type.Object(
          {
            level,
            description: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
            indicators: Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
              minItems: 1,
              maxItems: 20,
            }),
          },
          closed,
        ),
        { minItems: 1, maxItems: 5 },
      ),
    ),
    /** What the dictionary that it was imported from calls it: the identifier of a CFItem. */
    identifier: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  closed,
)

/** From a day on nobody is rated at a competency any more. Same stream; the last one counts. */
const retired = Type.Object(
  {
    frameworkId: code,
    competency: code,
    since: date,
    reason,
    /** The competency that is rated in its place. */
    successor: Type.Optional(named),
  },
  closed,
)

/** What a competency is to one of another dictionary. Same stream; the last of a pair counts. */
const equated = Type.Object(
  {
    frameworkId: code,
    competency: code,
    /** What the other is to this one; `none` takes back what was said. */
    relation: Type.Enum(['same', 'broader', 'narrower', 'none']),
    other: named,
    reason,
  },
  closed,
)

/** What a dictionary of version 1 leaves unsaid: the five levels (PermenPANRB 38/2017). */
const levelsOfV1 = ['Paham/dalam pengembangan', 'Dasar', 'Menengah', 'Mumpuni', 'Ahli']

const relations = {
  same: 'sama dengan',
  broader: 'lebih sempit dari',
  narrower: 'lebih luas dari',
  none: 'tidak setara lagi dengan',
} as const

const relationsInEnglish = {
  same: 'the same as',
  broader: 'narrower than',
  narrower: 'broader than',
  none: 'no equivalent any more of',
} as const

export const frameworkEvents = {
  FrameworkPublished: event({
    version: 2,
    older: [
      {
        schema: publishedV1,
        upcast: data => ({
          ...data,
          series: data['frameworkId'],
          scale: levelsOfV1.map((title, at) => ({ level: at + 1, title })),
          defined: 0,
        }),
      },
    ],
    schema: published,
    stream,
    about: 'nobody',
    day: 'validFrom',
    summary: [],
    sentence: ({ title }) => ({
      en: `the dictionary ${title} was published`,
      id: `kamus ${title} diterbitkan`,
    }),
  }),
  CompetencyDefined: event({
    version: 1,
    schema: defined,
    stream,
    about: 'nobody',
    day: 'timeless',
    summary: ['code'],
    sentence: ({ frameworkId, title }) => ({
      en: `the dictionary ${frameworkId} has ${title}`,
      id: `kamus ${frameworkId} memuat ${title}`,
    }),
  }),
  CompetencyRetired: event({
    version: 1,
    schema: retired,
    stream,
    about: 'nobody',
    day: 'since',
    summary: ['competency'],
    sentence: ({ frameworkId, competency, since, reason }) => ({
      en: `${competency} of ${frameworkId} is not rated from ${since} on: ${reason}`,
      id: `${competency} dari ${frameworkId} tidak dinilai lagi mulai ${since}: ${reason}`,
    }),
  }),
  CompetencyEquated: event({
    version: 1,
    schema: equated,
    stream,
    about: 'nobody',
    day: 'timeless',
    summary: ['competency', 'relation'],
    sentence: ({ frameworkId, competency, relation, other }) => ({
      en:
        `${competency} of ${frameworkId} is ${relationsInEnglish[relation]} ` +
        `${other.competency} of ${other.framework}`,
      id:
        `${competency} dari ${frameworkId} ${relations[relation]} ` +
        `${other.competency} dari ${other.framework}`,
    }),
  }),
}
