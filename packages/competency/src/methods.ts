import { inForce, type RuleSet } from './rules.ts'

/** How somebody was assessed, as the code in an assessment, and its name for people. */
export type AssessmentMethod = { readonly code: string; readonly title: string }

/**
 * The methods of assessment, as from a day on. No regulation has one list: these are those of
 * competency assessment (asesmen kompetensi), tests and observation at work. A method that was
 * added later gets a list of its own day; one is never taken out, for assessments have it.
 */
export const methodLists: readonly RuleSet<readonly AssessmentMethod[]>[] = [
  {
    id: 'metode-asesmen-v1',
    validFrom: '2018-01-01',
    legalBasis: 'PermenPANRB 38/2017; PerBKN 26/2019',
    certainty: 'assumed',
    value: [
      { code: 'uji-kompetensi', title: 'Uji kompetensi' },
      { code: 'asesmen-kompetensi', title: 'Asesmen kompetensi' },
      { code: 'wawancara', title: 'Wawancara' },
      { code: 'wawancara-kompetensi', title: 'Wawancara kompetensi (CBI)' },
      { code: 'observasi', title: 'Observasi' },
      { code: 'portofolio', title: 'Portofolio' },
      { code: 'penilaian-atasan', title: 'Penilaian atasan' },
      { code: 'umpan-balik-360', title: 'Umpan balik 360 derajat' },
      { code: 'tes-tertulis', title: 'Tes tertulis' },
      { code: 'tes-praktik', title: 'Tes praktik' },
      { code: 'psikotes', title: 'Psikotes' },
      { code: 'in-tray', title: 'In-tray' },
      { code: 'diskusi-kelompok', title: 'Diskusi kelompok tanpa pemimpin (LGD)' },
      { code: 'presentasi', title: 'Presentasi' },
      { code: 'bermain-peran', title: 'Bermain peran' },
      { code: 'studi-kasus', title: 'Studi kasus' },
      { code: 'simulasi', title: 'Simulasi' },
      { code: 'cact', title: 'Computer assisted competency test (CACT)' },
    ],
  },
]

/** The methods on a day; of a day before the first list, those of the first list. */
export const methodsOn = (day: string): readonly AssessmentMethod[] =>
  (inForce(methodLists, day) ?? methodLists[0])?.value ?? []

/** The codes of every method there ever was. */
export const methodCodes: readonly string[] = [
  ...new Set(methodLists.flatMap(({ value }) => value.map(({ code }) => code))),
]
