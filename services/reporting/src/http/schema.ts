import { enrollmentEvents } from '@jejak/events/enrollment'
import { Type } from 'typebox'
import {
  asnId,
  closed,
  code,
  count,
  day,
  incomplete,
  moment,
  next,
  page,
  personal,
  uuid,
} from './fields.ts'

const posting = enrollmentEvents.declarations.EmployeePosted.schema

export const ofPerson = Type.Object({ asnId }, closed)
export const ofAgency = Type.Object({ code }, closed)
export const pages = Type.Object(page, closed)

export const search = Type.Object(
  {
    nip: Type.String({
      pattern: '^(\\s*\\d){18}\\s*$',
      title: '18 digits',
      description: 'NIP or NI PPPK, present or former; blanks are ignored',
    }),
  },
  closed,
)

export const person = Type.Object(
  {
    asnId,
    records: Type.Array(asnId, { description: 'all of the person, the surviving one first' }),
    status: Type.Enum(['active', 'erased']),
    agency: code,
    position: code,
    person: Type.Optional(personal),
    postings: Type.Array(posting),
    incomplete,
  },
  closed,
)

export const people = Type.Object(
  {
    people: Type.Array(
      Type.Object({ asnId, position: code, person: Type.Optional(personal) }, closed),
    ),
    next,
  },
  closed,
)

export const readers = Type.Object(
  {
    reads: Type.Array(
      Type.Object(
        {
          readId: uuid,
          time: moment,
          reader: Type.String({ description: 'the token of who has read' }),
          role: Type.String(),
          agency: Type.Optional(code),
          fields: Type.Array(Type.String()),
          purpose: Type.Optional(Type.String()),
        },
        closed,
      ),
      { description: 'the latest first' },
    ),
    next,
  },
  closed,
)

const competencyGap = {
  framework: code,
  competency: code,
  requiredLevel: count,
  above: count,
  at: count,
  below: count,
  unrated: count,
  meanLevel: Type.Optional(Type.Number({ description: 'of those who are rated' })),
}

export const gaps = Type.Object(
  {
    agency: code,
    asOf: day,
    people: count,
    incomplete: Type.Integer({ minimum: 0, description: 'people of whom not everything is known' }),
    positions: Type.Array(
      Type.Object(
        {
          position: code,
          people: count,
          standard: Type.Optional(
            Type.Object({ validFrom: day, legalBasis: Type.String() }, closed),
          ),
          competencies: Type.Array(Type.Object(competencyGap, closed)),
        },
        closed,
      ),
    ),
  },
  closed,
)
