// tidy: a table of the texts of commands
import type { CommandHelp } from './command-help.ts'

const fileExits = {
  en: `\
Exit codes: 0 all rows are stored, 1 some were refused, 2 the file or the service can't be used.`,
  id: `\
Kode keluar: 0 semua baris tersimpan, 1 sebagian ditolak, 2 berkas atau layanan tidak dapat
dipakai.`,
}

const files = {
  import: {
    description: {
      en: 'employees and programmes from files',
      id: 'pegawai dan program dari berkas',
    },
    after: [
      `  $ npm run -s jejak -- import employees pegawai.csv --token token.txt
  $ npm run -s jejak -- import programme mrs-2026.json --token token.txt`,
    ],
  },
  'import employees': {
    description: {
      en: 'register the employees of a file',
      id: 'mendaftarkan pegawai dari berkas',
    },
    after: [
      {
        en: `\
As jejak submit: each row has a reference of its own, and refused rows come back to be corrected.`,
        id: `\
Seperti jejak submit: setiap baris mempunyai referensi sendiri, dan baris yang ditolak dikembalikan
untuk diperbaiki.`,
      },
      `  $ npm run -s jejak -- template employees pegawai.csv
  $ npm run -s jejak -- import employees pegawai.csv --token token.txt`,
      fileExits,
    ],
  },
  'import programme': {
    description: {
      en: 'publish a programme, and open its cohorts',
      id: 'menerbitkan program, dan membuka angkatannya',
    },
    inputs: {
      file: { en: 'JSON, as below', id: 'JSON, seperti di bawah' },
      json: { en: 'the ids as JSON', id: 'id-nya sebagai JSON' },
    },
    after: [
      `  {
    "program": {
      "code": "mrs-2026", "title": "Manajemen Rumah Sakit", "field": "kesehatan", "form": 3,
      "targets": [{ "framework": "permenpanrb-38-2017", "competency": "integritas", "level": 3 }],
      "modules": [{ "code": "mutu", "title": "Mutu layanan", "jp": 12, "practiceJp": 6 }],
      "validityMonths": 36
    },
    "cohorts": [{ "title": "Angkatan I", "startsOn": "2026-02-02", "endsOn": "2026-03-31",
                  "capacity": 40 }]
  }`,
      {
        en: `\
A programme goes by its code, a cohort by its title: importing a file again adds nothing. Targets
are looked up first: publish a dictionary before the programme that names it.`,
        id: `\
Program dikenali dari kodenya, angkatan dari judulnya: mengimpor berkas lagi tidak menambah apa pun.
Sasaran kompetensi diperiksa dahulu: terbitkan kamus kompetensi sebelum program yang menyebutnya.`,
      },
      '  $ npm run -s jejak -- import programme mrs-2026.json --token token.txt',
      {
        en: "Exit codes: 0 it is published, 2 the file or the service can't be used.",
        id: 'Kode keluar: 0 program terbit, 2 berkas atau layanan tidak dapat dipakai.',
      },
    ],
  },
  template: {
    description: {
      en: 'write a file to fill in, with the headings and a row as an example',
      id: 'menulis berkas untuk diisi, dengan judul kolom dan satu baris contoh',
    },
    inputs: {
      kind: { en: 'what the file is for', id: 'untuk apa berkas itu' },
      file: { en: 'CSV or XLSX, by its ending', id: 'CSV atau XLSX, menurut akhiran namanya' },
      english: {
        en: 'headings in English (default: in Indonesian)',
        id: 'judul kolom dalam bahasa Inggris (bawaan: bahasa Indonesia)',
      },
    },
    after: [
      {
        en: 'All cells of the XLSX are text, so that Excel leaves a NIP as it is.',
        id: 'Semua sel XLSX berupa teks, sehingga Excel tidak mengubah NIP.',
      },
      '  $ npm run -s jejak -- template assessments asesmen.xlsx',
    ],
  },
  submit: {
    description: {
      en: "send an agency's file of assessments, and keep a receipt for each",
      id: 'mengirim berkas asesmen perangkat daerah, dan menyimpan tanda terima untuk setiap baris',
    },
    after: [
      {
        en: `\
The first row has the headings, in Indonesian or English: jejak template assessments writes them.
Each row has a reference of its own, which stays the same when it is sent again: then nothing is
stored twice, however often you send the file. Refused rows come back in a file of the same form,
with line, field, reason and fix: correct it and send it.`,
        id: `\
Baris pertama berisi judul kolom, dalam bahasa Indonesia atau Inggris: jejak template assessments
menuliskannya. Setiap baris mempunyai referensi sendiri, yang tetap sama bila dikirim lagi: dengan
begitu tidak ada yang tersimpan dua kali, berapa kali pun berkas dikirim. Baris yang ditolak
dikembalikan dalam berkas berbentuk sama, dengan baris, kolom, alasan dan perbaikan: perbaiki, lalu
kirim.`,
      },
      `  $ npm run -s jejak -- template assessments asesmen.csv
  $ npm run -s jejak -- submit asesmen.csv --token token.txt --dry-run
  $ npm run -s jejak -- submit asesmen.csv --token token.txt`,
      fileExits,
    ],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>

const tokens = {
  token: {
    description: {
      en: 'who may call: issue, list and revoke tokens',
      id: 'siapa yang boleh memakai layanan: menerbitkan, menampilkan dan mencabut token',
    },
    inputs: {
      mongo: {
        en: 'the MongoDB of services that run apart',
        id: 'MongoDB milik layanan yang berjalan terpisah',
      },
    },
    after: [
      `\
  $ npm run -s jejak -- token issue --role agency --agency rsud-daya --label "RSUD Daya, 2026"
  $ npm run -s jejak -- token list
  $ npm run -s jejak -- token revoke 019b8bab-0680-75be-8eaf-427ee0bfcd1a`,
    ],
  },
  'token issue': {
    description: {
      en: 'make a token, and print it: it is not kept, and is shown this once',
      id: 'membuat token dan mencetaknya: token tidak disimpan, dan hanya ditampilkan sekali ini',
    },
    inputs: {
      role: { en: 'what it may do', id: 'apa yang boleh dilakukan dengan token' },
      agency: {
        en: 'whose it is, of the role agency',
        id: 'perangkat daerah pemilik token, untuk peran agency',
      },
      asn: { en: 'whose it is, of the role asn', id: 'ASN pemilik token, untuk peran asn' },
      label: {
        en: 'what it is for, shown in the list',
        id: 'untuk apa token itu, ditampilkan dalam daftar',
      },
    },
    after: [
      `\
  $ npm run -s jejak -- token issue --role agency --agency rsud-daya --label "RSUD Daya, 2026"`,
    ],
  },
  'token list': {
    description: {
      en: 'every token by its id: the tokens themselves are not kept',
      id: 'setiap token menurut id-nya: token itu sendiri tidak disimpan',
    },
    after: ['  $ npm run -s jejak -- token list'],
  },
  'token revoke': {
    description: {
      en: 'take a token back, also from a system that runs: with --mongo within five seconds',
      id: 'mencabut token, juga dari sistem yang sedang berjalan: dengan --mongo dalam lima detik',
    },
    inputs: {
      id: { en: 'of the token, as the list has it', id: 'id token, seperti dalam daftar' },
    },
    after: ['  $ npm run -s jejak -- token revoke 019b8bab-0680-75be-8eaf-427ee0bfcd1a'],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>

const agencies = {
  rules: {
    description: {
      en: 'the rules of the field, dated files: list, show, template, check, preview, adopt',
      id: 'aturan bidang ini, berkas bertanggal: list, show, template, check, preview, adopt',
    },
    inputs: {
      kind: { en: 'kind of rules, as hours', id: 'jenis aturan, seperti hours' },
      file: { en: 'the file, YAML', id: 'berkasnya, YAML' },
    },
    after: [
      {
        en: `\
A file stands for ever under its id. What was answered for days before its first day stays.`,
        id: `\
Berkas berlaku selamanya di bawah id-nya. Jawaban untuk hari sebelum hari pertamanya tetap.`,
      },
      '  $ npm run -s jejak -- rules list',
    ],
  },
  'rules list': {
    description: { en: 'every rule set that was adopted', id: 'semua aturan yang ditetapkan' },
    after: ['  $ npm run -s jejak -- rules list --json'],
  },
  'rules show': {
    description: {
      en: 'the file that holds on a day, or that has an id',
      id: 'berkas yang berlaku pada suatu hari, atau yang memiliki suatu id',
    },
    inputs: {
      on: { en: 'the day, as 2027-01-01 (default: today)', id: 'harinya, seperti 2027-01-01' },
      id: { en: 'its id, whether it holds or not', id: 'id-nya, berlaku atau tidak' },
      knownAt: {
        en: 'as it was recorded by then, as 2026-12-31T09:00:00+08:00 (default: by now)',
        id: 'yang tercatat sampai saat itu, seperti 2026-12-31T09:00:00+08:00',
      },
    },
    after: ['  $ npm run -s jejak -- rules show hours --on 2027-01-01'],
  },
  'rules template': {
    description: {
      en: 'the file that comes with Jejak, to begin the next one from',
      id: 'berkas bawaan Jejak, sebagai awal berkas berikutnya',
    },
    after: ['  $ npm run -s jejak -- rules template hours > jp-2027.yaml'],
  },
  'rules check': {
    description: {
      en: 'says all that is wrong with a file; asks no service',
      id: 'menyebut semua yang salah pada berkas; tanpa menghubungi layanan',
    },
    after: ['  $ npm run -s jejak -- rules check jp-2027.yaml'],
  },
  'rules preview': {
    description: {
      en: 'who would have other figures if a file were adopted; stores nothing',
      id: 'siapa yang angkanya akan berubah bila berkas ditetapkan; tidak menyimpan apa pun',
    },
    inputs: {
      on: {
        en: 'the day of the figures (default: the first day of the set, or today)',
        id: 'hari perhitungan (bawaan: hari pertama aturan itu, atau hari ini)',
      },
      agency: {
        en: 'of whose people (default: of all)',
        id: 'pegawai perangkat daerah mana (bawaan: semua)',
      },
    },
    after: ['  $ npm run -s jejak -- rules preview jp-2027.yaml'],
  },
  'rules adopt': {
    description: {
      en: 'put a file in force from its first day on',
      id: 'memberlakukan berkas sejak hari pertamanya',
    },
    after: ['  $ npm run -s jejak -- rules adopt jp-2027.yaml'],
  },
  agencies: {
    description: {
      en: 'the register of agencies, each with its days: list, register, rename, close',
      id: 'daftar perangkat daerah beserta tanggalnya: list, register, rename, close',
    },
    inputs: {
      code: { en: 'its code, as rsud-daya', id: 'kodenya, seperti rsud-daya' },
      since: {
        en: 'the first day of the change, as 2026-01-01',
        id: 'hari pertama perubahan itu, seperti 2026-01-01',
      },
      basis: {
        en: 'the regulation that says so; it stays in the log',
        id: 'dasar hukumnya; tetap ada di log',
      },
    },
    after: [
      {
        en: `\
A posting and a token may name only an agency that exists on their day. Those of Makassar come with
the program; a code is never given to another.`,
        id: `\
Penempatan dan token hanya boleh menyebut perangkat daerah yang ada pada harinya. Perangkat daerah
Makassar sudah tersedia; satu kode tidak pernah dipakai untuk yang lain.`,
      },
      '  $ npm run -s jejak -- agencies list',
    ],
  },
  'agencies list': {
    description: {
      en: 'every agency, also those that were closed',
      id: 'semua perangkat daerah, termasuk yang sudah dihapus',
    },
    after: ['  $ npm run -s jejak -- agencies list --json'],
  },
  'agencies register': {
    description: { en: 'put an agency on the register', id: 'mendaftarkan perangkat daerah' },
    inputs: { title: { en: 'its name', id: 'namanya' } },
    after: [
      `\
  $ npm run -s jejak -- agencies register brida --since 2023-01-01 --basis "Perda 8/2022" \\
      --title "Badan Riset dan Inovasi Daerah"`,
    ],
  },
  'agencies rename': {
    description: {
      en: 'give an agency another name from a day on: its code stays',
      id: 'mengganti nama perangkat daerah mulai suatu tanggal: kodenya tetap',
    },
    inputs: { title: { en: 'the new name', id: 'nama barunya' } },
    after: [
      `\
  $ npm run -s jejak -- agencies rename dispus --since 2026-07-01 --basis "Perda 3/2026" \\
      --title "Dinas Perpustakaan dan Kearsipan"`,
    ],
  },
  'agencies close': {
    description: {
      en: 'end an agency, or merge it into another: that one has its people from the day on',
      id: `\
menghapus perangkat daerah, atau menggabungkannya: pegawainya menjadi milik yang lain sejak itu`,
    },
    inputs: {
      since: {
        en: 'the first day without it; with --correction alone, the closing is withdrawn',
        id: 'hari pertama tanpanya; bila hanya --correction, penghapusannya dibatalkan',
      },
      successor: { en: 'code of the agency it is merged into', id: 'kode penerusnya' },
      correction: {
        en: 'in the place of what was said of its end before, which stays in the log',
        id: 'menggantikan catatan penghapusannya yang lama, yang tetap ada di log',
      },
    },
    after: [
      {
        en: `\
Without a successor its people stay with it until they are posted elsewhere.`,
        id: `\
Tanpa penerus, pegawainya tetap di sana sampai ditempatkan di tempat lain.`,
      },
      `\
  $ npm run -s jejak -- agencies close disbud --since 2026-07-01 --basis "Perda 3/2026" \\
      --successor dispar
  $ npm run -s jejak -- agencies close disbud --since 2026-07-01 --basis "Perda 3/2026" \\
      --successor disdik --correction
  $ npm run -s jejak -- agencies close disbud --basis "Perda 4/2026" --correction`,
    ],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>

const archives = {
  archives: {
    description: {
      en: 'the register of archives that keep evidence: list, register',
      id: 'daftar arsip yang menyimpan bukti asesmen: list, register',
    },
    inputs: { code: { en: 'its code, as srikandi', id: 'kodenya, seperti srikandi' } },
    after: [
      {
        en: `\
An assessment names the archive of its document, and what the document is called there: no address,
for an address can name a person and can never be erased.`,
        id: `\
Asesmen menyebut arsip dokumennya dan sebutan dokumen itu di sana: bukan alamat, sebab alamat dapat
memuat nama orang dan tidak dapat dihapus.`,
      },
      '  $ npm run -s jejak -- archives list',
    ],
  },
  'archives list': {
    description: {
      en: 'every archive, also those that take no documents any more',
      id: 'semua arsip, termasuk yang tidak menerima dokumen lagi',
    },
    after: ['  $ npm run -s jejak -- archives list --json'],
  },
  'archives register': {
    description: {
      en: 'put an archive on the register, or say when it ends',
      id: 'mendaftarkan arsip, atau menyebut kapan berakhir',
    },
    inputs: {
      title: { en: 'its title, which stays', id: 'judulnya, yang tetap' },
      from: { en: 'its first day, which stays', id: 'hari pertamanya, yang tetap' },
      until: { en: 'its last day', id: 'hari terakhirnya' },
    },
    after: [
      `\
  $ npm run -s jejak -- archives register depo-lama --title "Depo arsip lama BKPSDMD" \\
      --from 2012-01-01 --until 2025-12-31`,
    ],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>

/** Commands for people and their files. */
export const peopleHelp = {
  ...files,
  ...tokens,
  ...agencies,
  ...archives,
  'why-not': {
    description: {
      en: 'say what an enrollment still misses for its certificate',
      id: 'menyebutkan apa yang masih kurang pada suatu kepesertaan untuk sertifikat (STTPP)',
    },
    inputs: { enrollment: { en: 'its id', id: 'id kepesertaan' } },
    after: [
      '  $ npm run -s jejak -- why-not 019b8bab-0680-75be-8eaf-427ee0bfcd1a',
      {
        en: "Exit codes: 0 there is a certificate, 1 something is missing, 2 it can't be asked.",
        id: `\
Kode keluar: 0 sertifikat sudah terbit, 1 masih ada yang kurang, 2 tidak dapat ditanyakan.`,
      },
    ],
  },
  erase: {
    description: {
      en: "destroy the key of a person's sealed data: it can't be read again, by anybody",
      id: `\
memusnahkan kunci data pribadi seseorang: datanya tidak dapat dibaca lagi oleh siapa pun`,
    },
    inputs: {
      asn: { en: 'id of the person', id: 'id orang itu' },
      basis: { en: 'the legal basis; it stays in the log', id: 'dasar hukumnya; tetap ada di log' },
      disposition: {
        en: 'what is to become of the records that stay',
        id: 'nasib akhir arsip yang tetap ada',
      },
      lastDay: {
        en: 'last day of service, from which retention counts',
        id: 'hari terakhir masa kerja, awal hitungan retensi',
      },
      override: {
        en: 'why it is done before retention ends; it stays in the log',
        id: 'mengapa dilakukan sebelum retensi berakhir; tetap ada di log',
      },
    },
    after: [
      {
        en: 'The logs still verify, and what is not personal stays. There is no way back.',
        id: `\
Log tetap dapat diperiksa, dan yang bukan data pribadi tetap ada. Tindakan ini tidak dapat
dibatalkan.`,
      },
      {
        en: `\
A personal file is kept for years after its person has left (UU 43/2009 and the city's schedule,
JRA): before that the answer is RETAINED, with the day, the rule and its basis. It counts from
--last-day, by their decree: it is never before a posting or a training of theirs; without one
the person still serves. A court's or the city's decision goes before the schedule: give it with
--override.
--disposition says what becomes of the records that stay, which name nobody: musnah, they are
destroyed when their own time comes; dinilai-kembali, the archive decides then; permanen, they are
kept for ever.`,
        id: `\
Berkas perseorangan disimpan bertahun-tahun setelah orangnya berhenti (UU 43/2009 dan jadwal
retensi arsip kota, JRA): sebelum itu jawabannya RETAINED, dengan tanggal, aturan dan dasarnya.
Hitungannya mulai dari --last-day, menurut SK-nya: tidak pernah sebelum penempatan atau pelatihan
pegawai itu; tanpa itu pegawainya masih bertugas. Putusan pengadilan atau keputusan kota mendahului
jadwal: sebutkan dengan --override.
--disposition menyebutkan nasib akhir arsip yang tetap ada, yang tidak menyebut nama siapa pun:
musnah, dimusnahkan pada waktunya; dinilai-kembali, diputuskan kemudian oleh lembaga kearsipan;
permanen, disimpan selamanya.`,
      },
      `\
  $ npm run -s jejak -- erase 019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --basis "UU 27/2022 Pasal 43" --disposition dinilai-kembali --last-day "$LAST_DAY"
  $ npm run -s jejak -- erase 019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --basis "UU 27/2022 Pasal 43" --disposition musnah --override "Putusan PTUN 12/G/2026"`,
      {
        en: "Exit codes: 0 the person is erased, 2 it can't be done.",
        id: 'Kode keluar: 0 data orang itu dihapus, 2 tidak dapat dilakukan.',
      },
    ],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>
