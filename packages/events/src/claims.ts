import { Type } from 'typebox'
import { event } from './declaration.ts'
import { reason, sealed, uuid } from './fields.ts'
import { postingFields, postingFieldsV1 } from './posting.ts'

const closed = { additionalProperties: false }
const claim = { kind: 'claim', id: 'claimId' } as const

/**
 * An agency says that somebody is its own whose NIP belongs to a record of another agency. Stream
 * `claim/<claimId>`. What it says of the person is sealed with the key of that record.
 */
const filed = {
  claimId: uuid,
  /** The record that has the NIP. */
  asnId: uuid,
  person: sealed,
  reason,
}

/** It has the claimant, and where the person is to be posted. */
const claimFiled = Type.Object({ ...filed, ...postingFields }, closed)
const claimFiledV1 = Type.Object({ ...filed, ...postingFieldsV1 }, closed)

/** How a claim ends: HR upholds or dismisses it, or the person was erased. */
export const claimOutcomes = ['upheld', 'dismissed', 'erased'] as const

/** If it is upheld, `EmployeePosted` follows, caused by this event. */
const claimDecided = Type.Object(
  { claimId: uuid, asnId: uuid, outcome: Type.Enum([...claimOutcomes]), reason },
  closed,
)

const outcomes = {
  upheld: { en: 'was upheld', id: 'dikabulkan' },
  dismissed: { en: 'was dismissed', id: 'ditolak' },
  erased: { en: 'ended with the erasure', id: 'berakhir karena penghapusan' },
}

/** The claims of agencies to people whom another agency has registered. */
export const claimEvents = {
  ClaimFiled: event({
    version: 2,
    older: [{ schema: claimFiledV1, upcast: filed => filed }],
    schema: claimFiled,
    stream: claim,
    about: { person: 'asnId' },
    day: 'recorded',
    summary: ['agency', 'position', 'since'],
    sentence: ({ agency, since, reason }) => ({
      en: `claimed by ${agency} from ${since} on: ${reason}`,
      id: `diklaim oleh ${agency} sejak ${since}: ${reason}`,
    }),
  }),
  ClaimDecided: event({
    version: 1,
    schema: claimDecided,
    stream: claim,
    about: { person: 'asnId' },
    day: 'recorded',
    summary: ['outcome'],
    sentence: ({ outcome, reason }) => ({
      en: `a claim ${outcomes[outcome].en}: ${reason}`,
      id: `sebuah klaim ${outcomes[outcome].id}: ${reason}`,
    }),
  }),
}
