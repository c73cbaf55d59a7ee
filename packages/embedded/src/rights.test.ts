// tidy: the rules in words, and all that is held against them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { roles } from '@jejak/access/principal'
import type { Grant } from '@jejak/access/token'
import { RpcError } from '@jejak/rpc/error'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everyCall, type MethodName } from './testing/every-call.ts'
import { openTestbed, refusalOf, type Testbed, textOf } from './testing/testbed.ts'
import {
  agencies,
  type FixturePerson,
  recordTraining,
  unregistered,
} from './testing/training-fixture.ts'

// Codes of gRPC.
const [ok, notFound, alreadyExists, permissionDenied, failedPrecondition] = [0, 5, 6, 7, 9]
const unauthenticated = 16
/** Not INVALID_ARGUMENT either: then nobody was asked for a right. */
const notRefused = [ok, notFound, alreadyExists, failedPrecondition]

const names = Object.keys(everyCall) as MethodName[]
const aboutNobody: readonly MethodName[] = [
  'ListAgencies',
  'GetRuleSet',
  'ListRuleSets',
  'GetProgram',
  'ListPrograms',
  'GetCohort',
  'GetFramework',
  'ListFrameworks',
  'ResolveCompetency',
  'ListArchives',
  'GetStandard',
  'GetCheckpoint',
]
const aboutEverybody: readonly MethodName[] = [
  'ReadStream',
  'ReadLog',
  'GetInclusionProof',
  'GetConsistencyProof',
]
const aboutStreams: readonly MethodName[] = ['ListParked', 'GetParked']
const aboutSomebody: readonly MethodName[] = [
  'GetEmployee',
  'LookUpEmployee',
  'GetEnrollment',
  'ListEnrollments',
  'ListLearning',
  'ListAssessments',
  'ListCareer',
  'GetCompetencyProfile',
  'GetCertificate',
  'ListCertificates',
  'ExplainCertification',
]
const assessing: readonly MethodName[] = [
  'SubmitAssessment',
  'SubmitAssessments',
  'CorrectAssessment',
]
const ofAnAgency: readonly MethodName[] = [
  ...[
    'ListContests',
    'ListEmployees',
    'RegisterEmployee',
    'FileClaim',
    'Nominate',
    'RecordAttendance',
    'Withdraw',
  ],
  ...['RecordLearning', 'RevokeLearning'],
  ...assessing,
  ...aboutSomebody,
] as MethodName[]

const byThePerson: readonly MethodName[] = [
  'GetDiscipline',
  'ContestAssessment',
  'FileSubjectRequest',
  'ListSubjectRequests',
]

/** Whether a grant allows a call, derived from the roles' work and not from the table. */
const mayCall = ({ role, agency, asnId }: Grant, name: MethodName, of: FixturePerson): boolean => {
  switch (role) {
    case 'hr': // Runs everything, but neither assesses anybody nor contests in their place.
      if (aboutEverybody.includes(name)) return name === 'ReadStream'
      return ![...assessing, 'ContestAssessment', 'FileClaim'].includes(name)
    case 'auditor': // Sees everything and changes nothing.
      return [
        ...aboutNobody,
        ...aboutSomebody,
        ...aboutEverybody,
        ...aboutStreams,
        'ListAssessors',
        'ListContests',
        'ListEmployees',
        'ListSubjectRequests',
      ].includes(name)
    case 'ministry': // Sees what is about nobody.
      return aboutNobody.includes(name)
    case 'agency': // Does its work for its own people, and corrects its own assessments.
      if (name === 'ListClaims') return true // Its own.
      if (name === 'ListAssessors') return true // It names them in what it submits.
      if (name === 'CorrectAssessment' && of.assessedBy !== agency) return false
      return aboutNobody.includes(name) || (ofAnAgency.includes(name) && of.agency === agency)
    case 'asn': // Sees what there is of themselves, may contest it and have it corrected.
      if (aboutNobody.includes(name)) return true
      return [...aboutSomebody, ...byThePerson].includes(name) && of.asnId === asnId
  }
}

type Caller = Grant & { readonly token: string }
let folder = ''
let bed: Testbed
let fixture: Awaited<ReturnType<typeof recordTraining>>
let callers: readonly Caller[]
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jejak-rights-'))
  bed = await openTestbed({ folder })
  fixture = await recordTraining(bed)
  const grants: Grant[] = [
    ...agencies.map(agency => ({ role: 'agency', agency }) as const),
    ...(['hr', 'auditor', 'ministry'] as const).map(role => ({ role })),
    ...[...fixture.people.filter(of => of !== fixture.erased), unregistered()].map(
      ({ asnId }) => ({ role: 'asn', asnId }) as const,
    ),
  ]
  callers = grants.map(grant => ({ ...grant, token: bed.issue(grant) }))
}, 60_000)
afterAll(async () => {
  await bed.close()
  rmSync(folder, { recursive: true })
})

/** The outcome of a call: its code and all of its texts. */
const outcomeOf = async (caller: Caller, name: MethodName, of: FixturePerson) => {
  // HR may erase, which can't be undone: it calls for nobody, because later cases need the person.
  const spared = caller.role === 'hr' ? unregistered() : of
  try {
    const answer = await everyCall[name](bed.as(caller.token), of, spared)
    return { code: ok, text: textOf(answer) }
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    const { code, reason, message, details } = error
    return { code, reason, text: textOf({ message, details }) }
  }
}

