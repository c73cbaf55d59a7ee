import { daysBetween } from '../calendar.ts'
import type { RuleRow } from '../rules.ts'
import { inForce } from '../rules.ts'
import { sum } from './sum.ts'

/** Rules of hours of training, which are counted in JP (jam pelajaran). */
export type HourRules = {
  readonly minutesPerJp: number
  /** How minutes become JP: whole ones, one decimal (half up), or as they are. */
  readonly rounding: 'down' | 'one-decimal' | 'exact'
  /** Which of its days says in which year the JP of a training count. */
  readonly yearOf: 'end-date' | 'start-date'
  /** Every `jenisDiklat` of SIASN, 1 to 25. */
  readonly forms: readonly LearningForm[]
  readonly employments: readonly EmploymentHours[]
}

/** A form of learning (PerLAN 10/2018), and how many JP it gives. */
export type LearningForm = RuleRow & {
  /** `jenisDiklat` of SIASN, 1 to 25. */
  readonly id: number
  readonly name: string
  /** `jenisKursusSetifikat` of SIASN: T (teknis), F (fungsional) or P. */
  readonly certificate: 'T' | 'F' | 'P'
  readonly setting: 'classical' | 'nonclassical'
  /** Its part in a plan of 10-20-70, if it has one. */
  readonly blend?: 10 | 20 | 70
  readonly credit: 'as-programme' | 'as-logged' | 'per-session' | 'per-activity'
  /** JP of a session or of an activity, if it is credited by these. */
  readonly jp?: number
  /** JP of one whose certificate states none. */
  readonly jpIfNotStated?: number
  readonly maxJpPerSession?: number
  readonly maxJpPerDay?: number
  /** By calendar month. */
  readonly maxSessionsPerMonth?: number
  /** If it was abroad: so many JP in place of the others, or so many percent more; or the same. */
  readonly abroad?: { readonly jp?: number; readonly morePercent?: number }
}

/** How an ASN is employed; a PNS on probation is a CPNS. */
export type Employment = 'pns' | 'cpns' | 'pppk' | 'pppk-paruh-waktu'

/** The JP of a year that somebody should have at least, and may have at most. */
export type EmploymentHours = RuleRow & {
  readonly employment: Employment
  /** A year of a contract begins with the contract, not in January. */
  readonly year: 'calendar' | 'contract'
  /** Null if there is none. */
  readonly floorJp: number | null
  readonly ceilingJp: number | null
  /** Levels of office for which the ceiling does not hold. */
  readonly ceilingExceptOffices?: readonly string[]
}

/** The minutes of an activity on one day. */
type Session = { readonly on: string; readonly minutes: number }

/** The form of a programme that does not say it: Diklat Teknis. */
export const formAssumed = 3

/** A person's activity of competency development, in the order of its recording. */
export type Activity = {
  readonly activityId: string
  /** 1 to 25. */
  readonly form: number
  /** RFC 3339, full-date. */
  readonly startsOn: string
  readonly endsOn: string
  readonly abroad?: boolean
  /** What the paper shows, or what a person claims; without it, that of the sessions. */
  readonly claimedJp?: number
  readonly sessions?: readonly Session[]
  /** The day from which its certificate is revoked. */
  readonly revokedOn?: string
}

/** Why fewer or more JP are credited than were claimed. */
export type CreditReason =
  | { readonly kind: 'revoked'; readonly on: string }
  | { readonly kind: 'unknown-form'; readonly form: number }
  | { readonly kind: 'not-stated'; readonly jp: number }
  | { readonly kind: 'session-cap' | 'day-cap'; readonly on: string; readonly maxJp: number }
  | { readonly kind: 'month-cap'; readonly month: string; readonly maxSessions: number }
  | { readonly kind: 'per-session' | 'per-activity'; readonly jp: number }
  | { readonly kind: 'abroad'; readonly jp?: number; readonly morePercent?: number }
  | { readonly kind: 'rounded' }

export type CreditedActivity = {
  readonly activityId: string
  readonly form: number
  readonly claimedJp: number
  readonly creditedJp: number
  /** The day of its year, and of its rules. */
  readonly attributedOn: string
  /** Id of the rule set. */
  readonly ruleSet: string
  readonly reasons: readonly CreditReason[]
}

