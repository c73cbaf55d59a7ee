import { plain } from '@jejak/privacy/seal'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { authorise } from '@jejak/rpc/authorise'
import { refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import type { Recall } from '@jejak/rpc/recall'
import { nipDiffers, validate, warningOf } from '@jejak/rpc/validate'
import { joinRecorded, recordedOrThrow, recordedUnlessRefused } from '@jejak/rpc/write'
import { type LocalDirectory, personOf } from './directory.ts'
import { correctData } from './employee.ts'
import { bornProblems, readCorrection } from './employee-request.ts'
import type { EmployeePorts } from './employee-writes.ts'
import { employeeReasons, subjectRequestReasons } from './reasons.ts'
import type { EnrollmentStreams } from './streams.ts'
import { answer } from './subject-request.ts'
import { keyedContent, repeatedOf, writingOf } from './writing.ts'

const { correctPersonalData } = EmployeeService.method

/**
 * Corrects first, then answers the person's request for it: a retry completes what a crash left
 * between the two.
 */
const correctingData = ({ streams, directory, vault, today }: EmployeePorts) =>
  (async (request, call) => {
    const { asnId, fields, reason, subjectRequestId } = readCorrection(request, today())
    authorise(call, 'enrollment.CorrectPersonalData', {})
    const [key] = await vault.keys([asnId])
    if (!key) throw refusedBy('EMPLOYEE_UNKNOWN')
    if (key === 'erased') throw refusedBy('EMPLOYEE_ERASED')
    const write = writingOf(call, correctPersonalData, request, { key })
    if (subjectRequestId && !(await repeatedOf(streams, write))) {
      await refuseUnlessOpen({ streams, directory }, asnId, subjectRequestId)
    }
    const records = await directory.records(asnId)
    const postings = records.flatMap(({ state }) => state.postings)
    validate(bornProblems(fields['birthDate'] ?? '', postings))
    const person = plain(key, fields)
    const corrected = await streams.employees.transact(asnId, {
      ...write,
      decide: state => {
        const held = personOf(state, key, today()) ?? {}
        const isHeld = Object.entries(fields).every(
          ([name, value]) => ((held as Record<string, string>)[name] ?? '') === value,
        )
        const requestId = subjectRequestId || undefined
        return correctData(
          state,
          { asnId, person, reason, ...(requestId && { requestId }) },
          isHeld,
        )
      },
    })
    const recorded = [await recordedOrThrow(corrected, employeeReasons)]
    const warnings: string[] = []
    if (subjectRequestId) {
      const answered = await streams.subjectRequests.transact(subjectRequestId, {
        ...writingOf(call, correctPersonalData, request, { step: 1, key }),
        decide: state => answer(state, { outcome: 'done', reason }),
      })
      if ('refused' in answered && 'appended' in corrected) {
        // The correction stands, whoever has answered the request meanwhile.
        recorded.push(await recordedUnlessRefused(answered, subjectRequestReasons))
        warnings.push(warningOf('subject_request_id', 'answered-otherwise'))
      } else recorded.push(await recordedOrThrow(answered, subjectRequestReasons))
    }
    const now = personOf(await streams.employees.read(asnId), key, today())
    warnings.push(...nipDiffers(now?.nip ?? '', fields))
    return { recorded: joinRecorded(recorded), warnings }
  }) satisfies Handlers<typeof EmployeeService>['correctPersonalData']

/** It is a request for a correction, by any record of the same person, and waits for an answer. */
const refuseUnlessOpen = async (
  { streams, directory }: { streams: EnrollmentStreams; directory: LocalDirectory },
  asnId: string,
  id: string,
) => {
  const state = await streams.subjectRequests.read(id)
  if (state.status === 'absent' || state.filed.kind !== 'correction') {
    throw refusedBy('SUBJECT_REQUEST_UNKNOWN')
  }
  const records = await directory.records(asnId)
  if (!records.some(record => record.asnId === state.filed.asnId)) {
    throw refusedBy('SUBJECT_REQUEST_UNKNOWN')
  }
  if (state.status === 'answered') throw refusedBy('SUBJECT_REQUEST_ANSWERED')
}

/** The handler, and how its retry is answered: with the answer to the request, if it had one. */
export const retriedCorrection = (
  ports: EmployeePorts,
  { retryingUnary }: Recall,
): Handlers<typeof EmployeeService>['correctPersonalData'] => {
  const handle = correctingData(ports)
  const content = keyedContent(ports.vault)(correctPersonalData.input)
  const alone = retryingUnary(correctPersonalData, handle, { content })
  const answering = retryingUnary(correctPersonalData, handle, {
    ...{ content, steps: [0, 1], doneWith: 0 },
  })
  return (request, call) => (request.subjectRequestId ? answering : alone)(request, call)
}
