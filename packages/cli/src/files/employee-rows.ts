import { create } from '@bufbuild/protobuf'
import { parseNip } from '@jejak/competency/nip'
import {
  EmployeeService,
  type RegisterEmployeeRequest,
  RegisterEmployeeRequestSchema,
} from '@jejak/proto/jejak/enrollment/v1/employee'
import { RecordedSchema } from '@jejak/proto/jejak/log/v1/log'
import {
  type Columns,
  codeOf,
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

/** So many registrations are under way at once. */
const atOnce = 32

const columns = {
  reference: {
    headings: ['referensi', 'reference', 'no_referensi', 'ref'],
    required: true,
    example: 'PEG-0001',
    fix: 'give each row a reference of its own',
    field: 'request_id',
  },
  nip: {
    headings: ['nip', 'nip', 'ni_pppk'],
    required: true,
    example: '199001012015012901',
    fix: 'compare it with the decree (SK): 18 digits',
    field: 'person.nip',
  },
  name: {
    headings: ['nama', 'name'],
    required: true,
    example: 'Andi Tenri, S.Kep.',
    fix: 'write the full name with titles, on one line',
    field: 'person.name',
  },
  birthDate: {
    headings: ['tanggal_lahir', 'birth_date'],
    required: true,
    example: '1990-01-01',
    fix: 'write the day as 1990-01-31 or 31-01-1990',
    field: 'person.birth_date',
  },
  birthPlace: {
    headings: ['tempat_lahir', 'birth_place'],
    required: false,
    example: 'Makassar',
    fix: 'name the town alone, or leave it empty',
    field: 'person.birth_place',
  },
  email: {
    headings: ['email', 'email'],
    required: false,
    example: 'tenri@example.go.id',
    fix: 'write one address, as tenri@example.go.id, or leave it empty',
    field: 'person.email',
  },
  phone: {
    headings: ['telepon', 'phone'],
    required: false,
    example: '+6281234567890',
    fix: 'write it as +6281234567890, or leave it empty',
    field: 'person.phone',
  },
  bknId: {
    headings: ['pns_orang_id', 'bkn_id'],
    required: false,
    example: '',
    fix: 'copy pnsOrangId from SIASN, or leave it empty',
    field: 'person.bkn_id',
  },
  agency: {
    headings: ['instansi', 'agency', 'opd'],
    required: true,
    example: 'rsud-daya',
    fix: 'use the code of the agency, as rsud-daya',
    field: 'posting.agency',
  },
  unit: {
    headings: ['unit', 'unit'],
    required: false,
    example: 'Instalasi Rawat Inap',
    fix: 'use at most 64 letters, or leave it empty',
    field: 'posting.unit',
  },
  position: {
    headings: ['jabatan', 'position'],
    required: true,
    example: 'Perawat Ahli Pertama',
    fix: 'name the position (jabatan), as Perawat Ahli Pertama',
    field: 'posting.position',
  },
  since: {
    headings: ['sejak', 'since', 'tmt'],
    required: true,
    example: '2015-01-01',
    fix: 'write the day as 2015-01-31 or 31-01-2015',
    field: 'posting.since',
  },
} as const satisfies Columns

type Cells = Named<typeof columns>

/** What a row asks for, or everything that is wrong with it. */
const requestOf = (cells: Cells, bearer: string): RegisterEmployeeRequest | readonly RowFault[] => {
  const { faults, refuse } = faultList(columns)
  const text = (name: keyof Cells) => cells[name]?.text ?? ''
  const day = (name: 'birthDate' | 'since') => {
    const found = parseDay(text(name))
    if (!found) refuse(name, `${text(name)} is no day of the calendar`)
    return found ?? ''
  }
  nipFaults(text('nip'), refuse)
  const [birthDate, since] = [day('birthDate'), day('since')]
  if (faults.length > 0) return faults
  const parsed = parseNip(text('nip'))
  return create(RegisterEmployeeRequestSchema, {
    requestId: requestIdOf('employee', bearer, text('reference')),
    person: {
      nip: 'nip' in parsed ? parsed.nip : text('nip'),
      name: text('name'),
      birthDate,
      birthPlace: text('birthPlace'),
      email: text('email'),
      phone: text('phone'),
      bknId: text('bknId'),
    },
    posting: {
      agency: codeOf(text('agency')),
      unit: codeOf(text('unit')),
      position: codeOf(text('position')),
      since,
    },
  })
}

/** Employees: a call each, many at once. */
export const employees: FileKind<typeof columns, RegisterEmployeeRequest> = {
  columns,
  unique: ['reference', 'nip'],
  requestOf,
  exchange: connection => {
    const client = connection.client(EmployeeService)
    return oneByOne(async (request): Promise<RowOutcome> => {
      try {
        const { recorded = create(RecordedSchema) } = await client.registerEmployee(request)
        return { recorded }
      } catch (error) {
        return { faults: rowFaultsOf(error, columns) }
      }
    }, atOnce)
  },
}