/** The rules of hours as they hold from a day on. */
export type HourRuleSet = {
  readonly id: string
  readonly validFrom: string
  readonly rules: HourRules
}

type Attributed = {
  readonly activity: Activity
  readonly set: HourRuleSet
  /** Undefined for a form that the rules don't have. */
  readonly form: LearningForm | undefined
}

/**
 * The hours of each activity of one person as of a day: those that had ended by then. Activities
 * are in the order of their recording. The caps of a day and of a month go to the sessions that
 * were held first, and of one day to those that were recorded first. The rules are those of the
 * day on which an activity ends; before the first of them there are no hours.
 */
export const creditsOf = (
  activities: readonly Activity[],
  sets: readonly HourRuleSet[],
  asOf: string,
): readonly CreditedActivity[] => {
  const attributed = activities.flatMap(activity => {
    const set = activity.endsOn <= asOf ? inForce(sets, activity.endsOn) : undefined
    if (!set) return []
    return { activity, set, form: set.rules.forms.find(({ id }) => id === activity.form) }
  })
  const sessions = cappedSessions(attributed.filter(({ activity }) => !isRevoked(activity, asOf)))
  return attributed.map(each => creditOf(each, sessions.get(each.activity) ?? [], asOf))
}

const isRevoked = ({ revokedOn }: Activity, asOf: string) => !!revokedOn && revokedOn <= asOf

/** A session as it is credited. */
type Capped = { readonly minutes: number; readonly reasons: readonly CreditReason[] }

const cappedSessions = (
  attributed: readonly Attributed[],
): ReadonlyMap<Activity, readonly Capped[]> => {
  const used = new Map<string, number>()
  const capped = new Map(attributed.map(({ activity }) => [activity, [] as Capped[]]))
  const held = attributed.flatMap(each =>
    sessionsOf(each.activity, each.set.rules).map(session => ({ ...each, session })),
  )
  for (const { activity, set, form, session } of held.toSorted(byDay)) {
    const credited = form && cap(session, form, set.rules.minutesPerJp, used)
    if (credited) capped.get(activity)?.push(credited)
  }
  return capped
}

const byDay = (a: { readonly session: Session }, b: { readonly session: Session }): number =>
  a.session.on < b.session.on ? -1 : a.session.on > b.session.on ? 1 : 0

/** What was claimed without sessions is that of one, or is spread over the days that it had. */
const sessionsOf = (activity: Activity, { minutesPerJp }: HourRules): readonly Session[] => {
  const { sessions, claimedJp = 0, startsOn, endsOn } = activity
  if (sessions) return sessions
  const days = daysBetween(startsOn, endsOn)
  const minutes = (claimedJp * minutesPerJp) / days.length
  return days.map(on => ({ on, minutes }))
}

/** `used` are the minutes of a form on a day, and its sessions in a month. */
const cap = (
  session: Session,
  form: LearningForm,
  minutesPerJp: number,
  used: Map<string, number>,
): Capped => {
  const { id, credit, jp = 0, maxJpPerSession, maxJpPerDay, maxSessionsPerMonth } = form
  const reasons: CreditReason[] = []
  let minutes = credit === 'per-session' ? jp * minutesPerJp : session.minutes
  const most = (maxJp: number | undefined, kind: 'session-cap' | 'day-cap', before = 0) => {
    if (maxJp === undefined) return
    const left = Math.max(0, maxJp * minutesPerJp - before)
    if (minutes > left) reasons.push({ kind, on: session.on, maxJp })
    minutes = Math.min(minutes, left)
  }
  const month = session.on.slice(0, 7)
  const sessions = used.get(`${id} ${month}`) ?? 0
  used.set(`${id} ${month}`, sessions + 1)
  if (maxSessionsPerMonth !== undefined && sessions >= maxSessionsPerMonth) {
    return { minutes: 0, reasons: [{ kind: 'month-cap', month, maxSessions: maxSessionsPerMonth }] }
  }
  most(maxJpPerSession, 'session-cap')
  const day = used.get(`${id} ${session.on}`) ?? 0
  most(maxJpPerDay, 'day-cap', day)
  used.set(`${id} ${session.on}`, day + minutes)
  return { minutes, reasons }
}

