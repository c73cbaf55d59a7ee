// tidy: texts of the terminal, of one subject
import type { Texts } from './text.ts'

/** Careers, gaps and the index of professionality on the terminal. */
export const figureTexts = {
  'career-recorded': ({ id }: { readonly id: string }) => ({
    en: `career record ${id} is recorded`,
    id: `catatan karier ${id} sudah dicatat`,
  }),
  'career-known': {
    en: 'the same is recorded already: nothing was stored',
    id: 'hal yang sama sudah tercatat: tidak ada yang disimpan',
  },
  'discipline-stated': ({ asOf }: { readonly asOf: string }) => ({
    en: `discipline is stated up to ${asOf}`,
    id: `disiplin dinyatakan sampai ${asOf}`,
  }),
  'not-career': ({ why }: { readonly why: string }) => ({
    en: `the file is no JSON as the help of this command has it: ${why}`,
    id: `berkas bukan JSON seperti dalam bantuan perintah ini: ${why}`,
  }),
  'by-rules': ({ asOf, rules }: { readonly asOf: string; readonly rules: string }) => ({
    en: `as of ${asOf}, by ${rules}`,
    id: `per ${asOf}, menurut ${rules}`,
  }),
  'nothing-required': {
    en: 'nothing says what is required of them: HR sets a standard, or posts them with a level',
    id: 'tidak ada standar untuk jabatannya: tetapkan standar, atau catat jenjang penempatannya',
  },
  'job-match': (of: {
    readonly percent: string
    readonly deficits: number
    readonly unknown: number
  }) => ({
    en: `job person match: ${of.percent} %, ${of.deficits} below, ${of.unknown} of these unknown`,
    id: `job person match: ${of.percent} %, ${of.deficits} kurang, ${of.unknown} tidak diketahui`,
  }),
  'people-compared': (of: { readonly people: number; readonly withoutStandard: number }) => ({
    en: `${of.people} people, ${of.withoutStandard} of them without a standard`,
    id: `${of.people} pegawai, ${of.withoutStandard} di antaranya tanpa standar`,
  }),
  'index-total': ({ shown, category }: { readonly shown: string; readonly category: string }) => ({
    en: `index of professionality: ${shown}, ${category}`,
    id: `indeks profesionalitas: ${shown}, ${category}`,
  }),
  'no-total': {
    en: 'no total, for these are missing:',
    id: 'tidak ada jumlah, karena ini belum ada:',
  },
  'index-of-group': (of: {
    readonly employment: string
    readonly people: number
    readonly known: number
    readonly shown: string
  }) => ({
    en: `${of.employment}: ${of.people} people, mean ${of.shown} of the ${of.known} who are known`,
    id: `${of.employment}: ${of.people} orang, rata-rata ${of.shown} dari ${of.known} yang lengkap`,
  }),
  'head-competency': { en: 'competency', id: 'kompetensi' },
  'head-required': { en: 'required', id: 'standar' },
  'head-attained': { en: 'attained', id: 'capaian' },
  'head-difference': { en: 'gap', id: 'selisih' },
  'head-state': { en: 'state', id: 'keadaan' },
  'head-people': { en: 'people', id: 'orang' },
  'head-below': { en: 'below', id: 'kurang' },
  'head-expired': { en: 'expired', id: 'kedaluwarsa' },
  'head-not-assessed': { en: 'not assessed', id: 'belum dinilai' },
  'head-component': { en: 'component', id: 'komponen' },
  'head-score': { en: 'score', id: 'nilai' },
  'head-most': { en: 'most', id: 'paling tinggi' },
} as const satisfies Texts
