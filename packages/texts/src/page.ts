import type { CommandHelp } from './command-help.ts'
import { type Filled, type Language, type Texts, wording } from './text.ts'

type Path = { readonly path: string }

/** The page that `npm start` ends with. */
const ofPage = {
  title: {
    en:
      'Jejak: the competency history of civil servants, in logs that prove themselves.\n' +
      'Everybody here is invented (contoh): no real NIP has a sequence from 901.',
    id:
      'Jejak: riwayat kompetensi ASN, dalam log yang membuktikan dirinya sendiri.\n' +
      'Semua orang di sini rekaan (contoh): tidak ada NIP asli dengan nomor urut mulai 901.',
  },
  'came-in': ({ folder }: { readonly folder: string }) => ({
    en: `Came in, from ${folder}`,
    id: `Yang masuk, dari ${folder}`,
  }),
  programmes: ({ programmes }: { readonly programmes: readonly string[] }) => ({
    en: `programmes: ${programmes.join(', ')}; one correction, one contest (keberatan)`,
    id: `program: ${programmes.join(', ')}; satu koreksi, satu keberatan`,
  }),
  refused: {
    en: 'Refused, with what to do in the files of refused rows',
    id: 'Yang ditolak; cara memperbaikinya ada di berkas baris tertolak',
  },
  'refused-line': ({ line, why }: { readonly line: string; readonly why: string }) => ({
    en: `line ${line}  ${why}`,
    id: `baris ${line}  ${why}`,
  }),
  person: ({ asnId }: { readonly asnId: string }) => ({
    en: `One civil servant (ASN ${asnId})`,
    id: `Seorang pegawai (ASN ${asnId})`,
  }),
  gap: ({ agency }: { readonly agency: string }) => ({
    en: `Gap at ${agency}: before and after the training`,
    id: `Kesenjangan kompetensi di ${agency}: sebelum dan sesudah pelatihan`,
  }),
  certificates: {
    en: 'Certificates (STTPP), which nobody had to ask for',
    id: 'Sertifikat (STTPP), yang terbit tanpa perlu diminta',
  },
  'have-certificates': ({ issued, all }: { readonly issued: number; readonly all: number }) => ({
    en: `${issued} of ${all} participants have one`,
    id: `${issued} dari ${all} peserta memilikinya`,
  }),
  'has-no-certificate': ({ enrollmentId }: { readonly enrollmentId: string }) => ({
    en: `${enrollmentId} has none:`,
    id: `${enrollmentId} tidak memilikinya:`,
  }),
  export: {
    en: 'A file for BKN (riwayat kursus), signed',
    id: 'Berkas untuk BKN (riwayat kursus), bertanda tangan',
  },
  'exported-rows': ({ path, rows }: Path & { readonly rows: number }) => ({
    en: `${path}: ${rows} rows`,
    id: `${path}: ${rows} baris`,
  }),
  'export-verified': {
    en: 'verified by the key of the log of reporting',
    id: 'terverifikasi dengan kunci log reporting',
  },
  'export-refused': {
    en: 'refused by the key of the log of reporting',
    id: 'ditolak menurut kunci log reporting',
  },
  heads: {
    en: 'The logs and their signed heads: keep a copy where nobody who runs them can reach it',
    id:
      'Log dan kepala bertanda tangannya: simpan salinannya di tempat ' +
      'yang tidak terjangkau oleh pengelola log',
  },
  'receipt-verified': ({ log, entry, index }: Receipted) => ({
    en: `receipt verified: ${log} has ${entry} at index ${index}`,
    id: `tanda terima terverifikasi: ${log} memuat ${entry} pada indeks ${index}`,
  }),
  next: { en: 'Next, in another terminal', id: 'Berikutnya, di terminal lain' },
  'who-read': { en: '/reads: who read them', id: '/reads: siapa yang membacanya' },
  'nothing-twice': { en: 'nothing is stored twice', id: 'tidak ada yang tersimpan dua kali' },
  'for-good': { en: 'for good', id: 'untuk selamanya' },
} as const satisfies Texts

type Receipted = { readonly log: string; readonly entry: string; readonly index: number }
type Levelled = Readonly<Record<'asOf' | 'policy' | 'levels', string>>
type Misplaced = { readonly log: string; readonly position: number; readonly index: number }

/** The history of one civil servant on the page. */
const ofHistory = {
  erased: { en: '(erased)', id: '(dihapus)' },
  'no-policy': { en: 'no policy', id: 'tanpa kebijakan' },
  levels: ({ asOf, policy, levels }: Levelled) => ({
    en: `levels on ${asOf} by ${policy}: ${levels}`,
    id: `level per ${asOf} menurut ${policy}: ${levels}`,
  }),
  hours: ({ jp, year }: { readonly jp: number; readonly year: number }) => ({
    en: `${jp} JP in ${year}`,
    id: `${jp} JP pada ${year}`,
  }),
  proven: ({ events }: { readonly events: number }) => ({
    en: `${events} events, each proven to stand in its log at that position`,
    id: `${events} peristiwa, masing-masing terbukti ada di log-nya pada posisi itu`,
  }),
  misplaced: ({ log, position, index }: Misplaced) => ({
    en: `${log} ${position} is at ${index}`,
    id: `${log} ${position} berada di ${index}`,
  }),
} as const satisfies Texts

