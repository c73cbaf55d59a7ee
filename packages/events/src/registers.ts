import { Type } from 'typebox'
import { event } from './declaration.ts'
import { code, date, reason, title } from './fields.ts'

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
}
