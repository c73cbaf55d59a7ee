import { Type } from 'typebox'
import { event } from './declaration.ts'
import { code, date, reason, sealed, uuid } from './fields.ts'

const closed = { additionalProperties: false }
const competency = { kind: 'competency', id: 'asnId' } as const

const about = { asnId: uuid, assessmentId: uuid }
const contest = { contestId: uuid, ...about }

const contestedV1 = Type.Object({ ...contest, statement: sealed }, closed)

/**
 * A civil servant says that an assessment of theirs is wrong. It counts until that is upheld. The
 * statement is a text of 1 to 2000 characters.
 */
const contested = Type.Object(
  {
    ...contest,
    statement: sealed,
    /**
     * The last day to decide it, by the rule set of the day on which it was filed. Without them: of
     * version 1, or no rules held on that day.
     */
    dueOn: Type.Optional(date),
    ruleSet: Type.Optional(code),
  },
  closed,
)

/** HR lets the person contest an assessment although the days for it are over. */
const lateAllowed = Type.Object(
  {
    ...about,
    /** The last day to contest it. */
    until: date,
    reason,
    /** The rules whose last day this sets aside. */
    ruleSet: Type.Optional(code),
  },
  closed,
)

/** Its last day has passed, and nobody has decided it. */
const overdue = Type.Object({ ...contest, dueOn: date }, closed)

const resolvedV1 = Type.Object({ ...contest, upheld: Type.Boolean(), reason }, closed)

/** The contest was decided, which ends it. */
const resolved = Type.Object(
  {
    ...contest,
    /** Decided for the civil servant: the assessment does not count any more. */
    upheld: Type.Boolean(),
    reason,
    /** Who decided: assessors by their ids, civil servants by a record. Empty in version 1. */
    panel: Type.Array(uuid, { maxItems: 25 }),
    /** The rules that the panel goes by. */
    ruleSet: Type.Optional(code),
  },
  closed,
)

/** It ends without a decision, and the assessment counts. */
const ended = Type.Object({ ...contest, because: Type.Enum(['erased']) }, closed)

const subjects = { person: 'asnId', assessment: 'assessmentId' } as const

/** What becomes of an assessment that somebody contests. */
export const contestEvents = {
  AssessmentContested: event({
    version: 2,
    older: [{ schema: contestedV1, upcast: contested => contested }],
    schema: contested,
    stream: competency,
    about: subjects,
    day: 'timeless',
    summary: ['dueOn'],
    sentence: ({ dueOn }) => ({
      en: `an assessment was contested${dueOn ? `, to be decided by ${dueOn}` : ''}`,
      id: `keberatan atas suatu asesmen${dueOn ? `, harus diputuskan sampai ${dueOn}` : ''}`,
    }),
  }),
  LateContestAllowed: event({
    version: 1,
    schema: lateAllowed,
    stream: competency,
    about: subjects,
    day: 'recorded',
    summary: ['until'],
    sentence: ({ until, reason }) => ({
      en: `an assessment may be contested late, until ${until}: ${reason}`,
      id: `keberatan atas suatu asesmen boleh terlambat, sampai ${until}: ${reason}`,
    }),
  }),
  ContestOverdue: event({
    version: 1,
    schema: overdue,
    stream: competency,
    about: subjects,
    day: 'recorded',
    summary: ['dueOn'],
    sentence: ({ dueOn }) => ({
      en: `the contest was not decided by ${dueOn}`,
      id: `keberatan belum diputuskan sampai ${dueOn}`,
    }),
  }),
  ContestResolved: event({
    version: 2,
    older: [{ schema: resolvedV1, upcast: data => ({ ...data, panel: [] }) }],
    schema: resolved,
    stream: competency,
    about: subjects,
    day: 'timeless',
    summary: [],
    sentence: ({ upheld, reason }) => ({
      en: `the contest was ${upheld ? 'upheld' : 'rejected'}: ${reason}`,
      id: `keberatan ${upheld ? 'diterima' : 'ditolak'}: ${reason}`,
    }),
  }),
  ContestEnded: event({
    version: 1,
    schema: ended,
    stream: competency,
    about: subjects,
    day: 'timeless',
    summary: [],
    sentence: () => ({
      en: 'the contest ended: the personal data of the person was erased',
      id: 'keberatan berakhir: data pribadi orangnya dihapus',
    }),
  }),
}
