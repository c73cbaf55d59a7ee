import type { NewEvent, Violation } from '@jejak/eventsourcing/log'
import { assessmentEvents } from './assessment.ts'
import { certificationEvents } from './certification.ts'
import type { DeclaredEvent } from './declaration.ts'
import { enrollmentEvents } from './enrollment.ts'
import { logEvents } from './log.ts'
import { reportingEvents } from './reporting.ts'

/** The events of our services, each of which has a log of its own. */
export const catalogues = [enrollmentEvents, assessmentEvents, certificationEvents, reportingEvents]

/** Every event that is declared. Those of `log` may be in the log of any service. */
export const declared = [...catalogues, logEvents]

/** How a publisher declares the event of this name; undefined if it does not. */
export const declaredEvent = (publisher: string, name: string): DeclaredEvent | undefined =>
  events.get(`${publisher}.${name}`)

const events: ReadonlyMap<string, DeclaredEvent> = new Map(
  declared.flatMap(({ publisher, declarations }) =>
    Object.entries<DeclaredEvent>(declarations).map(
      ([name, event]) => [`${publisher}.${name}`, event] as const,
    ),
  ),
)

const checks = new Map<string, typeof checkKnown>(
  declared.flatMap(({ publisher, declarations, check }) =>
    Object.entries(declarations).map(
      ([name, { version }]) => [`jejak.${publisher}.${name}.v${version}`, check] as const,
    ),
  ),
)

/** Violations of an event of any publisher: we declare those that begin with `jejak.`. */
export const checkKnown = (event: NewEvent): readonly Violation[] => {
  const check = checks.get(event.type)
  if (check) return check(event)
  if (!event.type.startsWith('jejak.')) return []
  return [{ field: '.type', description: `no such event is declared: ${event.type}` }]
}
