import { birthDateFault, type LifeDays, lifeDayFault, lifeDaysOf } from '@jejak/competency/days'
import { type Nip, parseNip, sexes } from '@jejak/competency/nip'
import { retainedOn } from '@jejak/competency/retention'
import { dispositions } from '@jejak/events/erasure'
import { assignments, employments } from '@jejak/events/posting'
import type { FileClaimRequest } from '@jejak/proto/jejak/enrollment/v1/claim'
import type {
  ChangeNipRequest,
  CorrectPersonalDataRequest,
  EraseEmployeeRequest,
  MergeEmployeesRequest,
  Person,
  PostEmployeeRequest,
  Posting as PostingSent,
  RegisterEmployeeRequest,
} from '@jejak/proto/jejak/enrollment/v1/employee'
import {
  codeProblem,
  dayProblem,
  type FieldProblem,
  lifeDayWarnings,
  newNipProblem,
  nipDiffers,
  oneOfProblem,
  type Problems,
  pastDayProblem,
  problemsWithin,
  reasonProblem,
  type ShownByNip,
  textProblem,
  unlessEmpty,
  uuidProblem,
  validate,
  warningOf,
} from '@jejak/rpc/validate'
import { contractRefused, type Erasure, firstPosting, type Posting } from './employee.ts'
import { contractViolations } from './reasons.ts'
import type { Agencies } from './registers/agencies.ts'
import type { RuleRegister } from './registers/rule-register.ts'

const pattern = (form: RegExp, violated: 'email' | 'phone' | 'bkn-id') => (value: string) =>
  form.test(value) ? undefined : violated

const email = pattern(/^(?=.{3,254}$)[^\s@]+@[^\s@]+$/, 'email')
const phone = pattern(/^\+[1-9]\d{6,14}$/, 'phone')
const bknId = pattern(/^[0-9A-Za-z-]{32,36}$/, 'bkn-id')

const optionalProblems = (person: Person): Problems => ({
  birth_place: unlessEmpty(person.birthPlace, value => textProblem(value, 1, 100)),
  email: unlessEmpty(person.email, email),
  phone: unlessEmpty(person.phone, phone),
  bkn_id: unlessEmpty(person.bknId, bknId),
  sex: unlessEmpty(person.sex, oneOfProblem(sexes)),
})

const personProblems = (person: Person | undefined, today: string): Problems =>
  person
    ? problemsWithin('person', {
        nip: newNipProblem(person.nip),
        name: textProblem(person.name, 1, 200),
        birth_date: pastDayProblem(person.birthDate, today),
        ...optionalProblems(person),
      })
    : { person: 'missing' }

/** The fields that nobody must have, as sealed data names them. */
const clearable = {
  birth_place: 'birthPlace',
  email: 'email',
  phone: 'phone',
  bkn_id: 'bknId',
  sex: 'sex',
} as const

/** Any of the fields, and no NIP. */
const correctionProblems = (person: Person | undefined, today: string): Problems =>
  person
    ? problemsWithin('person', {
        nip: person.nip === '' ? undefined : 'nip-corrected',
        name: unlessEmpty(person.name, value => textProblem(value, 1, 200)),
        birth_date: unlessEmpty(person.birthDate, day => pastDayProblem(day, today)),
        ...optionalProblems(person),
      })
    : {}

/** The registers that a posting goes by, each as it is on its day. */
export type PostingRegisters = {
  readonly agencies: Pick<Agencies, 'problem'>
  readonly ruleRegister: Pick<RuleRegister, 'rules'>
}

const postingProblems = async (
  posting: PostingSent | undefined,
  registers: PostingRegisters,
): Promise<Problems> => {
  if (!posting) return { posting: 'missing' }
  const since = dayProblem(posting.since)
  const { agency, office } = since
    ? { agency: codeProblem(posting.agency), office: unlessEmpty(posting.office, codeProblem) }
    : await registeredProblems(posting, registers)
  return problemsWithin('posting', {
    agency,
    unit: unlessEmpty(posting.unit, codeProblem),
    position: codeProblem(posting.position),
    since,
    employment: unlessEmpty(posting.employment, oneOfProblem(employments)),
    contract_since: unlessEmpty(posting.contractSince, dayProblem),
    office,
    assignment: unlessEmpty(posting.assignment, oneOfProblem(assignments)),
  })
}

