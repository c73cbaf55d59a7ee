/** For tests: a competency with all that one may have. */
export const triage = {
  code: 'triase',
  title: 'Triase',
  kind: 'teknis',
  description: 'Memilah pasien menurut kegawatannya',
  group: 'Gawat Darurat',
  levels: [
    { level: 1, indicators: ['Menyebutkan warna triase'] },
    { level: 3, description: 'Mandiri', indicators: ['Memilah sendiri', 'Mengulang triase'] },
  ],
  identifier: '9f0a7a3e-3c0b-4c53-8d62-6a5b0a3f1f11',
}

/** A dictionary of it and of one without levels. */
export const kamus = {
  frameworkId: 'kamus-2025',
  title: 'Kamus 2025',
  legalBasis: 'Perwali 1/2025',
  validFrom: '2025-01-01',
  sample: true,
  series: 'kamus',
  version: '2025',
  certainty: 'assumed',
  description: 'Untuk gawat darurat',
  affair: { id: '40', title: 'Kesehatan' },
  scale: [
    { level: 1, title: 'Dasar' },
    { level: 2, title: 'Cakap' },
    { level: 3, title: 'Mahir' },
  ],
  competencies: [triage, { code: 'resusitasi', title: 'Resusitasi', kind: 'teknis' }],
}
