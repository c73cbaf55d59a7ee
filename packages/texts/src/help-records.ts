// tidy: a table of the texts of commands
import type { CommandHelp } from './command-help.ts'

const example = '019b8bab-0680-75be-8eaf-427ee0bfcd1a'
const other = '019b8bab-0690-7c11-9d20-6a1c0f3f7b52'

/** The file of a rule set says which levels there are; those of now are named. */
const postingValues = {
  en: `\
employment: pns, cpns, pppk or pppk-paruh-waktu. contract_since: the first day of the contract of a
PPPK, with employment. office, the level of the office, by the law of the day (jejak rules show
offices): jpt-utama, jpt-madya, jpt-pratama, administrator, pengawas, pelaksana, pemula, terampil,
mahir, penyelia, ahli-pertama, ahli-muda, ahli-madya or ahli-utama. assignment, how it is held:
definitif (also where it is left out), plt, plh or tugas-tambahan. What is left out of employment
stays as it was before.`,
  id: `\
employment: pns, cpns, pppk atau pppk-paruh-waktu. contract_since: hari pertama perjanjian kerja
PPPK, bersama employment. office, jenjang jabatan, menurut undang-undang yang berlaku (jejak rules
show offices): jpt-utama, jpt-madya, jpt-pratama, administrator, pengawas, pelaksana, pemula,
terampil, mahir, penyelia, ahli-pertama, ahli-muda, ahli-madya atau ahli-utama. assignment, cara
menjabat: definitif (juga bila tidak diisi), plt, plh atau tugas-tambahan. Status kepegawaian yang
tidak diisi tetap seperti sebelumnya.`,
} as const

