import { addMonths, dayOf } from '@jejak/competency/calendar'
import type { Employment } from '@jejak/competency/figures/hours'
import { groupOf, type IpAsnInputs, type IpAsnRules } from '@jejak/competency/figures/ip-asn'
import { heldOn } from '@jejak/competency/figures/standard'
import { officeOf } from '@jejak/competency/offices'
import { educations } from '@jejak/events/career'
import { type RuleSets, ruleSetsOf } from '@jejak/rules/rule-sets'
import { daysOf, isTimeless } from './day.ts'
import { doublesIn } from './doubles.ts'
import { enrollmentsOf } from './enrolled.ts'
import { type DataOf, type Fact, type FactOf, named } from './fact.ts'
import { creditedHours } from './hours.ts'
import { personRecordsOf } from './person-records.ts'
import type { Reference } from './reference.ts'
import { postingsOf } from './registered.ts'

export type CareerInput = keyof IpAsnInputs

/** Something that the index is reckoned from, and the events that it rests on. */
export type CareerLine = {
  readonly input: CareerInput
  /** RFC 3339, full-date: when it was done, or began. */
  readonly on: string
  /** As `S-1`, `baik` or `91`, a code of `latihanStruktural`, or the title of a learning. */
  readonly value: string
  /** Of learning and training: as the rules of hours credit it. */
  readonly jp?: number
  /** Of performance. */
  readonly year?: number
  /** Where it is known from: as it was recorded, or who organised it. */
  readonly source?: string
  readonly restsOn: readonly string[]
}

/**
 * Why an input is not known: nobody has recorded it; what was recorded is too old by the rules; it
 * was not recorded for which office it was; or the rules don't say which forms of learning count.
 */
export type WhyUnknown = 'not-recorded' | 'too-old' | 'office-not-stated' | 'no-rule'

/** What the index of professionality (IP-ASN) asks of a person. */
export type CareerAt = {
  /** The records that were known to be of one person: the surviving one first. */
  readonly records: readonly string[]
  /** Those that were known. */
  readonly rules: RuleSets
  readonly inputs: Omit<IpAsnInputs, 'punishments'>
  readonly lines: readonly CareerLine[]
  readonly why: Readonly<Partial<Record<CareerInput, WhyUnknown>>>
  /** What HR stated of their discipline: it is sealed. Absent if none still stands. */
  readonly statement?: FactOf<'DisciplineStated'>
  readonly employment?: Employment
}