/** What `npm start` prints while it plays the scenario, and why it can't. */
const ofPlaying = {
  'play-employees': {
    en: 'employees: agencies send pegawai.csv',
    id: 'pegawai: perangkat daerah mengirim pegawai.csv',
  },
  'play-assessors': {
    en: 'assessors: BKPSDMD puts them on the register',
    id: 'asesor: didaftarkan BKPSDMD',
  },
  'play-programmes': {
    en: 'programmes and cohorts: BKPSDMD publishes them',
    id: 'program dan angkatan: diterbitkan BKPSDMD',
  },
  'play-baseline': {
    en: 'baseline: agencies send asesmen-awal',
    id: 'asesmen awal: perangkat daerah mengirim asesmen-awal',
  },
  'play-training': {
    en: 'training: nominations, seats, attendance, completion',
    id: 'pelatihan: pengusulan, tempat, kehadiran, penyelesaian',
  },
  'play-after-training': {
    en: 'after training: agencies send asesmen-akhir',
    id: 'sesudah pelatihan: perangkat daerah mengirim asesmen-akhir',
  },
  'play-certificates': {
    en: 'certificates: they come by themselves',
    id: 'sertifikat: terbit dengan sendirinya',
  },
  'not-settled': {
    en: 'certificates take too long: start again, and it goes on',
    id: 'sertifikat terlalu lama terbit: jalankan lagi untuk melanjutkan',
  },
  'not-stored': ({ reference }: { readonly reference: string }) => ({
    en: `${reference} was not stored: it can't be corrected`,
    id: `${reference} tidak tersimpan: tidak dapat dikoreksi`,
  }),
  'no-ops': ({ path }: Path) => ({
    en: `${path}: ops: must say where each service has its /metrics`,
    id: `${path}: ops: harus menyebutkan tempat /metrics tiap layanan`,
  }),
  'no-mongo': { en: '--endpoints: add --mongo URL', id: '--endpoints: tambahkan --mongo URL' },
} as const satisfies Texts

/** The help of `npm start`. */
export const startHelp = {
  description: {
    en: 'run the services, play the scenario of Makassar once, and show what came of it',
    id: 'jalankan layanan, mainkan skenario Makassar sekali, dan tampilkan hasilnya',
  },
  inputs: {
    data: {
      en: "the data folder (default: the project's own data/makassar)",
      id: 'folder data (bawaan: data/makassar milik proyek ini)',
    },
    grpc: { en: 'where agencies call', id: 'alamat yang dipanggil perangkat daerah' },
    http: {
      en: 'where reports, /healthz and /readyz are',
      id: 'alamat laporan, /healthz dan /readyz',
    },
    empty: { en: 'without the scenario', id: 'tanpa skenario' },
    once: { en: 'end after the page', id: 'berakhir setelah halaman ditampilkan' },
    mongo: {
      en: 'with --endpoints: where the tokens of the services are',
      id: 'dengan --endpoints: tempat token layanan',
    },
    tokensFile: {
      en: 'with --endpoints: tokens of hr, auditor and ministry',
      id: 'dengan --endpoints: token hr, auditor dan ministry',
    },
  },
  after: [
    {
      en: `\
It is what npm start does. All people of the scenario are invented. Where it is stopped or killed,
the next start goes on from there; once it is done, it is shown and not played again.`,
      id: `\
Inilah yang dijalankan npm start. Semua orang dalam skenario rekaan. Bila dihentikan di tengah
jalan, start berikutnya melanjutkan dari sana; bila sudah selesai, hasilnya ditampilkan saja.`,
    },
    {
      en: `\
With --endpoints it runs no service: it plays the scenario to those that run there, shows what came
of it, and ends. Its own files are in --data (default: demo, beside the file of endpoints). That
file must have "ops", where each service has its /metrics.`,
      id: `\
Dengan --endpoints tidak ada layanan yang dijalankan: skenario dimainkan pada layanan yang berjalan
di sana, hasilnya ditampilkan, lalu selesai. Berkasnya sendiri ada di --data (bawaan: demo, di
samping berkas endpoints). Berkas itu harus memuat "ops", tempat /metrics tiap layanan.`,
    },
    `\
  $ npm start -- --data data/makassar
  $ npm start -- --empty
  $ npm start -- --endpoints endpoints.json --mongo "mongodb://localhost/?replicaSet=rs0"`,
  ],
} as const satisfies CommandHelp

/** What people read of `npm start`. */
export const pageTexts = { ...ofPage, ...ofHistory, ...ofPlaying }

export const pageText = (filled: Filled<typeof pageTexts>, language?: Language): string =>
  wording(pageTexts, filled, language)
