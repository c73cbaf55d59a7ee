import { Type } from 'typebox'
import { code, date } from './fields.ts'

/** How an ASN is employed: as a PNS, on probation for that (CPNS), or by a contract (PPPK). */
export const employments = ['pns', 'cpns', 'pppk', 'pppk-paruh-waktu'] as const

/** How an office is held (penugasan): `definitif`, or for a time beside or in place of another. */
export const assignments = ['definitif', 'plt', 'plh', 'tugas-tambahan'] as const

/** Where somebody serves from a day on, and as what, as the first version of events had it. */
export const postingFieldsV1 = {
  /** Code of the organisation (OPD), as `rsud-daya`. */
  agency: code,
  unit: Type.Optional(code),
  /** Code of the position (jabatan), as `perawat-ahli-pertama`: standards go by it. */
  position: code,
  since: date,
}

/** A posting with what hours, standards and indices of the person go by, if it is known. */
export const postingFields = {
  ...postingFieldsV1,
  employment: Type.Optional(Type.Enum([...employments])),
  /** The first day of the contract, of a PPPK: years of the contract begin with it. */
  contractSince: Type.Optional(date),
  /** The level of the office, as `ahli-pertama` or `pengawas`. */
  office: Type.Optional(code),
  /** Without it the office is held (`definitif`). */
  assignment: Type.Optional(Type.Enum([...assignments])),
}
