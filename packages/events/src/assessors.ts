import { Type } from 'typebox'
import { event } from './declaration.ts'
import { date, level, reason, sealed, sha256, title, uuid } from './fields.ts'

const closed = { additionalProperties: false }
const assessor = { kind: 'assessor', id: 'assessorId' } as const

const time = {
  /** The first day on the register. */
  since: date,
  /** The last one, if it is known beforehand. */
  until: Type.Optional(date),
}

/** A civil servant assesses. Stream `assessor/<assessorId>`, as all that is about one. */
const assessorRegistered = Type.Object(
  {
    assessorId: uuid,
    /** The record that stood for them on that day. */
    asnId: uuid,
    ...time,
  },
  closed,
)

/** Somebody assesses who is no civil servant. Their name has a key of its own in the vault. */
const outsideAssessorRegistered = Type.Object(
  {
    assessorId: uuid,
    keyId: uuid,
    /** SHA-256 of `kc.v1` and the key, in hexadecimal. */
    commitment: sha256,
    name: sealed,
    ...time,
  },
  closed,
)

/** Whose record it is, of a civil servant. */
const asnId = Type.Optional(uuid)

/** Somebody has found that the assessor may assess (PerBKN 26/2019). */
const assessorAccredited = Type.Object(
  {
    assessorId: uuid,
    asnId,
    /** What it is called, or its number. */
    title,
    /** Who gave it. */
    issuer: title,
    /** The highest level that it holds for; all of them without one. */
    level: Type.Optional(level),
    since: date,
    /** Its last day. */
    until: Type.Optional(date),
  },
  closed,
)

/** The assessor is on the register until that day, whatever was recorded before. */
const assessorEnded = Type.Object({ assessorId: uuid, asnId, until: date, reason }, closed)

/** No end is set any more: what was recorded of one was wrong. */
const assessorEndWithdrawn = Type.Object({ assessorId: uuid, asnId, reason }, closed)

/** The key of a name was destroyed, or is about to be: it can't be read again. */
const assessorErased = Type.Object(
  {
    assessorId: uuid,
    keyId: uuid,
    /** Legal basis, as `UU 27/2022 Pasal 43`. */
    basis: reason,
  },
  closed,
)

/** The register of assessors: of whom assessments may name. */
export const assessorEvents = {
  AssessorRegistered: event({
    version: 1,
    schema: assessorRegistered,
    stream: assessor,
    about: { person: 'asnId' },
    day: 'since',
    summary: ['since', 'until'],
    sentence: ({ since }) => ({
      en: `assesses others from ${since} on`,
      id: `menjadi asesor sejak ${since}`,
    }),
  }),
  OutsideAssessorRegistered: event({
    version: 1,
    schema: outsideAssessorRegistered,
    stream: assessor,
    about: 'nobody',
    day: 'since',
    summary: ['since', 'until'],
    sentence: ({ since }) => ({
      en: `somebody who is no civil servant assesses from ${since} on`,
      id: `seseorang yang bukan ASN menjadi asesor sejak ${since}`,
    }),
  }),
  AssessorAccredited: event({
    version: 1,
    schema: assessorAccredited,
    stream: assessor,
    about: { person: 'asnId' },
    day: 'since',
    summary: ['title', 'issuer', 'level'],
    sentence: ({ title, issuer }) => ({
      en: `accredited as an assessor by ${issuer}: ${title}`,
      id: `diakreditasi sebagai asesor oleh ${issuer}: ${title}`,
    }),
  }),
  AssessorEnded: event({
    version: 1,
    schema: assessorEnded,
    stream: assessor,
    about: { person: 'asnId' },
    day: 'until',
    summary: ['until'],
    sentence: ({ until, reason }) => ({
      en: `assesses until ${until}: ${reason}`,
      id: `menjadi asesor sampai ${until}: ${reason}`,
    }),
  }),
  AssessorEndWithdrawn: event({
    version: 1,
    schema: assessorEndWithdrawn,
    stream: assessor,
    about: { person: 'asnId' },
    day: 'timeless',
    summary: [],
    sentence: ({ reason }) => ({
      en: `goes on as an assessor, the end was withdrawn: ${reason}`,
      id: `tetap menjadi asesor, pengakhirannya dibatalkan: ${reason}`,
    }),
  }),
  AssessorErased: event({
    version: 1,
    schema: assessorErased,
    stream: assessor,
    about: 'nobody',
    day: 'timeless',
    summary: [],
    sentence: ({ basis }) => ({
      en: `the name of an assessor was erased: ${basis}`,
      id: `nama seorang asesor dihapus: ${basis}`,
    }),
  }),
}
