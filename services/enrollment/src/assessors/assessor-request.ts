// tidy: what may be asked of the register, apart from what is done.
import { termFault } from '@jejak/competency/days'
import type {
  Accreditation as Given,
  RegisterAssessorRequest,
} from '@jejak/proto/jejak/enrollment/v1/assessor'
import {
  dayProblem,
  type FieldProblem,
  nipProblem,
  numberProblem,
  type Problems,
  problemsWithin,
  textProblem,
  titleProblem,
  unlessEmpty,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import type { Accreditation } from './assessor.ts'

const termProblems = (since: string, until: string): Problems => ({
  since: dayProblem(since),
  until: unlessEmpty(until, day => dayProblem(day) ?? termFault({ since, until: day })),
})

export const accreditationProblems = ({ title, issuer, level, since, until }: Given): Problems =>
  problemsWithin('accreditation', {
    title: titleProblem(title),
    issuer: titleProblem(issuer),
    level: level === 0 ? undefined : numberProblem(level, 1, 5),
    ...termProblems(since, until),
  })

export const accreditationIn = ({ title, issuer, level, since, until }: Given): Accreditation => ({
  title,
  issuer,
  ...(level !== 0 && { level }),
  since,
  ...(until && { until }),
})

/** The id of who is to be registered. */
export const idIn = ({ assessorId, requestId }: RegisterAssessorRequest) => assessorId || requestId

export const checkRegistration = (request: RegisterAssessorRequest): void => {
  const { requestId, assessorId, asnId, nip, name, since, until, accreditation } = request
  const named = [asnId, nip, name].filter(Boolean).length
  const who: FieldProblem = named === 1 ? undefined : 'assessor-who'
  validate({
    request_id: uuidProblem(requestId),
    assessor_id: unlessEmpty(assessorId, uuidProblem),
    asn_id: who ?? unlessEmpty(asnId, uuidProblem),
    nip: unlessEmpty(nip, nipProblem),
    name: unlessEmpty(name, value => textProblem(value, 1, 200)),
    ...termProblems(since, until),
    ...(accreditation && accreditationProblems(accreditation)),
  })
}
