import {
  type AgencyRegister,
  agencyOn,
  builtInAgencies,
  isAgencyOn,
  registeredAgency,
} from '@jejak/competency/agency-register'
import { near } from '@jejak/competency/near'
import { keptBriefly } from '@jejak/eventsourcing/kept-briefly'
import { codeProblem, type FieldProblem } from '@jejak/rpc/validate'
import type { Lists } from '../lists.ts'
import type { EnrollmentStreams } from '../streams.ts'

export type Agencies = ReturnType<typeof openAgencies>

/** The register of agencies, in memory: it is asked for each person. */
export const openAgencies = (
  { agencies }: Pick<EnrollmentStreams, 'agencies'>,
  { ids }: Pick<Lists, 'ids'>,
  today: () => string,
) => {
  const kept = keptBriefly<void, AgencyRegister>(async () => {
    const register = new Map(builtInAgencies)
    const changed = await Array.fromAsync(ids(['agencies']))
    const states = await Promise.all(changed.map(code => agencies.read(code)))
    for (const [at, code] of changed.entries()) {
      const agency = states[at] && registeredAgency(code, states[at])
      if (agency) register.set(code, agency)
    }
    return register
  })
  const register = kept.ask

  return {
    register,

    /**
     * The agency that may bring people in under a code: the one that has its rights today. One that
     * was closed without a successor keeps those whom it has, and brings in nobody.
     */
    bringing: async (code: string): Promise<string | undefined> => {
      const known = await register()
      const holder = known.get(agencyOn(known, code, today()))
      return holder && isAgencyOn(holder, today()) ? holder.code : undefined
    },

    /** Reads it again for the next question: something of it was written. */
    changed: kept.forget,

    /** What is wrong with the code of an agency as of a day, beyond its form. */
    problem: async (code: string, day: string): Promise<FieldProblem> => {
      const form = codeProblem(code)
      if (form) return form
      const known = await register()
      const agency = known.get(code)
      if (agency && isAgencyOn(agency, day)) return undefined
      const successor = agencyOn(known, code, day)
      const codes = [...known.values()].filter(each => isAgencyOn(each, day)).map(each => each.code)
      const meant = codes.includes(successor) ? [successor] : near(code, codes)
      return { key: 'agency-unregistered', values: { meant } }
    },
  }
}
