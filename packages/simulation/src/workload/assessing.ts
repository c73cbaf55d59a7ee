import { Phase } from '@jejak/proto/jejak/assessment/v1/assessment'
import { errorOf, tryLater } from '@jejak/rpc/error'
import type { SimulatedPerson } from './people.ts'
import {
  type Answers,
  agencyClients,
  type ServiceClients,
  type Workload,
} from './service-clients.ts'

export const frameworkCode = 'permenpanrb-38-2017'
/** The last assessment of the last competency makes the certificate due. */
export const competencies = ['integritas', 'kerja-sama'] as const
export const targetLevel = 3
type Competency = (typeof competencies)[number]

/** Who assesses everybody. */
export const simulatedAssessor = '0197a000-0000-7000-8000-0000000000d1'

/** Who decides every contest. */
export const simulatedPanel = [2, 3, 4].map(at => `0197a000-0000-7000-8000-0000000000d${at}`)

export type AssessedWhen = 'before' | 'after' | 'at work'

const phases = { before: Phase.BASELINE, after: Phase.AFTER_TRAINING, 'at work': Phase.AT_WORK }
const days = { before: '2026-01-12', after: '2026-03-10', 'at work': '2026-06-01' }

const levelOf = ({ expected }: SimulatedPerson, when: AssessedWhen) => {
  if (when === 'after') return expected.attained ? targetLevel + 1 : targetLevel - 1
  return 1
}

export const assessmentAt = (
  person: SimulatedPerson,
  competency: Competency,
  when: AssessedWhen,
  level: number,
) => {
  const { expected, asnId, nips, enrollmentId } = person
  return {
    ...(expected.byNip ? { nip: nips[0] } : { asnId }),
    framework: frameworkCode,
    competency,
    level,
    method: 'uji-kompetensi',
    phase: phases[when],
    assessorId: simulatedAssessor,
    occurredOn: days[when],
    evidence: [{ sha256: 'a'.repeat(64), archive: 'srikandi', identifier: '2026/0001' }],
    enrollmentId,
  }
}

/** By stream for people still in their agency, one by one for those in another agency now. */
export const assessAll = async (
  workload: Workload,
  people: readonly SimulatedPerson[],
  competency: Competency,
  when: AssessedWhen,
) => {
  const itemOf = (person: SimulatedPerson) => ({
    requestId: person.id(`${when} ${competency}`),
    assessment: assessmentAt(person, competency, when, levelOf(person, when)),
  })
  const isAway = ({ expected }: SimulatedPerson) => expected.transferred && when !== 'before'
  const here = people.filter(person => !isAway(person))
  const [first] = here
  await Promise.all([
    first && submitAll(workload.answers, agencyClients(workload, first.agency), here.map(itemOf)),
    ...people.filter(isAway).map(person => {
      const { assessments } = agencyClients(workload, person.elsewhere)
      return workload.answers.write(() => assessments.submitAssessment(itemOf(person)))
    }),
  ])
}

type Item = { readonly requestId: string; readonly assessment: ReturnType<typeof assessmentAt> }

const streamMaxMs = 20_000

/** Opens streams until each item has its answer. */
const submitAll = async (
  answers: Answers,
  { assessments }: ServiceClients,
  items: readonly Item[],
) => {
  const open = new Map(items.map(item => [item.requestId, item]))
  await answers.insist(async () => {
    const deadline = new Date(Date.now() + streamMaxMs)
    const sent = itemsOf([...open.values()])
    for await (const { requestId, outcome } of assessments.submitAssessments(sent, { deadline })) {
      if (outcome.case === 'refused') throw errorOf(outcome.value)
      if (outcome.case === 'recorded' && open.delete(requestId)) answers.record(outcome.value)
    }
    if (open.size > 0) throw tryLater(cutShort, 0)
  })
}

const cutShort = {
  en: 'the stream ended without every answer',
  id: 'stream berakhir sebelum semua jawaban tiba',
}

async function* itemsOf(items: readonly Item[]) {
  yield* items
}
