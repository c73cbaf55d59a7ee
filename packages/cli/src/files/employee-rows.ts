import { create } from '@bufbuild/protobuf'
import { birthDateFault, lifeDayFault, lifeDaysOf } from '@jejak/competency/days'
import { parseNip, type sexes } from '@jejak/competency/nip'
import {
  EmployeeService,
  type RegisterEmployeeRequest,
  RegisterEmployeeRequestSchema,
} from '@jejak/proto/jejak/enrollment/v1/employee'
import { RecordedSchema } from '@jejak/proto/jejak/log/v1/log'
import { lifeDayWarnings, nipDiffers } from '@jejak/rpc/validate'
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
import type { FileKind, RowOutcome } from './send-file.ts'
import { oneByOne } from './sending.ts'

/** So many registrations are under way at once. */
const atOnce = 32

const columns = {
  ...columnsOfPeople('PEG-0001', 'person.nip'),
  name: {
    headings: ['nama', 'name'],
    required: true,
    example: 'Andi Tenri, S.Kep.',
    fix: 'fix-name',
    field: 'person.name',
  },
  birthDate: {
    headings: ['tanggal_lahir', 'birth_date'],
    required: true,
    example: '1990-01-01',
    fix: 'fix-birth-date',
    field: 'person.birth_date',
  },
  birthPlace: {
    headings: ['tempat_lahir', 'birth_place'],
    required: false,
    example: 'Makassar',
    fix: 'fix-birth-place',
    field: 'person.birth_place',
  },
  email: {
    headings: ['email', 'email'],
    required: false,
    example: 'tenri@example.go.id',
    fix: 'fix-email',
    field: 'person.email',
  },
  phone: {
    headings: ['telepon', 'phone'],
    required: false,
    example: '+6281234567890',
    fix: 'fix-phone',
    field: 'person.phone',
  },
  bknId: {
    headings: ['pns_orang_id', 'bkn_id'],
    required: false,
    example: '',
    fix: 'fix-bkn-id',
    field: 'person.bkn_id',
  },
  sex: {
    headings: ['jenis_kelamin', 'sex', 'kelamin'],
    required: false,
    example: 'F',
    fix: 'fix-sex',
    field: 'person.sex',
  },
  agency: {
    headings: ['instansi', 'agency', 'opd'],
    required: true,
    example: 'rsud-daya',
    fix: 'fix-agency',
    field: 'posting.agency',
  },
  unit: {
    headings: ['unit', 'unit'],
    required: false,
    example: 'Instalasi Rawat Inap',
    fix: 'fix-unit',
    field: 'posting.unit',
  },
  position: {
    headings: ['jabatan', 'position'],
    required: true,
    example: 'Perawat Ahli Pertama',
    fix: 'fix-position',
    field: 'posting.position',
  },
  since: {
    headings: ['sejak', 'since', 'tmt'],
    required: true,
    example: '2015-01-01',
    fix: 'fix-since',
    field: 'posting.since',
  },
  employment: {
    headings: ['status_kepegawaian', 'employment'],
    required: false,
    example: 'PNS',
    fix: 'fix-employment',
    field: 'posting.employment',
  },
  contractSince: {
    headings: ['tmt_perjanjian', 'contract_since'],
    required: false,
    example: '',
    fix: 'fix-contract-since',
    field: 'posting.contract_since',
  },
  office: {
    headings: ['jenjang', 'office', 'jenjang_jabatan'],
    required: false,
    example: 'Ahli Pertama',
    fix: 'fix-office',
    field: 'posting.office',
  },
  assignment: {
    headings: ['penugasan', 'assignment'],
    required: false,
    example: '',
    fix: 'fix-assignment',
    field: 'posting.assignment',
  },
} as const satisfies Columns

/** How SIASN and its spreadsheets write it, and how people do. */
const sexNames: Readonly<Record<string, (typeof sexes)[number]>> = {
  ...{ m: 'male', '1': 'male', l: 'male', 'laki-laki': 'male', pria: 'male', male: 'male' },
  ...{ f: 'female', '2': 'female', p: 'female', perempuan: 'female', wanita: 'female' },
  female: 'female',
}

const sexIn = (cell: string): string => {
  const plain = codeOf(cell)
  return Object.hasOwn(sexNames, plain) ? (sexNames[plain] ?? '') : ''
}

type Cells = Named<typeof columns>

/** The request of a row, or everything that is wrong with it. */
const requestOf = (cells: Cells, bearer: string): RegisterEmployeeRequest | readonly RowFault[] => {
  const { faults, refuse } = faultList(columns)
  const text = (name: keyof Cells) => cells[name]?.text ?? ''
  const day = (name: 'birthDate' | 'since' | 'contractSince') => {
    const found = parseDay(text(name))
    if (!found) refuse(name, fileText({ key: 'no-day', values: { value: text(name) } }))
    return found ?? ''
  }
  nipFaults(text('nip'), refuse)
  const [birthDate, since] = [day('birthDate'), day('since')]
  const contractSince = text('contractSince') && day('contractSince')
  const fault = since && lifeDayFault(since, lifeDaysOf(birthDate, [text('nip')]))
  if (fault) refuse('since', violationText(fault))
  const unborn =
    since &&
    !fault &&
    birthDateFault(birthDate, [{ since, contractSince: contractSince || undefined }])
  if (unborn) refuse('birthDate', violationText(unborn))
  const sex = sexIn(text('sex'))
  if (text('sex') && !sex) refuse('sex', fileText('no-sex'))
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
      sex,
    },
    posting: {
      agency: codeOf(text('agency')),
      unit: codeOf(text('unit')),
      position: codeOf(text('position')),
      since,
      employment: codeOf(text('employment')),
      contractSince,
      office: codeOf(text('office')),
      assignment: codeOf(text('assignment')),
    },
  })
}

/** Employees: a call each, many at once. */
export const employees: FileKind<typeof columns, RegisterEmployeeRequest> = {
  columns,
  unique: ['reference', 'nip'],
  requestOf,
  warningsOf: ({ person, posting: { since = '' } = {} }) => {
    const { nip = '', birthDate = '', sex = '' } = person ?? {}
    const life = lifeDaysOf(birthDate, [nip])
    return [
      ...nipDiffers(nip, { birthDate, sex }),
      ...lifeDayWarnings('posting.since', since, life),
    ]
  },
  exchange: connection => {
    const client = connection.client(EmployeeService)
    return oneByOne(async (request): Promise<RowOutcome> => {
      try {
        const { recorded = create(RecordedSchema), warnings } =
          await client.registerEmployee(request)
        return { recorded, warnings }
      } catch (error) {
        return { faults: rowFaultsOf(error, columns) }
      }
    }, atOnce)
  },
}
