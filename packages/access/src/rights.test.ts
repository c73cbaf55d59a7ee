import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Principal, roles } from './principal.ts'
import { type Action, may, rights, type Touched } from './rights.ts'

const actions = Object.keys(rights) as Action[]
const agencies = ['rsud-daya', 'dinkes', undefined]
const people = ['p-1', 'p-2', undefined]

const principals: fc.Arbitrary<Principal> = fc
  .record({
    role: fc.constantFrom<Principal['role'][]>(...roles, 'service'),
    agency: fc.constantFrom(...agencies),
    asnId: fc.constantFrom(...people),
  })
  .map(({ role, agency, asnId }) => ({
    id: 'token',
    role,
    ...(agency && { agency }),
    ...(asnId && { asnId }),
  }))
const things: fc.Arbitrary<Touched> = fc.record({
  agency: fc.constantFrom(...agencies),
  asnId: fc.constantFrom(...people),
})

/** Whom else their people are read by, or what these ask for, is not the agency's to know. */
const notForAgencies = ['ListReads', 'ListSubjectRequests']

/** What a person may ask for about themselves. */
const asks = ['ContestAssessment', 'FileSubjectRequest']

const betweenServices = ['ResolveEmployees', 'GetSubjectKeys', 'FindOpenClaims']

/** What an agency does for its own people. */
const work = [
  ...['RegisterEmployee', 'FileClaim', 'Nominate', 'Withdraw', 'RecordAttendance'],
  ...['RecordLearning', 'RevokeLearning'],
]

/** Calls about all people of an agency together. */
const ofAnAgency = [
  ...['ListContests', 'ListEmployees', 'ListPeople'],
  ...['GetGaps', 'GetIpAsnSums', 'ListHours'],
]

/** Calls about the whole city. */
const ofTheCity = ['Export', 'GetCityGaps']

/** Claims are between the agencies that file them and HR, who decides. */
const claiming = ['agency', 'hr']

const between: Readonly<Record<string, readonly string[]>> = {
  // It has people in it, of whom an agency is to see its own.
  ListCityContests: ['hr', 'auditor'],
  // Any agency names any assessor in what it submits; the public needs none of their names.
  ListAssessors: ['agency', 'hr', 'auditor'],
  // Nobody else is to know who was punished.
  GetDiscipline: ['hr', 'asn'],
  FileClaim: claiming,
  ListClaims: claiming,
  DecideClaim: claiming,
}

/** The same rights in other words: what each role may do, by its work. */
const stated = (principal: Principal, action: Action, touched: Touched): boolean => {
  const [service, name = ''] = action.split('.')
  if (principal.role === 'service') return service === 'history' || betweenServices.includes(name)
  if (betweenServices.includes(name)) return false
  // Parked streams are for those who run a service, and for those who check it.
  if (service === 'parked' && !['hr', 'auditor'].includes(principal.role)) return false
  // Only auditors read every event of everybody; a head is about nobody.
  if (service === 'history') {
    if (name === 'GetCheckpoint' || principal.role === 'auditor') return true
    return name === 'ReadStream' && principal.role === 'hr'
  }
  if (ofTheCity.includes(name)) return ['hr', 'auditor', 'ministry'].includes(principal.role)
  if (notForAgencies.includes(name) && principal.role === 'agency') return false
  if (between[name]?.includes(principal.role) === false) return false
  const reads = /^(Get|List|LookUp|Explain|ResolveCompetency)/.test(name)
  const catalogue =
    /Program|Cohort|Framework|Standard|Archive|Agenc|Assessors|ResolveCompetency|RuleSet/.test(name)
  const judges = /^(Submit|Contest|CorrectAssessment|FileClaim)/.test(name)
  switch (principal.role) {
    case 'hr': // Runs everything, but neither assesses anybody nor contests in their place.
      return !judges
    case 'auditor': // Sees everything and changes nothing.
      return reads
    case 'ministry': // Sees what is about nobody.
      return reads && catalogue
    case 'agency': {
      if (reads && catalogue) return true
      const works = work.includes(name) || /^(Submit|CorrectAssessment)/.test(name)
      return (reads || works) && !!principal.agency && principal.agency === touched.agency
    }
    case 'asn':
      if (reads && catalogue) return true
      // An agency's people are not one person's to list.
      return (
        ((reads && !ofAnAgency.includes(name)) || asks.includes(name)) &&
        !!principal.asnId &&
        principal.asnId === touched.asnId
      )
  }
}

describe('the table of rights', () => {
  test('is what the roles are for, for every action', () => {
    for (const action of actions) {
      const property = fc.property(principals, things, (principal, touched) => {
        expect(may(principal, action, touched)).toBe(stated(principal, action, touched))
      })
      fc.assert(property, { numRuns: 200 })
    }
  })

  test('gives nothing of its own to who has no agency or is no person', () => {
    const nothing = { agency: undefined, asnId: undefined }
    expect(may({ id: 't', role: 'agency' }, 'enrollment.GetEmployee', nothing)).toBe(false)
    expect(may({ id: 't', role: 'asn' }, 'enrollment.GetEmployee', nothing)).toBe(false)
  })
})
