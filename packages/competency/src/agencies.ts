/** An organisation of the city government (OPD, organisasi perangkat daerah). */
export type BuiltInAgency = { readonly code: string; readonly name: string }

/** The districts (kecamatan) of Makassar, Kemendagri codes 73.71.01 to 73.71.15 in order. */
const districts: readonly BuiltInAgency[] = [
  ['mariso', 'Mariso'],
  ['mamajang', 'Mamajang'],
  ['makassar', 'Makassar'],
  ['ujung-pandang', 'Ujung Pandang'],
  ['wajo', 'Wajo'],
  ['bontoala', 'Bontoala'],
  ['tallo', 'Tallo'],
  ['ujung-tanah', 'Ujung Tanah'],
  ['panakkukang', 'Panakkukang'],
  ['tamalate', 'Tamalate'],
  ['biringkanaya', 'Biringkanaya'],
  ['manggala', 'Manggala'],
  ['rappocini', 'Rappocini'],
  ['tamalanrea', 'Tamalanrea'],
  ['kepulauan-sangkarrang', 'Kepulauan Sangkarrang'],
].map(([code, name]) => ({ code: `kecamatan-${code}`, name: `Kecamatan ${name}` }))

/**
 * Makassar's, with names as an application of the city had them. Names change and units are split
 * or merged: a code that was used stays, and stands for the unit that it stood for.
 */
export const agencies: readonly BuiltInAgency[] = [
  { code: 'setda', name: 'Sekretariat Daerah' },
  { code: 'setwan', name: 'Sekretariat DPRD' },
  { code: 'inspektorat', name: 'Inspektorat Daerah' },
  { code: 'diskominfo', name: 'Dinas Komunikasi dan Informatika' },
  { code: 'disdik', name: 'Dinas Pendidikan' },
  { code: 'dinkes', name: 'Dinas Kesehatan' },
  { code: 'dinas-pu', name: 'Dinas Pekerjaan Umum' },
  { code: 'disperkim', name: 'Dinas Perumahan dan Kawasan Permukiman' },
  { code: 'dinsos', name: 'Dinas Sosial' },
  { code: 'disnaker', name: 'Dinas Ketenagakerjaan' },
  { code: 'dp3a', name: 'Dinas Pemberdayaan Perempuan dan Perlindungan Anak' },
  { code: 'dkp', name: 'Dinas Ketahanan Pangan' },
  { code: 'dlh', name: 'Dinas Lingkungan Hidup' },
  { code: 'disdukcapil', name: 'Dinas Kependudukan dan Pencatatan Sipil' },
  { code: 'dppkb', name: 'Dinas Pengendalian Penduduk dan Keluarga Berencana' },
  { code: 'dishub', name: 'Dinas Perhubungan' },
  { code: 'diskop-ukm', name: 'Dinas Koperasi dan Usaha Kecil dan Menengah' },
  { code: 'dpmptsp', name: 'Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu' },
  { code: 'dispora', name: 'Dinas Pemuda dan Olahraga' },
  { code: 'dispus', name: 'Dinas Perpustakaan' },
  { code: 'disbud', name: 'Dinas Kebudayaan' },
  { code: 'dispar', name: 'Dinas Pariwisata' },
  { code: 'dp2', name: 'Dinas Perikanan dan Pertanian' },
  { code: 'disdag', name: 'Dinas Perdagangan' },
  { code: 'disperin', name: 'Dinas Perindustrian' },
  { code: 'bappeda', name: 'Badan Perencanaan Pembangunan Daerah' },
  { code: 'bpkad', name: 'Badan Pengelolaan Keuangan dan Aset Daerah' },
  { code: 'bapenda', name: 'Badan Pendapatan Daerah' },
  { code: 'bkpsdmd', name: 'Badan Kepegawaian dan Pengembangan Sumber Daya Manusia Daerah' },
  { code: 'bakesbangpol', name: 'Badan Kesatuan Bangsa dan Politik' },
  { code: 'bpbd', name: 'Badan Penanggulangan Bencana Daerah' },
  { code: 'satpol-pp', name: 'Satuan Polisi Pamong Praja' },
  { code: 'rsud-daya', name: 'Rumah Sakit Umum Daerah Daya' },
  ...districts,
]
