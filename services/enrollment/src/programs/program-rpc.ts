import { ProgramService } from '@jejak/proto/jejak/enrollment/v1/program'
import { authorise } from '@jejak/rpc/authorise'
import { refusedBy } from '@jejak/rpc/error'
import { type Handlers, implement } from '@jejak/rpc/implement'
import type { Recall } from '@jejak/rpc/recall'
import {
  afterOf,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import { recordedOrThrow } from '@jejak/rpc/write'
import { type Lists, listPage } from '../lists.ts'
import { cohortReasons, programReasons } from '../reasons.ts'
import type { EnrollmentStreams } from '../streams.ts'
import { writingOf } from '../writing.ts'
import { openCohort } from './cohort.ts'
import { publishProgram } from './program.ts'
import { readCohortTerms, readSyllabus } from './program-request.ts'

type Ports = {
  readonly streams: EnrollmentStreams
  readonly lists: Lists
  readonly recall: Recall
}
type Handler = Handlers<typeof ProgramService>
const { method } = ProgramService

export const programRpc = (ports: Ports) =>
  implement(ProgramService, {
    publishProgram: ports.recall.retryingUnary(method.publishProgram, publishing(ports), {
      answer: (recorded, { requestId }) => ({ programId: requestId, recorded }),
    }),
    openCohort: ports.recall.retryingUnary(method.openCohort, opening(ports), {
      answer: (recorded, { requestId }) => ({ cohortId: requestId, recorded }),
    }),
    listPrograms: listing(ports),
    getProgram: async ({ programId }, call) => {
      validate({ program_id: uuidProblem(programId) })
      authorise(call, 'enrollment.GetProgram', {})
      const program = await syllabusOf(ports, programId)
      if (!program) throw refusedBy('PROGRAM_UNKNOWN')
      return { program }
    },
    getCohort: async ({ cohortId }, call) => {
      validate({ cohort_id: uuidProblem(cohortId) })
      authorise(call, 'enrollment.GetCohort', {})
      const state = await ports.streams.cohorts.read(cohortId)
      if (state.status === 'absent') throw refusedBy('COHORT_UNKNOWN')
      return { cohort: { ...state.plan, seatsTaken: state.seats.size } }
    },
  })

const syllabusOf = async ({ streams }: Ports, programId: string) => {
  const state = await streams.programs.read(programId)
  if (state.status === 'absent') return undefined
  const { targets, modules, ...syllabus } = state.syllabus
  return { ...syllabus, targets: [...targets], modules: [...modules] }
}

const publishing = ({ streams }: Ports) =>
  (async (request, call) => {
    const syllabus = readSyllabus(request)
    authorise(call, 'enrollment.PublishProgram', {})
    const { programId } = syllabus
    const transacted = await streams.programs.transact(programId, {
      ...writingOf(call, method.publishProgram, request),
      decide: state => publishProgram(state, syllabus),
    })
    return { programId, recorded: await recordedOrThrow(transacted, programReasons) }
  }) satisfies Handler['publishProgram']

const opening = ({ streams }: Ports) =>
  (async (request, call) => {
    const plan = readCohortTerms(request)
    authorise(call, 'enrollment.OpenCohort', {})
    const { cohortId, programId } = plan
    const { status } = await streams.programs.read(programId)
    if (status === 'absent') throw refusedBy('PROGRAM_UNKNOWN')
    const transacted = await streams.cohorts.transact(cohortId, {
      ...writingOf(call, method.openCohort, request),
      decide: state => openCohort(state, plan),
    })
    return { cohortId, recorded: await recordedOrThrow(transacted, cohortReasons) }
  }) satisfies Handler['openCohort']

const listing = (ports: Ports) =>
  (async (request, call) => {
    const filter = ['programs']
    validate({
      page_size: pageSizeProblem(request.pageSize),
      page_token: pageTokenProblem(request.pageToken, filter),
    })
    authorise(call, 'enrollment.ListPrograms', {})
    const ids = ports.lists.ids(['program'], afterOf(request.pageToken))
    const { items, next } = await listPage(ids, pageSizeOf(request.pageSize), chunk =>
      Promise.all(chunk.map(id => syllabusOf(ports, id))),
    )
    return { programs: [...items], nextPageToken: next && pageTokenOf(filter, next) }
  }) satisfies Handler['listPrograms']
