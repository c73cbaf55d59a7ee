import { Type } from 'typebox'
import { event } from './declaration.ts'
import { code, date, reason, sha256, title } from './fields.ts'

const closed = { additionalProperties: false }

/** An agency is on the register. Stream `agency/<code>`, as all that is about one. */
const agencyRegistered = Type.Object(
  {
    agency: code,
    title,
    /** Its first day. */
    since: date,
    /** The regulation that made it. */
    basis: reason,
  },
  closed,
)

/** The agency has another name from a day on, and the same code. */
const agencyRenamed = Type.Object({ agency: code, title, since: date, basis: reason }, closed)

/** The agency is none from a day on. */
const agencyClosed = Type.Object(
  {
    agency: code,
    /** The first day without it. */
    since: date,
    /** Code of the agency that it was merged into: it has the rights of this one from then on. */
    successor: Type.Optional(code),
    basis: reason,
  },
  closed,
)

/** The agency was not closed: what was recorded of its end was wrong. */
const agencyClosingWithdrawn = Type.Object({ agency: code, basis: reason }, closed)

/**
 * Rules of the field are in force from a day on: a file as an analyst has written it. Stream
 * `rule-set/<kind>`. The latest set that had begun holds; of one day that which was recorded last.
 */
const ruleSetAdopted = Type.Object(
  {
    /** Kind of rules, as `hours`. */
    kind: code,
    /** Stands for one file for ever. */
    ruleSetId: code,
    /** The first day on which it holds. */
    validFrom: date,
    legalBasis: reason,
    certainty: Type.Enum(['seen', 'second-hand', 'assumed']),
    /** Of the bytes of the file, as `sha256sum` shows it. */
    sha256,
    /** The text of the file, YAML 1.2 in UTF-8. */
    content: Type.String({ minLength: 1, maxLength: 49_152 }),
  },
  closed,
)

const agency = { kind: 'agency', id: 'agency' } as const

/** Events of the registers that HR keeps: of what other events may name. */
export const registerEvents = {
  AgencyRegistered: event({
    version: 1,
    schema: agencyRegistered,
    stream: agency,
    about: 'nobody',
    day: 'since',
    summary: ['agency'],
    sentence: ({ agency, title }) => ({
      en: `${agency} is ${title}`,
      id: `${agency} adalah ${title}`,
    }),
  }),
  AgencyRenamed: event({
    version: 1,
    schema: agencyRenamed,
    stream: agency,
    about: 'nobody',
    day: 'since',
    summary: ['agency'],
    sentence: ({ agency, title }) => ({
      en: `${agency} is called ${title}`,
      id: `${agency} berganti nama menjadi ${title}`,
    }),
  }),
  RuleSetAdopted: event({
    version: 1,
    schema: ruleSetAdopted,
    stream: { kind: 'rule-set', id: 'kind' },
    about: 'nobody',
    day: 'validFrom',
    summary: ['kind', 'ruleSetId'],
    sentence: ({ kind, ruleSetId, validFrom }) => ({
      en: `the rules ${ruleSetId} of ${kind} hold from ${validFrom} on`,
      id: `aturan ${ruleSetId} tentang ${kind} berlaku sejak ${validFrom}`,
    }),
  }),
  AgencyClosed: event({
    version: 1,
    schema: agencyClosed,
    stream: agency,
    about: 'nobody',
    day: 'since',
    summary: ['agency', 'successor'],
    sentence: ({ agency, successor }) =>
      successor === undefined
        ? { en: `${agency} was closed`, id: `${agency} dihapus` }
        : {
            en: `${agency} was merged into ${successor}`,
            id: `${agency} digabung ke ${successor}`,
          },
  }),
  AgencyClosingWithdrawn: event({
    version: 1,
    schema: agencyClosingWithdrawn,
    stream: agency,
    about: 'nobody',
    day: 'timeless',
    summary: ['agency'],
    sentence: ({ agency }) => ({
      en: `${agency} goes on, its closing was withdrawn`,
      id: `${agency} tetap ada, penghapusannya dibatalkan`,
    }),
  }),
}
