import type { Text } from './text.ts'

/** Why a fact of a history counts, or does not: the notes of its lines. */
export const notes = {
  corrected: (reason: string): Text => ({
    en: `corrected: ${reason}`,
    id: `dikoreksi: ${reason}`,
  }),
  contestUpheld: (reason: string): Text => ({
    en: `contest upheld: ${reason}`,
    id: `keberatan dikabulkan: ${reason}`,
  }),
  contestRejected: (reason: string): Text => ({
    en: `contest rejected: ${reason}`,
    id: `keberatan ditolak: ${reason}`,
  }),
  countedUntil: (day: string): Text => ({
    en: `counted until ${day}`,
    id: `berlaku sampai ${day}`,
  }),
  laterAssessment: { en: 'a later assessment counts', id: 'asesmen yang lebih baru yang berlaku' },
  otherAssessment: { en: 'another assessment counts', id: 'asesmen lain yang berlaku' },
  sameDayPosting: {
    en: 'a later posting is from the same day',
    id: 'penempatan yang lebih baru berlaku sejak hari yang sama',
  },
  sameDayNip: {
    en: 'a later NIP is from the same day',
    id: 'NIP yang lebih baru berlaku sejak hari yang sama',
  },
  laterPosting: (day: string): Text => ({
    en: `a later posting began ${day}`,
    id: `penempatan yang lebih baru mulai ${day}`,
  }),
  laterNip: (day: string): Text => ({
    en: `a later NIP began ${day}`,
    id: `NIP yang lebih baru mulai ${day}`,
  }),
  nipChanged: { en: 'its NIP was changed', id: 'NIP-nya sudah berubah' },
  dataCorrected: {
    en: 'personal data in it was corrected later',
    id: 'data pribadi di dalamnya kemudian diperbaiki',
  },
  mergedInto: (asnId: string): Text => ({
    en: `merged into ${asnId}`,
    id: `digabungkan ke ${asnId}`,
  }),
  erased: (basis: string): Text => ({ en: `erased: ${basis}`, id: `dihapus: ${basis}` }),
  validUntil: (day: string): Text => ({
    en: `valid until ${day}`,
    id: `berlaku sampai ${day}`,
  }),
  revokedLater: (reason: string): Text => ({
    en: `revoked later: ${reason}`,
    id: `kemudian dicabut: ${reason}`,
  }),
  doubleOf: (enrollmentId: string): Text => ({
    en: `enrollment ${enrollmentId} of the same person in the same cohort counts instead`,
    id: `yang diperhitungkan kepesertaan ${enrollmentId} orang yang sama di angkatan yang sama`,
  }),
  certifiedByOther: (enrollmentId: string): Text => ({
    en: `enrollment ${enrollmentId} of the same person in the same cohort has the one certificate`,
    id: `sertifikat untuk angkatan ini melekat pada kepesertaan ${enrollmentId} orang yang sama`,
  }),
  noneOnceErased: {
    en: 'the personal data of the person was erased: no certificate is issued any more',
    id: 'data pribadi pegawai ini sudah dihapus: sertifikat tidak diterbitkan lagi',
  },
  doubleCertificate: (number: string): Text => ({
    en: `the person's second for one cohort: the JP count once, by ${number}`,
    id: `yang kedua untuk satu angkatan: JP dihitung sekali, menurut ${number}`,
  }),
} as const satisfies Readonly<Record<string, Text | ((value: string) => Text)>>
