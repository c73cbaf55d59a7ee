import { create } from '@bufbuild/protobuf'
import { parseNip } from '@jejak/competency/nip'
import {
  type RegisterEmployeeRequest,
  RegisterEmployeeRequestSchema,
} from '@jejak/proto/jejak/enrollment/v1/employee'
import { nipFaults, requestIdOf } from './assessment-rows.ts'
import { type Columns, codeOf, dayOf, type Fault, type Named } from './columns.ts'

/** What a file of employees has. */
export const employeeColumns = {
  reference: {
    headings: ['referensi', 'reference', 'no_referensi', 'ref'],
    required: true,
    example: 'PEG-0001',
  },
  nip: { headings: ['nip', 'nip', 'ni_pppk'], required: true, example: '199001012015012901' },
  name: { headings: ['nama', 'name'], required: true, example: 'Andi Tenri, S.Kep.' },
  birthDate: {
    headings: ['tanggal_lahir', 'birth_date'],
    required: true,
    example: '1990-01-01',
  },
  birthPlace: { headings: ['tempat_lahir', 'birth_place'], required: false, example: 'Makassar' },
  email: { headings: ['email', 'email'], required: false, example: 'tenri@example.go.id' },
  phone: { headings: ['telepon', 'phone'], required: false, example: '+6281234567890' },
  bknId: { headings: ['pns_orang_id', 'bkn_id'], required: false, example: '' },
  agency: { headings: ['instansi', 'agency', 'opd'], required: true, example: 'rsud-daya' },
  unit: { headings: ['unit', 'unit'], required: false, example: 'Instalasi Rawat Inap' },
  position: {
    headings: ['jabatan', 'position'],
    required: true,
    example: 'Perawat Ahli Pertama',
  },
  since: { headings: ['sejak', 'since', 'tmt'], required: true, example: '2015-01-01' },
} as const satisfies Columns

type Cells = Named<typeof employeeColumns>

/** What a row asks for, or everything that is wrong with it. */
export const employeeOf = (
  cells: Cells,
  bearer: string,
): RegisterEmployeeRequest | readonly Fault[] => {
  const faults: Fault[] = []
  const refuse = (field: string, reason: string, fix: string) =>
    void faults.push({ field, reason, fix })
  const text = (name: keyof Cells) => cells[name]?.text ?? ''
  const day = (name: 'birthDate' | 'since') => {
    const found = dayOf(text(name))
    const fix = 'write it as 1990-01-31 or 31-01-1990'
    if (!found) refuse(employeeColumns[name].headings[0], 'is no day of the calendar', fix)
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
