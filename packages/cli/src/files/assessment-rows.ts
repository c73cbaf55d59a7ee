import { create } from '@bufbuild/protobuf'
import { lifeDayFault, lifeDaysOf } from '@jejak/competency/days'
import {
  AssessmentService,
  Phase,
  type SubmitAssessmentsRequest,
  SubmitAssessmentsRequestSchema,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import { errorOf } from '@jejak/rpc/error'
import { lifeDayWarnings } from '@jejak/rpc/validate'
import { fileText } from '@jejak/texts/files'
import { violationText } from '@jejak/texts/violations'
import {
  type Columns,
  codeOf,
  columnsOfPeople,
  faultList,
  type Named,
  nipFaults,
  parseDay,
  type RowFault,
} from './columns.ts'
import { requestIdOf } from './request-id.ts'
import { rowFaultsOf } from './row-refusals.ts'
import type { FileKind } from './send-file.ts'

const columns = {
  ...columnsOfPeople('RSUD-2026-0001', 'assessment.nip'),
  framework: {
    headings: ['kamus', 'framework', 'kamus_kompetensi'],
    required: true,
    example: 'permenpanrb-38-2017',
    fix: 'fix-framework',
    field: 'assessment.framework',
  },
  competency: {
    headings: ['kompetensi', 'competency'],
    required: true,
    example: 'Integritas',
    fix: 'fix-competency',
    field: 'assessment.competency',
  },
  level: {
    headings: ['level', 'level', 'tingkat'],
    required: true,
    example: '3',
    fix: 'fix-level',
    field: 'assessment.level',
  },
  method: {
    headings: ['metode', 'method'],
    required: true,
    example: 'Uji kompetensi',
    fix: 'fix-method',
    field: 'assessment.method',
  },
  phase: {
    headings: ['fase', 'phase', 'tahap'],
    required: true,
    example: 'awal',
    fix: 'fix-phase',
    field: 'assessment.phase',
  },
  assessor: {
    headings: ['asesor', 'assessor', 'assessor_id'],
    required: true,
    example: '019b8bab-0680-75be-8eaf-427ee0bfcd1a',
    fix: 'fix-assessor',
    field: 'assessment.assessor_id',
  },
  occurredOn: {
    headings: ['tanggal', 'occurred_on', 'tanggal_asesmen', 'date'],
    required: true,
    example: '2026-03-31',
    fix: 'fix-occurred-on',
    field: 'assessment.occurred_on',
  },
  evidence: {
    headings: ['bukti_sha256', 'evidence_sha256', 'sha256'],
    required: true,
    example: '11bf126ad452ebeddafa806723144b303fbb1753bbc71f93949194179ef34b29',
    fix: 'fix-evidence',
    field: 'assessment.evidence[0].sha256',
  },
  archive: {
    headings: ['arsip', 'archive', 'bukti_arsip'],
    required: false,
    example: 'srikandi',
    fix: 'fix-archive',
    field: 'assessment.evidence[0].archive',
  },
  identifier: {
    headings: ['nomor_arsip', 'identifier', 'bukti_nomor'],
    required: false,
    example: '800.1.13.2/0001/2026',
    fix: 'fix-identifier',
    field: 'assessment.evidence[0].identifier',
  },
  evidenceUri: {
    headings: ['bukti_uri', 'evidence_uri', 'uri'],
    required: false,
    example: '',
    former: true,
    fix: 'fix-evidence-uri',
    field: 'assessment.evidence[0].uri',
  },
  enrollment: {
    headings: ['pendaftaran', 'enrollment_id', 'id_pendaftaran'],
    required: false,
    example: '',
    fix: 'fix-enrollment',
    field: 'assessment.enrollment_id',
  },
} as const satisfies Columns

type Cells = Named<typeof columns>

const phases: Readonly<Record<string, Phase>> = {
  awal: Phase.BASELINE,
  baseline: Phase.BASELINE,
  'setelah-pelatihan': Phase.AFTER_TRAINING,
  'after-training': Phase.AFTER_TRAINING,
  'di-tempat-kerja': Phase.AT_WORK,
  'at-work': Phase.AT_WORK,
}

/** The request of a row, or everything that is wrong with it. */
const requestOf = (
  cells: Cells,
  bearer: string,
): SubmitAssessmentsRequest | readonly RowFault[] => {
  const { faults, refuse } = faultList(columns)
  const text = (name: keyof Cells) => cells[name]?.text ?? ''
  const refuseValue = (name: keyof Cells, key: 'no-level' | 'no-phase' | 'no-day') =>
    refuse(name, fileText({ key, values: { value: text(name) } }))
  nipFaults(text('nip'), refuse)
  const level = Number(/^([1-5])(?:[.,]0+)?$/.exec(text('level'))?.[1])
  if (!level) refuseValue('level', 'no-level')
  const phase = phases[codeOf(text('phase'))]
  if (!phase) refuseValue('phase', 'no-phase')
  const occurredOn = parseDay(text('occurredOn'))
  if (!occurredOn) refuseValue('occurredOn', 'no-day')
  const fault = occurredOn && lifeDayFault(occurredOn, lifeDaysOf('', [text('nip')]))
  if (fault) refuse('occurredOn', violationText(fault))
  if (faults.length > 0 || !phase || !occurredOn) return faults
  return create(SubmitAssessmentsRequestSchema, {
    requestId: requestIdOf('assessment', bearer, text('reference')),
    assessment: {
      nip: text('nip').replaceAll(/\s/g, ''),
      framework: codeOf(text('framework')),
      competency: codeOf(text('competency')),
      level,
      method: codeOf(text('method')),
      phase,
      assessorId: text('assessor').toLowerCase(),
      occurredOn,
      evidence: [
        {
          sha256: text('evidence').toLowerCase(),
          archive: codeOf(text('archive')),
          identifier: text('identifier'),
          uri: text('evidenceUri'),
        },
      ],
      enrollmentId: text('enrollment').toLowerCase(),
    },
  })
}

/** An agency's assessments, over one stream. */
export const assessments: FileKind<typeof columns, SubmitAssessmentsRequest> = {
  columns,
  unique: ['reference'],
  requestOf,
  warningsOf: ({ assessment: { occurredOn = '', nip = '' } = {} }) =>
    lifeDayWarnings('assessment.occurred_on', occurredOn, lifeDaysOf('', [nip])),
  exchange: connection => {
    const client = connection.client(AssessmentService)
    return async function* (requests, signal) {
      const answers = client.submitAssessments(requests, { signal })
      for await (const { requestId, outcome, warnings } of answers) {
        if (outcome.case === 'recorded') yield { requestId, recorded: outcome.value, warnings }
        if (outcome.case === 'refused') {
          yield { requestId, faults: rowFaultsOf(errorOf(outcome.value), columns) }
        }
      }
    }
  },
}
