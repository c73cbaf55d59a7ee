import { Phase } from '@jejak/proto/jejak/assessment/v1/assessment'
import { errorOf, tryLater } from '@jejak/rpc/error'
import { type Caller, callerOf, type Ledger, type Office } from './caller.ts'
import type { Person } from './fate.ts'

export const framework = 'permenpanrb-38-2017'
/** The last assessment of the last one is what makes a certificate due. */
export const competencies = ['integritas', 'kerja-sama'] as const
export const targetLevel = 3
type Competency = (typeof competencies)[number]

const assessor = '0197a000-0000-7000-8000-0000000000d1'

export type Moment = 'before' | 'after' | 'at work'

const phases = { before: Phase.BASELINE, after: Phase.AFTER_TRAINING, 'at work': Phase.AT_WORK }
const days = { before: '2026-01-12', after: '2026-03-10', 'at work': '2026-06-01' }

const levelOf = ({ fate }: Person, moment: Moment) => {
  if (moment === 'after') return fate.attained ? targetLevel + 1 : targetLevel - 1
  return 1
}

export const assessmentOf = (
  person: Person,
  competency: Competency,
  moment: Moment,
  level: number,
) => {
  const { fate, asnId, nips, enrollmentId } = person
  return {
    ...(fate.byNip ? { nip: nips[0] } : { asnId }),
    framework,
    competency,
    level,
    method: 'uji-kompetensi',
    phase: phases[moment],
    assessorId: assessor,
    occurredOn: days[moment],
    evidence: [{ sha256: 'a'.repeat(64), uri: '' }],
    enrollmentId,
  }
}

/** By stream where they still are, one by one where somebody else answers for them now. */
export const assessAll = async (
  office: Office,
  people: readonly Person[],
  competency: Competency,
  moment: Moment,
) => {
  const itemOf = (person: Person) => ({
    requestId: person.id(`${moment} ${competency}`),
    assessment: assessmentOf(person, competency, moment, levelOf(person, moment)),
  })
  const isAway = ({ fate }: Person) => fate.transferred && moment !== 'before'
  const here = people.filter(person => !isAway(person))
  const [first] = here
  await Promise.all([
    first && submitAll(office.ledger, callerOf(office, first.agency), here.map(itemOf)),
    ...people.filter(isAway).map(person => {
      const { assessments } = callerOf(office, person.elsewhere)
      return office.ledger.write(() => assessments.submitAssessment(itemOf(person)))
    }),
  ])
}

type Item = { readonly requestId: string; readonly assessment: ReturnType<typeof assessmentOf> }

const streamMaxMs = 20_000

/** Until each has its answer, over as many streams as it takes. */
const submitAll = async (ledger: Ledger, { assessments }: Caller, items: readonly Item[]) => {
  const open = new Map(items.map(item => [item.requestId, item]))
  await ledger.insist(async () => {
    const deadline = new Date(Date.now() + streamMaxMs)
    const sent = sending([...open.values()])
    for await (const { requestId, outcome } of assessments.submitAssessments(sent, { deadline })) {
      if (outcome.case === 'refused') throw errorOf(outcome.value)
      if (outcome.case === 'recorded' && open.delete(requestId)) ledger.keep(outcome.value)
    }
    if (open.size > 0) throw tryLater(cutShort, 0)
  })
}

const cutShort = {
  en: 'the stream ended without every answer',
  id: 'stream berakhir sebelum semua jawaban tiba',
}

async function* sending(items: readonly Item[]) {
  yield* items
}
