import { v5 } from 'uuid'

type Contest = 'upheld' | 'dismissed' | undefined

/** The outcome that a person is to have. */
export type ExpectedOutcome = {
  readonly approval: 'approved' | 'refused' | 'withdrawn'
  readonly registeredTwice: boolean
  readonly corrected: boolean
  /** The contest of the assessment before the training. */
  readonly contest: Contest
  readonly newNip: boolean
  readonly transferred: boolean
  /** Assessed by NIP, not by id. */
  readonly byNip: boolean
  readonly attained: boolean
  /** The contest of the assessment after the training: if upheld, no certificate is deserved. */
  readonly lastContest: Contest
  readonly laterAtWork: boolean
  readonly revoked: boolean
  readonly erased: boolean
}

export const randomOutcome = (random: () => number): ExpectedOutcome => {
  const often = (share: number) => random() < share
  const contest = (): Contest => {
    if (!often(0.25)) return undefined
    return often(0.5) ? 'upheld' : 'dismissed'
  }
  const end = often(0.5) ? 'refused' : 'withdrawn'
  return {
    approval: often(0.2) ? end : 'approved',
    registeredTwice: often(0.1),
    corrected: often(0.3),
    contest: contest(),
    newNip: often(0.25),
    transferred: often(0.25),
    byNip: often(0.3),
    attained: often(0.8),
    lastContest: contest(),
    laterAtWork: often(0.3),
    revoked: often(0.1),
    erased: often(0.15),
  }
}

/** Whether a certificate must be issued, revoked later or not. */
export const deservesCertificate = ({
  approval,
  attained,
  lastContest,
}: ExpectedOutcome): boolean => approval === 'approved' && attained && lastContest !== 'upheld'

/** A person of the workload. The same seed makes the same ids. */
export type SimulatedPerson = {
  readonly expected: ExpectedOutcome
  readonly agency: string
  /** Another agency than their own. */
  readonly elsewhere: string
  readonly asnId: string
  readonly enrollmentId: string
  /** The first NIP, that of a duplicate record, and that after a change. */
  readonly nips: readonly [string, string, string]
  /** The request_id of a named request, always the same. */
  readonly id: (name: string) => string
}

const namespace = 'b7a4b0a2-6a3f-5d0e-9d53-0c4f5a1f9c11'

export const idsOf = (scope: string) => (name: string) => v5(`${scope} ${name}`, namespace)

const birthDays = 10_000
const dayMs = 86_400_000

/** The NIP with that number, of a PNS who was appointed in March 2010 (Perka BKN 22/2007). */
export const nipOf = (number: number): string => {
  const born = new Date(Date.UTC(1965, 0, 1) + (number % birthDays) * dayMs)
  const sequence = 1 + Math.floor(number / birthDays)
  const day = born.toISOString().slice(0, 10).replaceAll('-', '')
  return `${day}2010031${String(sequence).padStart(3, '0')}`
}

export const birthDateOf = (nip: string): string =>
  `${nip.slice(0, 4)}-${nip.slice(4, 6)}-${nip.slice(6, 8)}`
