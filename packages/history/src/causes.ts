import { type Fact, type LogName, logNames, named } from './fact.ts'

/**
 * The facts of other logs that were there before a fact, whatever the clocks say: it names them, or
 * could not have come about without them.
 */
export type Causes = ReadonlyMap<Fact, readonly Fact[]>

export const causesIn = (facts: readonly Fact[]): Causes => {
  const at = new Map(facts.map(fact => [`${fact.log} ${fact.position}`, fact]))
  const byEvent = new Map(facts.map(fact => [fact.id, fact]))
  const ofEnrollment = new Map(
    named(facts, 'EnrollmentCompleted').map(fact => [fact.data.enrollmentId, fact]),
  )
  const registered = new Map(
    named(facts, 'EmployeeRegistered').map(fact => [fact.data.asnId, fact]),
  )
  const assessed = named(facts, 'AssessmentRecorded', 'AssessmentCorrected')
  const byAssessment = new Map(assessed.map(fact => [fact.data.assessmentId, fact]))
  const causes = new Map<Fact, readonly Fact[]>()
  const add = (fact: Fact, ...found: readonly (Fact | undefined)[]) => {
    const others = found.filter(other => other !== undefined && other.log !== fact.log)
    if (others.length > 0) causes.set(fact, [...(causes.get(fact) ?? []), ...(others as Fact[])])
  }
  for (const fact of facts) {
    if (fact.cause !== undefined) add(fact, byEvent.get(fact.cause))
  }
  // Whoever is assessed was asked about before: enrollment knew the record.
  for (const fact of assessed) add(fact, registered.get(fact.data.asnId))
  for (const fact of named(facts, 'CertificateIssued')) {
    const { enrollmentId, attainments, restsOn } = fact.data
    const stated = attainments.flatMap(({ assessmentIds }) => assessmentIds)
    const rests = restsOn.flatMap(({ log, entries }) =>
      entries.map(({ position }) => at.get(`${log} ${position}`)),
    )
    const older = [ofEnrollment.get(enrollmentId), ...stated.map(id => byAssessment.get(id))]
    add(fact, ...(restsOn.length > 0 ? rests : older))
  }
  return causes
}

/**
 * In the order in which they were recorded: within a log by their positions, across logs after
 * their causes. What no cause connects is in the order of the logs' own clocks.
 */
export const inOrder = (facts: readonly Fact[]): readonly Fact[] => {
  const causes = causesIn(facts)
  const moments = new Map<Fact, number>()
  const byLog = facts.toSorted(
    (a, b) => logNames.indexOf(a.log) - logNames.indexOf(b.log) || a.position - b.position,
  )
  // Causes come before effects in the order of the logs: none asks certification.
  let [log, last] = ['', Number.NEGATIVE_INFINITY]
  for (const fact of byLog) {
    if (fact.log !== log) [log, last] = [fact.log, Number.NEGATIVE_INFINITY]
    const after = (causes.get(fact) ?? []).map(cause => moments.get(cause) ?? last)
    last = Math.max(last, Date.parse(fact.time), ...after)
    moments.set(fact, last)
  }
  const momentOf = (fact: Fact) => moments.get(fact) ?? 0
  return byLog.toSorted((a, b) => momentOf(a) - momentOf(b))
}

/** The clock of one log was behind that of another, or of who reads, by so much at least. */
export type ClocksApart = {
  readonly behind: LogName | 'reader'
  readonly ahead: LogName
  readonly byMs: number
  /**
   * The moment that is asked about falls in between: by then one log had recorded what rests on
   * entries that the other says are later, and what was known then can't be told.
   */
  readonly undecided: boolean
}

/**
 * What facts prove about the clocks: an effect has an earlier time than its cause, or a fact a
 * later one than now. Clocks that differ and leave no such trace can't be found out.
 */
export const clocksApart = (
  facts: readonly Fact[],
  { now, knownAt }: { readonly now: number; readonly knownAt?: string | undefined },
): readonly ClocksApart[] => {
  const moment = knownAt === undefined ? now : Date.parse(knownAt)
  const found = new Map<string, ClocksApart>()
  const add = (behind: ClocksApart['behind'], ahead: LogName, early: number, late: number) => {
    if (late <= early) return
    const before = found.get(`${behind} ${ahead}`)
    found.set(`${behind} ${ahead}`, {
      behind,
      ahead,
      byMs: Math.max(late - early, before?.byMs ?? 0),
      undecided: (early <= moment && moment < late) || before?.undecided === true,
    })
  }
  for (const [effect, causes] of causesIn(facts)) {
    for (const cause of causes) {
      add(effect.log, cause.log, Date.parse(effect.time), Date.parse(cause.time))
    }
  }
  for (const { log, time } of facts) add('reader', log, now, Date.parse(time))
  return [...found.values()]
}
