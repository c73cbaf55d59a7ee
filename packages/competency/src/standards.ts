import type { Requirement } from './figures/gap.ts'

/** The requirements of a position (jabatan) from a day on, as the event StandardSet has them. */
export type PositionStandard = {
  readonly position: string
  readonly validFrom: string
  readonly legalBasis: string
  readonly requirements: readonly Requirement[]
}

/** Those that every position requires, of the dictionary of everybody. */
export const everyones = {
  framework: 'permenpanrb-38-2017',
  competencies: [
    'integritas',
    'kerja-sama',
    'komunikasi',
    'orientasi-pada-hasil',
    'pelayanan-publik',
    'pengembangan-diri-dan-orang-lain',
    'mengelola-perubahan',
    'pengambilan-keputusan',
    'perekat-bangsa',
  ],
} as const