/** What of a posting is in no register on its first day. */
export const registeredProblems = async (
  { agency, office, since }: Pick<Posting, 'agency' | 'office' | 'since'>,
  { agencies, ruleRegister }: PostingRegisters,
): Promise<Record<'agency' | 'office', FieldProblem>> => ({
  agency: await agencies.problem(agency, since),
  office: office ? await officeProblem(office, since, ruleRegister) : undefined,
})

/** A level of office by the law of the day; before the first that is known, by that one. */
const officeProblem = async (
  office: string,
  day: string,
  { rules }: Pick<RuleRegister, 'rules'>,
): Promise<FieldProblem> => {
  const known = await rules()
  const set = known.on('offices', day) ?? known.all('offices')[0]
  return oneOfProblem(set?.rules.levels.map(({ code }) => code) ?? [])(office)
}

const readNip = (value: string): Nip => {
  const parsed = parseNip(value)
  if ('violations' in parsed) throw new Error('it was not validated')
  return parsed
}

const nipWarnings = (field: string, { warnings }: Nip): readonly string[] =>
  warnings.map(({ description }) => `${field}: ${description}`)

const readPosting = (sent: PostingSent): Posting => {
  const { agency, unit, position, since, contractSince, office } = sent
  const employment = employments.find(known => known === sent.employment)
  const assignment = assignments.find(known => known === sent.assignment)
  return {
    agency,
    ...(unit && { unit }),
    position,
    since,
    ...(employment && { employment }),
    ...(contractSince && { contractSince }),
    ...(office && { office }),
    ...(assignment && { assignment }),
  }
}

type Registered = Pick<RegisterEmployeeRequest, 'requestId' | 'person' | 'posting'>

/** A person and a posting as they were sent: what the NIP suggests is beside it, not in it. */
const readStated = async (
  { requestId, person, posting }: Registered,
  registers: PostingRegisters,
  today: string,
  others: Problems = {},
) => {
  validate({
    ...others,
    request_id: uuidProblem(requestId),
    ...personProblems(person, today),
    ...(await postingProblems(posting, registers)),
  })
  const { $typeName: _, $unknown: __, ...fields } = person as Person
  const read = readNip(fields.nip)
  const { nip, kind } = read
  const life = lifeDaysOf(fields.birthDate, [nip])
  const known = Object.entries({ ...fields, nip }).filter(([, value]) => value !== '')
  return {
    person: { nip, ...Object.fromEntries(known) },
    stated: readPosting(posting as PostingSent),
    suggested: kind === 'unknown' ? undefined : kind,
    life,
    warnings: [...nipWarnings('person.nip', read), ...nipDiffers(nip, fields)],
  }
}

/** Throws what contradicts the days of the person, and a contract that a posting can't have. */
const checkDays = (posting: Posting, birthDate: string, life: LifeDays): void => {
  const unborn = lifeDayFault(posting.since, life)
  const refused = contractRefused(posting, life)
  validate({
    'posting.since': unborn,
    'posting.contract_since': refused && contractViolations[refused],
    ...(!unborn && !refused && bornProblems(birthDate, [posting])),
  })
}

/** What is odd about the days of a posting. */
export const postingWarnings = ({ since, contractSince }: Posting, life: LifeDays): string[] => [
  ...lifeDayWarnings('posting.since', since, life),
  ...(contractSince ? lifeDayWarnings('posting.contract_since', contractSince, life) : []),
]

export const readRegistration = async (
  request: Registered,
  registers: PostingRegisters,
  today: string,
) => {
  const { person, stated, suggested, life, warnings } = await readStated(request, registers, today)
  const posting = firstPosting(stated, suggested)
  checkDays(posting, request.person?.birthDate ?? '', life)
  return {
    asnId: request.requestId,
    person,
    posting,
    warnings: [...warnings, ...postingWarnings(posting, life)],
  }
}

/** What a claim leaves open is as it is recorded of the person, whatever their NIP suggests. */
export const readClaim = async (
  request: FileClaimRequest,
  registers: PostingRegisters,
  today: string,
) => {
  const others = { reason: reasonProblem(request.reason) }
  const { person, stated, life } = await readStated(request, registers, today, others)
  checkDays(stated, request.person?.birthDate ?? '', life)
  return { person, posting: stated }
}

/** A birth date is not after a posting or a contract began. */
export const bornProblems = (
  birthDate: string,
  postings: readonly Pick<Posting, 'since' | 'contractSince'>[],
): Problems => ({ 'person.birth_date': birthDateFault(birthDate, postings) })

