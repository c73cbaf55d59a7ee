import { isInTerm, type Term } from './days.ts'

/** What an accreditation of an assessor holds for. */
export type HeldAccreditation = Term & {
  /** The highest level; all of them without one. */
  readonly level?: number
}

/** Of several that hold on a day the newest counts; they are in the order of recording. */
export const accreditationOn = (
  accreditations: readonly HeldAccreditation[],
  day: string,
): HeldAccreditation | undefined => accreditations.findLast(each => isInTerm(day, each))

/** Whether an assessor with these accreditations was accredited for a level on a day. */
export const isAccredited = (
  accreditations: readonly HeldAccreditation[],
  { level, occurredOn }: { readonly level: number; readonly occurredOn: string },
): boolean => {
  const held = accreditationOn(accreditations, occurredOn)
  return held !== undefined && level <= (held.level ?? level)
}
