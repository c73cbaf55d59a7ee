import { chance, chosen } from '@jejak/cli/generate/chance'

/** A civil servant of the scenario: invented, with a sequence from 901 that no real NIP has. */
export type ScenarioPerson = {
  readonly reference: string
  readonly agency: string
  readonly nip: string
  readonly name: string
  readonly birthDate: string
  readonly unit: string
  readonly position: string
  readonly since: string
}

/** How many people an agency has, and of what kind. */
export type AgencyStaff = {
  readonly agency: string
  readonly employees: number
  /** How many of them are trained. */
  readonly participants: number
  readonly units: readonly string[]
  readonly positions: readonly string[]
  readonly degree: string
}

const offices = ['Pelaksana', 'Pengawas', 'Administrator']

export const staff: readonly AgencyStaff[] = [
  {
    agency: 'rsud-daya',
    employees: 90,
    participants: 40,
    units: ['Instalasi Rawat Inap', 'Instalasi Gawat Darurat', 'Instalasi Rawat Jalan'],
    positions: ['Perawat Ahli Pertama', 'Perawat Ahli Muda', 'Perawat Terampil', 'Perawat Mahir'],
    degree: 'S.Kep.',
  },
  {
    agency: 'dinkes',
    employees: 70,
    participants: 30,
    units: ['Bidang Kesehatan Masyarakat', 'Bidang Pengendalian Penyakit', 'Puskesmas Contoh'],
    positions: ['Epidemiolog Kesehatan Ahli Pertama', 'Epidemiolog Kesehatan Ahli Muda'],
    degree: 'S.K.M.',
  },
  {
    agency: 'disdukcapil',
    employees: 50,
    participants: 30,
    units: ['Bidang Pencatatan Sipil', 'Bidang Pendaftaran Penduduk'],
    positions: ['Administrator Database Kependudukan Ahli Pertama', 'Operator SIAK Terampil'],
    degree: 'S.Sos.',
  },
  {
    agency: 'bkpsdmd',
    employees: 30,
    participants: 10,
    units: ['Bidang Pengembangan Kompetensi', 'Bidang Mutasi'],
    positions: offices,
    degree: 'S.A.P.',
  },
  {
    agency: 'dinsos',
    employees: 30,
    participants: 10,
    units: ['Bidang Rehabilitasi Sosial', 'Bidang Perlindungan Sosial'],
    positions: offices,
    degree: 'S.Sos.',
  },
  {
    agency: 'dpmptsp',
    employees: 30,
    participants: 10,
    units: ['Bidang Pelayanan Perizinan', 'Bidang Penanaman Modal'],
    positions: offices,
    degree: 'S.H.',
  },
]

export const agencyCodes: readonly string[] = staff.map(({ agency }) => agency)

const givenNames = {
  male: ['Andi Baso', 'Ambo Tuo', 'Syamsuddin', 'La Tenri', 'Kamaruddin', 'Haeruddin', 'Rusdi'],
  female: ['Andi Tenri', 'Besse', 'Sitti Hasnah', 'Rosmiati', 'Indo Upe', 'Darmawati', 'Nurlaela'],
}
const familyNames = [
  'Daeng Nai',
  'Daeng Lira',
  'Daeng Bella',
  'Daeng Rannu',
  'Daeng Sunggu',
  'Pawennari',
  'Mappasere',
  'Tenriola',
  'Paturu',
  'Makkulawu',
  'Sangkala',
]

const two = (number: number): string => String(number).padStart(2, '0')

const personOf = (agencyStaff: AgencyStaff, at: number): ScenarioPerson => {
  const { agency } = agencyStaff
  const drawn = (what: string, below: number) => chance(below, what, agency, at)
  const sex = drawn('sex', 2) === 0 ? 'male' : 'female'
  const born = 1970 + drawn('year', 26)
  const birthDate = `${born}-${two(1 + drawn('month', 12))}-${two(1 + drawn('day', 28))}`
  const appointed = born + 24 + drawn('age', 6)
  const month = two(1 + drawn('appointment', 12))
  const digits = `${birthDate.replaceAll('-', '')}${appointed}${month}${sex === 'male' ? 1 : 2}`
  const given = chosen(givenNames[sex], 'given', agency, at)
  return {
    reference: `CONTOH-${agency.toUpperCase()}-${String(at + 1).padStart(4, '0')}`,
    agency,
    nip: `${digits}${901 + (at % 99)}`,
    name: `${given} ${chosen(familyNames, 'family', agency, at)}, ${agencyStaff.degree}`,
    birthDate,
    unit: chosen(agencyStaff.units, 'unit', agency, at),
    position: chosen(agencyStaff.positions, 'position', agency, at),
    since: `${appointed}-${month}-01`,
  }
}

/** Everybody at an agency; the first of them take part in the training. */
export const peopleOf = (agencyStaff: AgencyStaff): readonly ScenarioPerson[] =>
  Array.from({ length: agencyStaff.employees }, (_, at) => personOf(agencyStaff, at))
