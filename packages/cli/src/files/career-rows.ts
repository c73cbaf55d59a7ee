import { create } from '@bufbuild/protobuf'
import { parseNip } from '@jejak/competency/nip'
import {
  CareerService,
  type RecordCareerRequest,
  RecordCareerRequestSchema,
} from '@jejak/proto/jejak/enrollment/v1/career'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { RecordedSchema } from '@jejak/proto/jejak/log/v1/log'
import { fileText } from '@jejak/texts/files'
import {
  type Columns,
  columnsOfPeople,
  faultList,
  type Named,
  nipFaults,
  parseDay,
  type RowFault,
} from './columns.ts'
import { requestIdOf } from './request-id.ts'
import { rowFaultsOf } from './row-refusals.ts'
import type { FileKind, RowOutcome } from './send-file.ts'
import { oneByOne } from './sending.ts'

/** So many rows are under way at once. */
const atOnce = 32

const columns = {
  ...columnsOfPeople('KARIER-0001', 'asn_id'),
  education: {
    headings: ['pendidikan', 'education', 'tingkat_pendidikan'],
    required: false,
    example: 'S-1',
    fix: 'fix-education',
    field: 'qualification.education',
  },
  studies: {
    headings: ['bidang_studi', 'field_of_study', 'jurusan'],
    required: false,
    example: 'Keperawatan',
    fix: 'fix-studies',
    field: 'qualification.field',
  },
  graduatedOn: {
    headings: ['tanggal_lulus', 'graduated_on'],
    required: false,
    example: '2012-08-01',
    fix: 'fix-career-day',
    field: 'qualification.graduated_on',
  },
  year: {
    headings: ['tahun_kinerja', 'performance_year'],
    required: false,
    example: '2025',
    fix: 'fix-performance-year',
    field: 'performance.year',
  },
  assessedOn: {
    headings: ['tanggal_penilaian', 'assessed_on'],
    required: false,
    example: '2026-01-15',
    fix: 'fix-career-day',
    field: 'performance.assessed_on',
  },
  value: {
    headings: ['nilai_kinerja', 'performance_value'],
    required: false,
    example: '',
    fix: 'fix-performance-value',
    field: 'performance.value',
  },
  predicate: {
    headings: ['predikat_kinerja', 'performance_predicate', 'predikat'],
    required: false,
    example: 'Baik',
    fix: 'fix-predicate',
    field: 'performance.predicate',
  },
  training: {
    headings: ['latihan_struktural', 'structural_training'],
    required: false,
    example: '',
    fix: 'fix-structural-training',
    field: 'structural_training.training',
  },
  completedOn: {
    headings: ['tanggal_latihan', 'training_completed_on'],
    required: false,
    example: '',
    fix: 'fix-career-day',
    field: 'structural_training.completed_on',
  },
  source: {
    headings: ['sumber', 'source'],
    required: true,
    example: 'SIASN 2026-06-01',
    fix: 'fix-source',
    field: 'source',
  },
  replaces: {
    headings: ['menggantikan', 'replaces'],
    required: false,
    example: '',
    fix: 'fix-replaces',
    field: 'replaces',
  },
} as const satisfies Columns

type Cells = Named<typeof columns>

/** A career record of the person who has a NIP: the service takes it by the person's id. */
type CareerRow = {
  readonly requestId: string
  readonly nip: string
  readonly record: RecordCareerRequest
}

/** The request of a row, or everything that is wrong with it. */
const requestOf = (cells: Cells, bearer: string): CareerRow | readonly RowFault[] => {
  const { faults, refuse } = faultList(columns)
  const text = (name: keyof Cells) => cells[name]?.text ?? ''
  const has = (...names: readonly (keyof Cells)[]) => names.some(name => text(name) !== '')
  const day = (name: 'graduatedOn' | 'assessedOn' | 'completedOn') => {
    const found = parseDay(text(name))
    if (!found) refuse(name, fileText({ key: 'no-day', values: { value: text(name) } }))
    return found ?? ''
  }
  const number = (name: 'year' | 'value') => {
    const found = Number(text(name).replace(',', '.'))
    if (text(name) !== '' && Number.isFinite(found)) return found
    refuse(name, fileText('no-number'))
    return 0
  }
  nipFaults(text('nip'), refuse)
  const isEducated = has('education', 'studies', 'graduatedOn')
  const isAssessed = has('year', 'assessedOn', 'value', 'predicate')
  const isTrained = has('training', 'completedOn')
  if (!isEducated && !isAssessed && !isTrained) refuse('education', fileText('no-career'))
  const content = {
    ...(isEducated && {
      qualification: {
        education: text('education').toUpperCase(),
        field: text('studies'),
        graduatedOn: day('graduatedOn'),
      },
    }),
    ...(isAssessed && {
      performance: {
        year: number('year'),
        assessedOn: day('assessedOn'),
        predicate: text('predicate'),
        ...(text('value') !== '' && { value: number('value') }),
      },
    }),
    ...(isTrained && {
      structuralTraining: { training: text('training'), completedOn: day('completedOn') },
    }),
  }
  if (faults.length > 0) return faults
  const requestId = requestIdOf('career', bearer, text('reference'))
  const parsed = parseNip(text('nip'))
  return {
    requestId,
    nip: 'nip' in parsed ? parsed.nip : '',
    record: create(RecordCareerRequestSchema, {
      ...{ requestId, source: text('source'), replaces: text('replaces') },
      ...content,
    }),
  }
}

/** Careers: a person is looked up and recorded of, many at once. */
export const careers: FileKind<typeof columns, CareerRow> = {
  columns,
  unique: ['reference'],
  requestOf,
  warningsOf: () => [],
  exchange: connection => {
    const people = connection.client(EmployeeService)
    const client = connection.client(CareerService)
    return oneByOne(async ({ nip, record }): Promise<RowOutcome> => {
      try {
        const { employee } = await people.lookUpEmployee({ nip })
        const asnId = employee?.asnId ?? ''
        const { recorded = create(RecordedSchema) } = await client.recordCareer({
          ...record,
          asnId,
        })
        return { recorded, warnings: [] }
      } catch (error) {
        return { faults: rowFaultsOf(error, columns) }
      }
    }, atOnce)
  },
}
