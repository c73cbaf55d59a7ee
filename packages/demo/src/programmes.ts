const managerial = 'permenpanrb-38-2017'

const health = {
  program: {
    code: 'mrs-2026',
    title: 'Manajemen Rumah Sakit dan Pelayanan Kesehatan Masyarakat',
    field: 'kesehatan',
    form: 3, // Diklat Teknis
    targets: [
      {
        framework: 'sampel-manajemen-rumah-sakit',
        competency: 'keselamatan-pasien',
        level: 3,
      },
      { framework: 'sampel-manajemen-rumah-sakit', competency: 'mutu-dan-akreditasi', level: 2 },
      { framework: 'sampel-kesehatan-masyarakat', competency: 'promosi-kesehatan', level: 2 },
      { framework: managerial, competency: 'pelayanan-publik', level: 3 },
    ],
    modules: [
      { code: 'keselamatan', title: 'Keselamatan Pasien', jp: 8, practiceJp: 4 },
      { code: 'mutu', title: 'Mutu dan Akreditasi', jp: 8, practiceJp: 4 },
      { code: 'kesmas', title: 'Pelayanan Kesehatan Masyarakat', jp: 8, practiceJp: 4 },
    ],
    validityMonths: 36,
  },
  cohorts: [
    {
      title: 'Angkatan I',
      startsOn: '2026-02-09',
      endsOn: '2026-02-27',
      capacity: 40,
      agencies: ['rsud-daya'],
    },
    {
      title: 'Angkatan II',
      startsOn: '2026-03-02',
      endsOn: '2026-03-27',
      capacity: 40,
      agencies: ['dinkes'],
    },
  ],
}

const registry = {
  program: {
    code: 'dukcapil-2026',
    title: 'Pelayanan Administrasi Kependudukan, Integritas dan Etos Kerja',
    field: 'kependudukan',
    form: 3,
    targets: [
      { framework: 'sampel-pencatatan-sipil', competency: 'akta-pencatatan-sipil', level: 2 },
      { framework: 'sampel-pencatatan-sipil', competency: 'pelindungan-data-pribadi', level: 2 },
      { framework: managerial, competency: 'integritas', level: 3 },
      { framework: managerial, competency: 'orientasi-pada-hasil', level: 3 },
    ],
    modules: [
      { code: 'akta', title: 'Akta Pencatatan Sipil', jp: 8, practiceJp: 4 },
      { code: 'data-pribadi', title: 'Pelindungan Data Pribadi', jp: 4, practiceJp: 2 },
      { code: 'etos-kerja', title: 'Integritas dan Etos Kerja', jp: 8, practiceJp: 2 },
    ],
    validityMonths: 36,
  },
  cohorts: [
    {
      title: 'Angkatan I',
      startsOn: '2026-02-09',
      endsOn: '2026-02-27',
      capacity: 30,
      agencies: ['disdukcapil'],
    },
    {
      title: 'Angkatan II',
      startsOn: '2026-03-02',
      endsOn: '2026-03-27',
      capacity: 30,
      agencies: ['bkpsdmd', 'dinsos', 'dpmptsp'],
    },
  ],
}

export const programmes = [health, registry]

/** The programme that an agency sends its people to. */
export const programmeOf = (agency: string): (typeof programmes)[number] =>
  health.cohorts.some(({ agencies }) => agencies.includes(agency)) ? health : registry