/** Whom a caller must see nothing of. */
const hiddenFrom = ({ role, agency, asnId }: Caller): readonly FixturePerson[] =>
  ({
    hr: () => [],
    auditor: () => [],
    ministry: () => fixture.people,
    agency: () => fixture.people.filter(person => person.agency !== agency),
    asn: () => fixture.people.filter(person => person.asnId !== asnId),
  })[role]()

const seenIn = (text: string, people: readonly FixturePerson[]) =>
  people.filter(({ asnId, recordId, nip, name }) =>
    [asnId, recordId, nip, name].some(secret => text.includes(secret)),
  )

describe('a right', { timeout: 60_000 }, () => {
  test('is tried here for every call that there is', () => {
    const methods = bed.implementations.flatMap(({ service }) => service.methods)
    expect(methods.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
  })

  test.each(['', 'jejak_hr_made-up', 'revoked'])(
    'is nobody\'s whose token is "%s"',
    async bearer => {
      const revoked = bed.tokens.issue({ role: 'hr' })
      bed.tokens.revoke(revoked.principal.id)
      const caller: Caller = { role: 'hr', token: bearer === 'revoked' ? revoked.token : bearer }
      const [stays = unregistered()] = fixture.people
      const before = await bed.sizes()
      for (const name of names) {
        const { code } = await outcomeOf(caller, name, stays)
        expect([name, code]).toEqual([name, unauthenticated])
      }
      expect(await bed.sizes()).toEqual(before)
    },
  )

  test('is nobody’s whose person is erased, also by a token that was issued since', async () => {
    const grant = { role: 'asn', asnId: fixture.erased.asnId } as const
    const caller: Caller = { ...grant, token: bed.issue(grant) }
    for (const name of names) {
      const { code } = await outcomeOf(caller, name, fixture.erased)
      expect([name, code]).toEqual([name, unauthenticated])
    }
  })

  /** A call about what somebody has; answers whether the caller might. */
  const tried = async (name: MethodName, caller: Caller, of: FixturePerson): Promise<boolean> => {
    const before = await bed.sizes()
    const { text, ...outcome } = await outcomeOf(caller, name, of)
    const who = `${caller.role} ${caller.agency ?? ''}, of who ${of.label}`
    expect(seenIn(text, hiddenFrom(caller)), who).toEqual([])
    const granted = mayCall(caller, name, of)
    if (granted) expect(notRefused, who).toContain(outcome.code)
    else {
      expect(outcome, who).toEqual({ code: permissionDenied, reason: 'NO_RIGHT' })
      expect(await bed.sizes(), who).toEqual(before)
    }
    return granted
  }

  test.each(names)('to %s has who is to have it, whomever it is about', async name => {
    // Once somebody is erased their NIP is nobody's.
    const people = fixture.people.filter(of => name !== 'LookUpEmployee' || of !== fixture.erased)
    const pairs = callers.flatMap(caller => people.map(of => ({ caller, of })))
    const order = fc.shuffledSubarray([...pairs.keys()], { minLength: pairs.length })
    const granted = new Set<boolean>()
    const property = fc.asyncProperty(order, async order => {
      for (const at of order) {
        const { caller, of } = pairs[at] as (typeof pairs)[number]
        granted.add(await tried(name, caller, of))
      }
    })
    await fc.assert(property, { numRuns: 2 })
    expect(granted).toEqual(new Set(aboutNobody.includes(name) ? [true] : [true, false]))
  })

  test('of a cohort shows each caller the enrollments of those whom they answer for', async () => {
    for (const caller of callers) {
      const { listEnrollments } = bed.as(caller.token).enrollments
      const answer = listEnrollments({ cohortId: fixture.cohortId })
      if (caller.role === 'ministry') {
        expect(await refusalOf(answer)).toBe('NO_RIGHT')
        continue
      }
      const { enrollments } = await answer
      const hidden = hiddenFrom(caller)
      const shown = fixture.people.filter(person => !hidden.includes(person))
      const listed = enrollments.map(({ enrollmentId }) => enrollmentId)
      for (const { enrollmentId } of shown) expect(listed).toContain(enrollmentId)
      for (const { enrollmentId } of hidden) expect(listed).not.toContain(enrollmentId)
    }
  })

  test('that a role does not have tells it nothing of what there is', async () => {
    for (const name of names) {
      for (const role of roles) {
        const those = callers.filter(caller => caller.role === role)
        const any = those.some(caller => fixture.people.some(of => mayCall(caller, name, of)))
        // A civil servant may not look up whose NIP it is.
        const isUntold = !any || (role === 'asn' && name === 'LookUpEmployee')
        for (const caller of isUntold ? those : []) {
          const others = fixture.people.filter(of => !mayCall(caller, name, of))
          const known = await outcomeOf(caller, name, others[0] ?? unregistered())
          expect(await outcomeOf(caller, name, unregistered())).toEqual(known)
        }
      }
    }
  })

  test('that is for the own answers its holder that there is nothing', async () => {
    const [stays] = fixture.people
    const mine = callers.filter(({ agency, asnId }) =>
      [agency, asnId].some(own => own === stays?.agency || own === stays?.asnId),
    )
    for (const name of aboutSomebody) {
      for (const { role, token } of mine) {
        if (role === 'asn' && name === 'LookUpEmployee') continue
        const call = everyCall[name](bed.as(token), unregistered(), unregistered())
        expect([name, role, await refusalOf(call)]).toEqual([
          name,
          role,
          expect.stringMatching(/UNKNOWN$/),
        ])
      }
    }
  })
})