export const readNipChange = (request: ChangeNipRequest) => {
  validate({
    request_id: uuidProblem(request.requestId),
    asn_id: uuidProblem(request.asnId),
    nip: newNipProblem(request.nip),
    reason: reasonProblem(request.reason),
    since: dayProblem(request.since),
  })
  const { asnId, since } = request
  const read = readNip(request.nip)
  return { asnId, reason: request.reason, since, nip: read.nip, read }
}

/** What is odd about a NIP from a day on, for somebody who has another NIP, birth date and sex. */
export const nipChangeWarnings = (
  { read, since }: { readonly read: Nip; readonly since: string },
  before: ({ readonly nip: string } & ShownByNip) | undefined,
): string[] => {
  const { birthDate = '', nip = '', sex = '' } = before ?? {}
  const former = parseNip(nip)
  const life = lifeDaysOf(birthDate, [read.nip])
  return [
    ...nipWarnings('nip', read),
    ...(birthDate === '' || birthDate === read.birthDate
      ? []
      : [warningOf('nip', 'other-birth-date')]),
    ...('nip' in former && former.sex !== read.sex ? [warningOf('nip', 'other-sex')] : []),
    ...(sex === '' || sex === read.sex ? [] : [warningOf('nip', 'other-sex-recorded')]),
    ...lifeDayWarnings('since', since, life),
  ]
}

/** The fields that change: an empty text takes one away. */
export const readCorrection = (request: CorrectPersonalDataRequest, today: string) => {
  const { asnId, person, cleared, reason, subjectRequestId } = request
  const { $typeName: _, $unknown: __, ...sent } = person ?? ({} as Person)
  const given = Object.entries(sent).filter(([, value]) => value !== '')
  const isClearable = cleared.every(name => Object.hasOwn(clearable, name))
  validate({
    request_id: uuidProblem(request.requestId),
    asn_id: uuidProblem(asnId),
    ...correctionProblems(person, today),
    ...(given.length + cleared.length === 0 && { person: 'nothing-corrected' }),
    cleared: isClearable ? undefined : { key: 'one-of', values: { known: Object.keys(clearable) } },
    reason: reasonProblem(reason),
    subject_request_id: unlessEmpty(subjectRequestId, uuidProblem),
  })
  const fields: Readonly<Record<string, string>> = {
    ...Object.fromEntries(cleared.map(name => [(clearable as Record<string, string>)[name], ''])),
    ...Object.fromEntries(given),
  }
  return { asnId, fields, reason, subjectRequestId }
}

export const readPosted = async (
  { requestId, asnId, posting }: PostEmployeeRequest,
  registers: PostingRegisters,
) => {
  validate({
    request_id: uuidProblem(requestId),
    asn_id: uuidProblem(asnId),
    ...(await postingProblems(posting, registers)),
  })
  return { asnId, posting: readPosting(posting as PostingSent) }
}

export const checkMerge = (request: MergeEmployeesRequest) =>
  validate({
    request_id: uuidProblem(request.requestId),
    survivor_id: uuidProblem(request.survivorId),
    duplicate_id:
      uuidProblem(request.duplicateId) ??
      (request.duplicateId === request.survivorId ? 'own-survivor' : undefined),
    reason: reasonProblem(request.reason),
  })

/** `today` is the day on which retention is asked about. */
export const readErasure = (request: EraseEmployeeRequest, today: string) => {
  const { asnId, basis, lastDayOfService, overrideReason: reason } = request
  const disposition = dispositions.find(known => known === request.disposition)
  validate({
    request_id: uuidProblem(request.requestId),
    asn_id: uuidProblem(asnId),
    basis: reasonProblem(basis),
    disposition: oneOfProblem(dispositions)(request.disposition),
    last_day_of_service: unlessEmpty(lastDayOfService, day => pastDayProblem(day, today)),
    override_reason: unlessEmpty(reason, reasonProblem),
  })
  if (!disposition) throw new Error('it was not validated')
  const retained = retainedOn(today, lastDayOfService || today)
  const erasure: Erasure = {
    basis,
    disposition,
    ...(lastDayOfService && { lastDayOfService }),
    ...(retained && reason && { override: { reason, rule: retained.rule, until: retained.until } }),
  }
  return { asnId, erasure, retained: erasure.override ? undefined : retained }
}