/** As of a day, and as known at a moment (RFC 3339): by all that there is if none is given. */
export type CareerQuery = {
  readonly asOf: string
  readonly knownAt?: string | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

type Of<T extends CareerInput> = {
  readonly input: T
  /** Undefined if it is not known. */
  readonly found: IpAsnInputs[T] | undefined
  readonly lines: readonly Omit<CareerLine, 'input'>[]
  readonly why?: WhyUnknown | undefined
}
type Found = { readonly [T in CareerInput]: Of<T> }[CareerInput]

/** What is unknown of all that can be: `inputs` has the rest. */
export const careerOf = (
  asnIds: readonly string[],
  facts: readonly Fact[],
  reference: Reference,
  { asOf, knownAt, now }: CareerQuery,
): CareerAt => {
  const rules = ruleSetsOf(reference.ruleSets, knownAt)
  const known = personRecordsOf(asnIds[0] ?? '', facts, knownAt)
  const days = daysOf(known.facts, dayOf(now))
  const held = known.facts.filter(fact => isTimeless(fact) || (days.get(fact) ?? '') <= asOf)
  const set = rules.on('ip-asn', asOf)?.rules
  const postings = postingsOf(held, known.survivor)
  const office = officeIn(held, postings, rules, asOf)
  const recorded = recordedIn(known.facts, held)
  const learned = learnedIn(held, postings, reference, rules, asOf)
  const found: readonly Found[] = [
    office.found,
    qualificationOf(recorded),
    ...trainingsOf(recorded, learned, set, office.position),
    performanceOf(recorded, set, asOf),
  ].map(each => orNotDone(each, set, office.found.found))
  const statement = statementIn(held)
  const whyNoStatement = statement ? tooOld(statement, set, asOf) : 'not-recorded'
  const employment = postings.findLast(posting => posting.employment)?.employment
  return {
    records: [...new Set([known.survivor, ...[...known.records].toSorted()])],
    rules,
    inputs: Object.fromEntries(
      found.flatMap(({ input, found }) => (found === undefined ? [] : [[input, found]])),
    ),
    lines: found.flatMap(({ input, lines }) => lines.map(line => ({ input, ...line }))),
    why: Object.fromEntries([
      ...found.flatMap(({ input, why }) => (why ? [[input, why]] : [])),
      ...(whyNoStatement ? [['punishments', whyNoStatement]] : []),
    ]),
    ...(statement && !whyNoStatement && { statement }),
    ...(employment && { employment }),
  }
}

/** The office that is held, and its position. */
const officeIn = (
  held: readonly Fact[],
  postings: readonly DataOf<'EmployeePosted'>[],
  rules: RuleSets,
  asOf: string,
): { readonly position: string; readonly found: Of<'office'> } => {
  const offices = rules.on('offices', asOf)?.rules
  const posting = heldOn(postings, asOf, offices)
  const { position = '', office: posted } = posting ?? {}
  const office = posting && offices ? officeOf(offices, position, posted) : posted
  const fact = named(held, 'EmployeePosted').find(({ data }) => data === posting)
  const line = fact && { on: fact.data.since, value: office ?? position, restsOn: [fact.id] }
  const lines = line ? [{ ...line, source: fact.data.agency }] : []
  const why = office === undefined ? ('not-recorded' as const) : undefined
  return { position, found: { input: 'office', found: office, lines, why } }
}

type CareerFact = FactOf<
  'QualificationRecorded' | 'PerformanceRecorded' | 'StructuralTrainingRecorded'
>

const recordedTypes = [
  'QualificationRecorded',
  'PerformanceRecorded',
  'StructuralTrainingRecorded',
] as const

/** Those that were true by the day, without those that another of the same kind replaces. */
const recordedIn = (known: readonly Fact[], held: readonly Fact[]): readonly CareerFact[] => {
  const replaced = new Set(
    named(known, ...recordedTypes).map(({ type, data }) => `${type} ${data.replaces}`),
  )
  return named(held, ...recordedTypes).filter(
    ({ type, data }) => !replaced.has(`${type} ${data.recordId}`),
  )
}

/** The highest counts. */
const qualificationOf = (recorded: readonly CareerFact[]): Of<'education'> => {
  const all = named(recorded, 'QualificationRecorded')
  const [best] = all.toSorted(
    (a, b) => educations.indexOf(a.data.education) - educations.indexOf(b.data.education),
  )
  if (!best) return { input: 'education', found: undefined, lines: [], why: 'not-recorded' }
  const { education, graduatedOn: on, source } = best.data
  const lines = [{ on, value: education, source, restsOn: [best.id] }]
  return { input: 'education', found: education, lines }
}

/** The last record of the last year counts, unless that year is too long ago. */
const performanceOf = (
  recorded: readonly CareerFact[],
  set: IpAsnRules | undefined,
  asOf: string,
): Of<'performance'> => {
  const all = named(recorded, 'PerformanceRecorded')
  const year = Math.max(...all.map(({ data }) => data.year))
  const last = all.findLast(({ data }) => data.year === year)
  if (!last) return { input: 'performance', found: undefined, lines: [], why: 'not-recorded' }
  const { value, predicate = '', assessedOn: on, source } = last.data
  const lines = [{ on, value: String(value ?? predicate), year, source, restsOn: [last.id] }]
  const back = set?.performance.yearsBack ?? Number.POSITIVE_INFINITY
  if (year < Number(asOf.slice(0, 4)) - back) {
    return { input: 'performance', found: undefined, lines, why: 'too-old' }
  }
  const found = value === undefined ? { predicate } : { value }
  return { input: 'performance', found, lines }
}

/** A learning or training that was credited. */
type Learned = Omit<CareerLine, 'input' | 'jp'> & {
  readonly form: number
  readonly jp: number
  readonly forPosition: string | undefined
}

const learnedIn = (
  held: readonly Fact[],
  postings: readonly DataOf<'EmployeePosted'>[],
  reference: Reference,
  rules: RuleSets,
  asOf: string,
): readonly Learned[] => {
  const enrollments = enrollmentsOf(held, doublesIn(held), reference, rules)
  const { credits } = creditedHours(held, enrollments, postings, reference, rules, asOf)
  const elsewhere = new Map(named(held, 'LearningRecorded').map(it => [it.data.learningId, it]))
  const here = new Map(enrollments.map(({ enrollmentId, programId }) => [enrollmentId, programId]))
  return credits.flatMap(({ activityId, form, creditedJp: jp, attributedOn: on, ...credit }) => {
    if (credit.reasons.some(({ kind }) => kind === 'revoked')) return []
    const { restsOn } = credit
    const own = { form, jp, on, restsOn }
    const learning = elsewhere.get(activityId)?.data
    if (!learning) {
      const program = reference.programs.get(here.get(activityId) ?? '')
      return [{ ...own, value: program?.title ?? '', source: 'jejak', forPosition: undefined }]
    }
    const { title, organiser, certificateNumber, forPosition } = learning
    const source = [organiser, certificateNumber].filter(Boolean).join(', ')
    return [{ ...own, value: title, source, forPosition }]
  })
}

const trainingsOf = (
  recorded: readonly CareerFact[],
  learned: readonly Learned[],
  set: IpAsnRules | undefined,
  position: string,
): readonly Found[] => {
  const structural = named(recorded, 'StructuralTrainingRecorded').map(({ id, data }) => ({
    ...{ on: data.completedOn, value: data.training, source: data.source, restsOn: [id] },
  }))
  const leaders = structural.map(({ value: code, on }) => ({ code, on }))
  const forms = set?.competency.forms
  const counted = (as: string) => {
    const ids = forms?.filter(({ counts }) => counts === as).map(({ form }) => form) ?? []
    return learned.filter(({ form }) => ids.includes(form))
  }
  const ofForms = <T extends CareerInput>(
    input: T,
    as: string,
    found: (learned: Learned) => object,
  ) => {
    if (!forms) return { input, found: undefined, lines: [], why: 'no-rule' }
    const those = counted(as)
    const lines = those.map(({ form: _, forPosition: __, ...line }) => line)
    return { input, found: those.map(found), lines, why: undefined }
  }
  return [
    { input: 'leadershipTraining', found: leaders, lines: structural },
    ofForms('functionalTraining', 'functional-training', ({ on, forPosition }) => ({
      on,
      ...(forPosition !== undefined && { matchesOffice: isFor(position, forPosition) }),
    })),
    ofForms('technicalTraining', 'technical-training', ({ on, jp }) => ({ on, jp })),
    ofForms('seminars', 'seminars', ({ on }) => ({ on })),
  ] as readonly Found[]
}

/** A training for `perawat` is for all levels of that office. */
const isFor = (position: string, trained: string): boolean =>
  position === trained || position.startsWith(`${trained}-`)

const indicatorOf: Partial<Record<CareerInput, string>> = {
  leadershipTraining: 'leadership-training',
  functionalTraining: 'functional-training',
  technicalTraining: 'technical-training',
  seminars: 'seminars',
}

/** Whether what nobody has recorded was not done, or is not known, is for the rules to say. */
const orNotDone = (each: Found, set: IpAsnRules | undefined, office: string | undefined): Found => {
  const indicator = indicatorOf[each.input]
  if (indicator === undefined || each.found === undefined || each.lines.length > 0) return each
  const group = set && groupOf(set, office)
  const row = group?.indicators.find(row => row.indicator === indicator)
  if (!row || row.notRecorded === 'not-done') return each
  return { ...each, found: undefined, why: 'not-recorded' }
}

/** That of the latest day; of one day, that which was recorded last. */
const statementIn = (held: readonly Fact[]): FactOf<'DisciplineStated'> | undefined => {
  const all = named(held, 'DisciplineStated')
  const latest = all
    .map(({ data }) => data.asOf)
    .toSorted()
    .at(-1)
  return all.findLast(({ data }) => data.asOf === latest)
}

const tooOld = (
  { data }: FactOf<'DisciplineStated'>,
  set: IpAsnRules | undefined,
  asOf: string,
): WhyUnknown | undefined => {
  const months = set?.discipline.statedMonths
  return months !== undefined && addMonths(data.asOf, months) < asOf ? 'too-old' : undefined
}
