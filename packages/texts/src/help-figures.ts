// tidy: a table of the texts of commands
import type { CommandHelp } from './command-help.ts'

const person = '019b8bab-0680-75be-8eaf-427ee0bfcd1a'
const asn = { en: 'id of the person (jejak find)', id: 'id pegawai (jejak find)' }
const code = { en: 'of the agency, as rsud-daya', id: 'kode perangkat daerah, seperti rsud-daya' }
const careerFile = { en: 'JSON, as below', id: 'JSON, seperti di bawah' }

/** Careers, gaps and the index of professionality (IP-ASN). */
export const figureHelp = {
  career: {
    description: {
      en: 'what the index of professionality asks of a career: record, import, discipline, list',
      id: 'masukan karier untuk indeks profesionalitas: record, import, discipline, list',
    },
    after: [
      `\
  $ npm run -s jejak -- career record ${person} karier.json
  $ npm run -s jejak -- career import karier.csv
  $ npm run -s jejak -- career discipline ${person} disiplin.json
  $ npm run -s jejak -- career list ${person}`,
    ],
  },
  'career record': {
    description: {
      en: 'record an education, the performance of a year, a structural training of a person',
      id: 'mencatat pendidikan, kinerja setahun, atau latihan struktural seorang pegawai',
    },
    inputs: { asn, file: careerFile },
    after: [
      `\
  { "source": "SIASN 2026-06-01",
    "qualification": { "education": "S-1", "field": "Keperawatan", "graduatedOn": "2012-08-01" },
    "performance": { "year": 2025, "assessedOn": "2026-01-15", "predicate": "Baik" },
    "structuralTraining": { "training": "3", "completedOn": "2021-06-01" } }`,
      {
        en: `\
One of the three is enough. Of performance, a value from 0 to 200 in place of a predicate; the last
record of a year counts. training is latihanStruktural of SIASN, 1 to 8. replaces names the record
of the same kind that was wrong. The same again is recorded once.`,
        id: `\
Salah satu dari ketiganya cukup. Kinerja: value 0 sampai 200 sebagai ganti predicate; catatan
terakhir untuk suatu tahun yang berlaku. training adalah latihanStruktural SIASN, 1 sampai 8.
replaces menyebut catatan sejenis yang salah. Hal yang sama hanya dicatat satu kali.`,
      },
      `  $ npm run -s jejak -- career record ${person} karier.json`,
    ],
  },
  'career import': {
    description: {
      en: 'record the careers of many from a CSV file or a workbook, by their NIP',
      id: 'mencatat karier banyak pegawai dari berkas CSV atau lembar kerja, menurut NIP',
    },
    after: [
      {
        en: `\
jejak template careers writes a file with all columns. A row has an education, the performance of a
year, a structural training, or several of them. What is refused comes back as a file of its own,
with why and what to do; the same file again records nothing twice.`,
        id: `\
jejak template careers menulis berkas dengan semua kolom. Satu baris memuat pendidikan, kinerja
setahun, latihan struktural, atau beberapa di antaranya. Yang ditolak kembali sebagai berkas
tersendiri beserta alasan dan perbaikannya; berkas yang sama tidak mencatat dua kali.`,
      },
      `\
  $ npm run -s jejak -- template careers karier.csv
  $ npm run -s jejak -- career import karier.csv --dry-run`,
    ],
  },
  'career discipline': {
    description: {
      en: 'state the punishments of the five years before a day, or that there were none',
      id: 'menyatakan hukuman disiplin lima tahun sebelum suatu hari, atau bahwa tidak ada',
    },
    inputs: { asn, file: careerFile },
    after: [
      `\
  { "asOf": "2026-12-31", "source": "BKPSDMD 800/12/2026", "punishments": [] }
  { "asOf": "2026-12-31", "source": "BKPSDMD 800/12/2026",
    "punishments": [{ "level": "ringan", "on": "2024-02-02", "until": "2024-08-02" }] }`,
      {
        en: 'It is encrypted: the log does not show whether anybody was punished.',
        id: 'Isinya dienkripsi: log tidak menunjukkan apakah seseorang pernah dihukum.',
      },
      `  $ npm run -s jejak -- career discipline ${person} disiplin.json`,
    ],
  },
  'career list': {
    description: {
      en: 'what was recorded of the career of a person, without discipline; the read is recorded',
      id: 'catatan karier seorang pegawai, tanpa disiplin; pembacaannya dicatat',
    },
    inputs: { asn },
    after: [`  $ npm run -s jejak -- career list ${person} --json`],
  },
  gap: {
    description: {
      en: 'what people have of what is required of their offices: person, agency, city',
      id: 'kesenjangan kompetensi terhadap standar jabatan: person, agency, city',
    },
    inputs: {
      position: { en: 'a position to compare with', id: 'jabatan yang menjadi pembanding' },
    },
    after: [
      `\
  $ npm run -s jejak -- gap person ${person}
  $ npm run -s jejak -- gap agency rsud-daya
  $ npm run -s jejak -- gap city`,
    ],
  },
  'gap person': {
    description: {
      en: 'the levels of a person against those that are required, and their job person match',
      id: 'tingkat seorang pegawai terhadap standar jabatannya, dan job person match-nya',
    },
    inputs: { asn },
    after: [`  $ npm run -s jejak -- gap person ${person} --as-of 2026-06-30`],
  },
  'gap agency': {
    description: {
      en: 'how many people of an agency, a unit or a position have attained what is required',
      id: 'berapa pegawai perangkat daerah, unit atau jabatan yang memenuhi standar',
    },
    inputs: { code, unit: { en: 'where people serve', id: 'unit kerjanya' } },
    after: [`  $ npm run -s jejak -- gap agency rsud-daya --position perawat-ahli-pertama`],
  },
  'gap city': {
    description: {
      en: 'the same of everybody in the city',
      id: 'hal yang sama untuk seluruh kota',
    },
    after: [`  $ npm run -s jejak -- gap city --json`],
  },
  'ip-asn': {
    description: {
      en: 'the index of professionality (IP-ASN): person, agency',
      id: 'indeks profesionalitas ASN (IP-ASN): person, agency',
    },
    inputs: {
      year: {
        en: 'as of its last day, or of today; not with --as-of',
        id: 'per hari terakhirnya, atau hari ini; tidak bersama --as-of',
      },
    },
    after: [
      `\
  $ npm run -s jejak -- ip-asn person ${person}
  $ npm run -s jejak -- ip-asn agency rsud-daya --year 2026`,
    ],
  },
  'ip-asn person': {
    description: {
      en: 'each component of the index of a person; what is missing, and whose it is to give',
      id: 'tiap komponen indeks seorang pegawai; apa yang belum ada, dan siapa yang memberikannya',
    },
    inputs: { asn },
    after: [
      {
        en: '--json has what each score was reckoned from: sources, and the ids of the events.',
        id: '--json memuat dasar tiap nilai: sumber, dan id peristiwanya.',
      },
      `  $ npm run -s jejak -- ip-asn person ${person} --year 2026 --json`,
    ],
  },
  'ip-asn agency': {
    description: {
      en: 'how many people of an agency are in which category, and of how many it is not known',
      id: 'berapa pegawai dalam tiap kategori, dan berapa yang belum diketahui',
    },
    inputs: { code },
    after: [`  $ npm run -s jejak -- ip-asn agency rsud-daya --year 2026`],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>