const claims = {
  claim: {
    description: {
      en: 'claims of agencies to people whom another agency has registered: file, list, decide',
      id: 'klaim atas pegawai yang didaftarkan perangkat daerah lain: file, list, decide',
    },
    after: [
      {
        en: `\
A NIP that is taken belongs to a record of another agency. If the person is yours, say so: HR
decides, and posts the person with you. Until then nothing of theirs is sent under your name.`,
        id: `\
NIP yang sudah terpakai milik catatan perangkat daerah lain. Bila pegawai itu milik Anda, ajukan
klaim: BKPSDM memutuskan dan menempatkannya pada Anda. Sampai itu, datanya belum dikirim atas nama
Anda.`,
      },
      `\
  $ npm run -s jejak -- claim file klaim.json --reason "SK Wali Kota 824/12/2026"
  $ npm run -s jejak -- claim list
  $ npm run -s jejak -- claim decide ${example} \\
      --outcome upheld --reason "Sesuai SK yang dilampirkan"`,
    ],
  },
  'claim file': {
    description: {
      en: 'say that a person is yours; nothing is answered of the record that has the NIP',
      id: 'menyatakan bahwa seorang pegawai milik Anda; catatan pemilik NIP tidak diberitahukan',
    },
    inputs: {
      file: {
        en: 'JSON with who it is and where they serve, as below; what is personal is sealed',
        id: 'JSON berisi siapa orangnya dan penempatannya, seperti di bawah; data pribadi disegel',
      },
      reason: {
        en: 'why, with the decree (SK) that says so; it stays in the log',
        id: 'mengapa, dengan SK yang menyatakannya; tetap ada di log',
      },
    },
    after: [
      `\
  { "nip": "199001012015012901", "name": "Andi Tenri, S.Kep.", "birth_date": "1990-01-01",
    "agency": "rsud-daya", "position": "perawat-ahli-pertama", "since": "2026-02-01" }`,
      {
        en: `\
Also birth_place, email, phone, bkn_id, sex (male or female), unit, employment, contract_since,
office and assignment. agency is your own. It is a
file so that no shell keeps what is in it.`,
        id: `\
Juga birth_place, email, phone, bkn_id, sex (male atau female), unit, employment, contract_since,
office dan assignment. agency adalah perangkat
daerah Anda sendiri. Data ditulis dalam berkas agar tidak tersimpan di riwayat shell.`,
      },
      postingValues,
      '  $ npm run -s jejak -- claim file klaim.json --reason "SK Wali Kota 824/12/2026"',
    ],
  },
  'claim list': {
    description: {
      en: 'for HR the open claims, the oldest first; for an agency its own, also decided ones',
      id: 'bagi BKPSDM klaim yang belum diputuskan, terlama lebih dulu; bagi lainnya miliknya',
    },
    after: [
      {
        en: 'What a claim says of the person is in the JSON, for HR; the read is recorded.',
        id: 'Isi klaim tentang orangnya ada di JSON, untuk BKPSDM; pembacaannya dicatat.',
      },
      '  $ npm run -s jejak -- claim list --json',
    ],
  },
  'claim decide': {
    description: {
      en: 'decide a claim: upheld, the person is posted with the claimant; the decision stays',
      id: 'memutuskan klaim: bila diterima, pegawai ditempatkan pada pengaju; keputusan tetap',
    },
    inputs: {
      id: { en: 'of the claim', id: 'id klaim' },
      outcome: {
        en: "upheld: the person is the claimant's; dismissed: they stay where they are",
        id: 'upheld: pegawai milik pengaju; dismissed: pegawai tetap di tempatnya',
      },
      reason: { en: 'why; it stays in the log', id: 'mengapa; tetap ada di log' },
    },
    after: [
      `\
  $ npm run -s jejak -- claim decide ${example} \\
      --outcome dismissed --reason "SK yang dilampirkan sudah dicabut"`,
    ],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>

/** Commands for the records of people: which is whose, where they serve, and who has a NIP. */
export const recordHelp = {
  ...claims,
  find: {
    description: {
      en: 'find the id of a person by a NIP that they have or had; the read is recorded',
      id: 'mencari id seseorang dari NIP yang kini atau dulu dimilikinya; pembacaannya dicatat',
    },
    inputs: {
      file: {
        en: 'a file with the NIP alone; without it the NIP is typed or piped in',
        id: 'berkas yang hanya berisi NIP; tanpa berkas, NIP diketik atau dialirkan',
      },
    },
    after: [
      {
        en: `\
The NIP is never typed behind the command: a shell keeps that. Of merged records it is the id of the
survivor.`,
        id: `\
NIP tidak pernah diketik di belakang perintah: shell menyimpannya. Dari catatan yang digabung,
hasilnya id catatan yang tetap berlaku.`,
      },
      '  $ npm run -s jejak -- find\n  $ npm run -s jejak -- find nip.txt --json',
    ],
  },
  merge: {
    description: {
      en: "merge a duplicate into another record of the same person; it can't be undone",
      id: 'menggabungkan catatan ganda ke catatan lain orang yang sama; tidak dapat dibatalkan',
    },
    inputs: {
      duplicate: { en: 'id of the record that goes', id: 'id catatan yang digabungkan' },
      into: { en: 'id of the record that goes on', id: 'id catatan yang tetap berlaku' },
      reason: {
        en: 'why they are one person; it stays in the log',
        id: 'mengapa keduanya satu orang; tetap ada di log',
      },
    },
    after: [
      {
        en: `\
Both ids and both NIPs find the survivor from now on. Of two enrollments in one cohort the second
ends, with its seat.`,
        id: `\
Sejak itu kedua id dan kedua NIP menunjuk ke catatan yang tetap berlaku. Dari dua kepesertaan dalam
satu angkatan, yang kedua berakhir beserta kursinya.`,
      },
      `\
  $ npm run -s jejak -- merge ${example} \\
      --into ${other} --reason "Didaftarkan dua kali"`,
    ],
  },
  post: {
    description: {
      en: 'say where a person serves from a day on: a posting, or a transfer to another agency',
      id: 'menyatakan tempat tugas seseorang mulai suatu hari: penempatan atau mutasi',
    },
    inputs: {
      asn: { en: 'id of the person', id: 'id orang itu' },
      agency: { en: 'code of the agency, as rsud-daya', id: 'kode instansi, seperti rsud-daya' },
      unit: { en: 'code of the unit', id: 'kode unit kerja' },
      position: {
        en: 'code of the position, as perawat-ahli-pertama',
        id: 'kode jabatan, seperti perawat-ahli-pertama',
      },
      since: { en: 'the first day, as 2026-01-01', id: 'hari pertamanya, seperti 2026-01-01' },
      employment: {
        en: 'how the person is employed; left out: as before',
        id: 'status kepegawaian; bila tidak diisi: seperti sebelumnya',
      },
      contractSince: {
        en: 'the first day of the contract of a PPPK; left out: as before',
        id: 'hari pertama perjanjian kerja PPPK; bila tidak diisi: seperti sebelumnya',
      },
      office: {
        en: 'the level of the office, as ahli-muda or pengawas',
        id: 'jenjang jabatan, seperti ahli-muda atau pengawas',
      },
      assignment: {
        en: 'how the office is held; left out: definitif',
        id: 'cara menjabat; bila tidak diisi: definitif',
      },
    },
    after: [
      postingValues,
      {
        en: `\
The new agency answers for the person from that day on. A posting of the same day as another stands
in its place; what was said before stays in the log.`,
        id: `\
Sejak hari itu perangkat daerah baru yang bertanggung jawab. Penempatan pada hari yang sama
menggantikan yang sebelumnya; catatan lama tetap ada di log.`,
      },
      `\
  $ npm run -s jejak -- post ${example} \\
      --agency dinkes --position perawat-ahli-muda --since 2026-07-01
  $ npm run -s jejak -- post ${example} \\
      --agency dinkes --position kepala-seksi --since 2026-07-01 --office pengawas \\
      --assignment plt --employment pppk --contract-since 2026-01-01`,
    ],
  },
  'change-nip': {
    description: {
      en: 'give a person another NIP from a day on; the former one still finds them',
      id: 'mengganti NIP seseorang mulai suatu hari; NIP lama tetap menunjuk kepadanya',
    },
    inputs: {
      asn: { en: 'id of the person', id: 'id orang itu' },
      file: {
        en: 'a file with the new NIP alone; without it the NIP is typed or piped in',
        id: 'berkas yang hanya berisi NIP baru; tanpa berkas, NIP diketik atau dialirkan',
      },
      since: { en: 'the first day, as 2026-01-01', id: 'hari pertamanya, seperti 2026-01-01' },
      reason: {
        en: 'why, with the decree (SK) that says so; it stays in the log',
        id: 'mengapa, dengan SK yang menyatakannya; tetap ada di log',
      },
    },
    after: [
      {
        en: `\
The NIP is never typed behind the command: a shell keeps that. It has 18 digits. A NIP that belongs
to another person is refused; if it is the same person registered twice, jejak merge is meant. A
former CPNS, or a PPPK who becomes a PNS, is posted as that with jejak post --employment.`,
        id: `\
NIP tidak pernah diketik di belakang perintah: shell menyimpannya. NIP terdiri dari 18 angka. NIP
milik orang lain ditolak; bila orangnya sama dan terdaftar dua kali, gunakan jejak merge. CPNS atau
PPPK yang menjadi PNS ditempatkan lagi dengan jejak post --employment.`,
      },
      `\
  $ npm run -s jejak -- change-nip ${example} nip.txt \\
      --since 2026-01-01 --reason "SK BKN 12/2026"`,
    ],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>
