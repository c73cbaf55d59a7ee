import { agencies } from './agencies.ts'
import { inOrderOfDays } from './posting.ts'

/** A name, and the first day on which it holds, RFC 3339 full-date. */
export type AgencyTitle = { readonly title: string; readonly since: string }

/** From that day on it is none any more; its successor, if it was merged into another. */
export type AgencyEnd = { readonly since: string; readonly successor?: string }

/** An agency with its days. Its code stays, whatever it is called. */
export type RegisteredAgency = {
  readonly code: string
  /** In the order of their days: the first is the name from the agency's first day on. */
  readonly titles: readonly [AgencyTitle, ...AgencyTitle[]]
  readonly closed?: AgencyEnd
}

/** All agencies by their codes. */
export type AgencyRegister = ReadonlyMap<string, RegisteredAgency>

/** No list says when these began: a posting of any day may name them. */
const always = '1900-01-01'

/** The agencies that come with the program, as they are before HR has said more of them. */
export const builtInAgencies: AgencyRegister = new Map(
  agencies.map(({ code, name }) => [code, { code, titles: [{ title: name, since: always }] }]),
)

/**
 * The agency with this code, from what comes with the program and what was recorded since. A name
 * that would begin once it is closed never holds.
 */
export const registeredAgency = (
  code: string,
  recorded: { readonly titles: readonly AgencyTitle[]; readonly closed?: AgencyEnd },
): RegisteredAgency | undefined => {
  const builtIn = builtInAgencies.get(code)?.titles ?? []
  const { closed, titles } = recorded
  const [first, ...later] = inOrderOfDays([...builtIn, ...titles])
  if (!first) return undefined
  const held = later.filter(({ since }) => !closed || since < closed.since)
  return { code, titles: [first, ...held], ...(closed && { closed }) }
}

export const isAgencyOn = ({ titles: [first], closed }: RegisteredAgency, day: string): boolean =>
  first.since <= day && !(closed && closed.since <= day)

/** Who succeeds whom: all that `agencyOn` needs of a register. */
type Successions = ReadonlyMap<string, Pick<RegisteredAgency, 'closed'>>

/**
 * The agency that has on a day the rights of the one that is named: its successor from the day of a
 * merge on, and that one's. A code that is not registered, and an agency that was closed without a
 * successor, stand for themselves: rights to whom HR has not posted elsewhere stay there.
 */
export const agencyOn = (register: Successions, code: string, day: string): string => {
  const passed = new Set<string>()
  let current = code
  while (!passed.has(current)) {
    passed.add(current)
    const closed = register.get(current)?.closed
    if (!closed?.successor || closed.since > day) return current
    current = closed.successor
  }
  return code // A ring of an old log: none of them has the other's rights.
}

/** Whether an agency, or a successor of it on whatever day, is merged into another one. */
export const leadsTo = (register: Successions, from: string, to: string): boolean => {
  const passed = new Set<string>()
  for (let at: string | undefined = from; at && !passed.has(at); ) {
    if (at === to) return true
    passed.add(at)
    at = register.get(at)?.closed?.successor
  }
  return false
}

/** The codes of all agencies whose rights an agency has on a day, its own among them. */
export const codesOfAgency = (
  register: Successions,
  agency: string,
  day: string,
): readonly string[] => [
  agency,
  ...[...register.keys()].filter(
    code => code !== agency && agencyOn(register, code, day) === agency,
  ),
]