const creditOf = (
  { activity, set, form }: Attributed,
  sessions: readonly Capped[],
  asOf: string,
): CreditedActivity => {
  const { activityId, revokedOn = '' } = activity
  const hours = set.rules
  const of = (minutes: number, reasons: readonly CreditReason[]): CreditedActivity => {
    const creditedJp = jpOf(minutes, hours)
    const rounded = Math.abs(minutes - creditedJp * hours.minutesPerJp) > tiny
    return {
      activityId,
      form: activity.form,
      claimedJp: claimedOf(activity, hours),
      creditedJp,
      attributedOn: attributedOn(activity, hours),
      ruleSet: set.id,
      reasons: rounded ? [...reasons, { kind: 'rounded' }] : reasons,
    }
  }
  if (isRevoked(activity, asOf)) return of(0, [{ kind: 'revoked', on: revokedOn }])
  if (!form) return of(0, [{ kind: 'unknown-form', form: activity.form }])
  const credited = converted(activity, form, hours, sessions)
  return of(...withAbroad(activity, form, hours, credited))
}

type Credit = readonly [minutes: number, reasons: readonly CreditReason[]]

const converted = (
  activity: Activity,
  { credit, jp = 0, jpIfNotStated = 0 }: LearningForm,
  hours: HourRules,
  sessions: readonly Capped[],
): Credit => {
  const { minutesPerJp } = hours
  if (credit === 'per-activity') return [jp * minutesPerJp, [{ kind: 'per-activity', jp }]]
  if (credit === 'as-programme') {
    const claimed = claimedMinutes(activity, hours)
    if (claimed !== undefined) return [claimed, []]
    return [jpIfNotStated * minutesPerJp, [{ kind: 'not-stated', jp: jpIfNotStated }]]
  }
  const minutes = minutesOf(sessions)
  const reasons = sessions.flatMap(session => session.reasons)
  return [minutes, credit === 'per-session' ? [{ kind: 'per-session', jp }, ...reasons] : reasons]
}

const withAbroad = (
  { abroad: isAbroad }: Activity,
  { abroad }: LearningForm,
  { minutesPerJp }: HourRules,
  [minutes, reasons]: Credit,
): Credit => {
  if (!isAbroad || !abroad) return [minutes, reasons]
  const { jp, morePercent = 0 } = abroad
  if (jp !== undefined) return [jp * minutesPerJp, [{ kind: 'abroad', jp }]]
  return [(minutes * (100 + morePercent)) / 100, [...reasons, { kind: 'abroad', morePercent }]]
}

const minutesOf = (sessions: readonly { readonly minutes: number }[]): number =>
  sum(sessions.map(({ minutes }) => minutes))

const claimedMinutes = ({ claimedJp, sessions }: Activity, { minutesPerJp }: HourRules) =>
  claimedJp === undefined ? sessions && minutesOf(sessions) : claimedJp * minutesPerJp

const claimedOf = (activity: Activity, hours: HourRules): number =>
  activity.claimedJp ?? jpOf(claimedMinutes(activity, hours) ?? 0, hours)

/** Minutes: arithmetic in binary leaves less than this, which neither makes nor drops a JP. */
const tiny = 1e-6

const jpOf = (minutes: number, { minutesPerJp, rounding }: HourRules): number => {
  if (rounding === 'down') return Math.floor((minutes + tiny) / minutesPerJp)
  const jp = minutes / minutesPerJp
  return rounding === 'exact' ? jp : Math.floor(jp * 10 + 0.5 + tiny) / 10
}

const attributedOn = ({ startsOn, endsOn }: Activity, { yearOf }: HourRules): string =>
  yearOf === 'start-date' ? startsOn : endsOn

/** A JP had as many before the first rules that say so. */
const usualMinutesPerJp = 45

/** Minutes of a JP by the rules of a day. */
export const minutesPerJpOn = (sets: readonly HourRuleSet[], day: string): number =>
  inForce(sets, day)?.rules.minutesPerJp ?? usualMinutesPerJp

/** Whole JP of sessions, each by the rules of its day: what is over in one is added to the next. */
export const jpOfSessions = (sessions: readonly Session[], sets: readonly HourRuleSet[]): number =>
  Math.floor(sum(sessions.map(({ on, minutes }) => minutes / minutesPerJpOn(sets, on))) + tiny)
