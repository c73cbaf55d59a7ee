import { create } from '@bufbuild/protobuf'
import { methodsOn } from '@jejak/competency/methods'
import { near } from '@jejak/competency/near'
import {
  AssessmentSchema,
  Phase,
  type Assessment as Sent,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import {
  codeProblem,
  digestProblem,
  type FieldProblem,
  nipProblem,
  numberProblem,
  type Problems,
  pastDayProblem,
  problemsOfEach,
  problemsWithin,
  unlessEmpty,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import type { Archives } from './archives.ts'
import type { Assessment } from './competency.ts'
import type { Dictionaries } from './dictionaries.ts'

const phases: Readonly<Record<number, Assessment['phase']>> = {
  [Phase.BASELINE]: 'baseline',
  [Phase.AFTER_TRAINING]: 'after-training',
  [Phase.AT_WORK]: 'at-work',
}
/** The same the other way round, for answers. */
export const phaseOf: Readonly<Record<Assessment['phase'], Phase>> = {
  baseline: Phase.BASELINE,
  'after-training': Phase.AFTER_TRAINING,
  'at-work': Phase.AT_WORK,
}

const evidenceMax = 10

/** As spreadsheets group it. */
const digitsOf = (nip: string) => nip.replaceAll(/\s/g, '')

const personProblems = ({ asnId, nip }: Sent): Problems => {
  if (!asnId && !nip) return { asn_id: 'person-missing' }
  if (asnId && nip) return { asn_id: uuidProblem(asnId), nip: 'person-twice' }
  return asnId ? { asn_id: uuidProblem(asnId) } : { nip: nipProblem(nip) }
}

/** It is on the list of the day of the assessment. */
const methodProblem = ({ method, occurredOn }: Sent): FieldProblem => {
  const form = codeProblem(method)
  if (form) return form
  const codes = methodsOn(occurredOn).map(({ code }) => code)
  if (codes.includes(method)) return undefined
  return { key: 'method-unlisted', values: { meant: near(method, codes) } }
}

const formProblems = (sent: Sent, today: string): Problems => ({
  ...personProblems(sent),
  framework: codeProblem(sent.framework),
  competency: codeProblem(sent.competency),
  level: numberProblem(sent.level, 1, 5),
  method: methodProblem(sent),
  phase: phases[sent.phase] ? undefined : 'phase',
  assessor_id: uuidProblem(sent.assessorId),
  occurred_on: pastDayProblem(sent.occurredOn, today),
  evidence:
    sent.evidence.length < 1 || sent.evidence.length > evidenceMax
      ? { key: 'documents', values: { most: evidenceMax } }
      : undefined,
  ...problemsOfEach('evidence', sent.evidence.slice(0, evidenceMax), ({ sha256 }) => ({
    sha256: digestProblem(sha256),
  })),
  enrollment_id: unlessEmpty(sent.enrollmentId, uuidProblem),
})

export type Checks = {
  readonly dictionaries: Dictionaries
  readonly archives: Archives
  readonly today: () => string
}

const placeProblems = async ({ archives, today }: Checks, sent: Sent): Promise<Problems> => {
  const documents = sent.evidence.slice(0, evidenceMax)
  const found = await Promise.all(
    documents.map(document => archives.problems(document, sent.occurredOn, today())),
  )
  return problemsOfEach('evidence', documents, (_, index) => found[index] ?? {})
}

/** Throws with everything that is wrong; the assessment is there when it returns. */
export const checkAssessment = async (
  checks: Checks,
  sent: Sent | undefined,
  others: Problems,
  /** A new assessment is not of a competency that was retired by its day. */
  isNew: boolean,
): Promise<Sent> => {
  const problems: Problems = sent
    ? problemsWithin('assessment', {
        ...formProblems(sent, checks.today()),
        ...(await checks.dictionaries.problems(isNew ? { ...sent, on: sent.occurredOn } : sent)),
        ...(await placeProblems(checks, sent)),
      })
    : { assessment: 'missing' }
  validate({ ...others, ...problems })
  return sent as Sent
}

/** The person of the assessment, by id or by NIP. */
export const personIn = ({ asnId, nip }: Pick<Sent, 'asnId' | 'nip'>) => ({
  asnId,
  nip: digitsOf(nip),
})

/** Whom an assessment names: the person, an enrollment and an assessor, all known to enrollment. */
export const namedIn = (sent: Sent) => {
  const { enrollmentId, assessorId, occurredOn } = sent
  return { ...personIn(sent), enrollmentId, assessorId, occurredOn }
}

/** The assessment of an event, of one that was checked. */
export const assessmentContent = (sent: Sent, assessmentId: string, asnId: string): Assessment => ({
  assessmentId,
  asnId,
  framework: sent.framework,
  competency: sent.competency,
  level: sent.level,
  method: sent.method,
  phase: phases[sent.phase] as Assessment['phase'],
  assessorId: sent.assessorId,
  occurredOn: sent.occurredOn,
  evidence: sent.evidence.map(({ sha256, archive, identifier }) => ({
    sha256,
    ...(archive && { archive, identifier }),
  })),
  ...(sent.enrollmentId && { enrollmentId: sent.enrollmentId }),
})

/**
 * Leaves out the NIP: it could be guessed from a stored digest. A caller who repeats the request
 * may therefore name the person by id or by NIP.
 */
export const impersonal = (sent: Sent, asnId: string): Sent =>
  create(AssessmentSchema, { ...sent, nip: '', asnId: sent.asnId || asnId })

/** As it would have been sent by the id of that record; as it was sent, unless that was by NIP. */
export const namedBy = (sent: Sent | undefined, record: string | undefined): Sent | undefined => {
  if (sent && record) return create(AssessmentSchema, { ...sent, nip: '', asnId: record })
  return sent?.asnId ? sent : undefined
}
