// tidy: a table of the texts of commands
import type { CommandHelp } from './command-help.ts'

const example = '019b8bab-0680-75be-8eaf-427ee0bfcd1a'

/** Commands for learning outside of the cohorts, and for the hours (JP) of a person. */
export const learningHelp = {
  learning: {
    description: {
      en: 'learning outside of the cohorts here, which counts to the hours: record, revoke, list',
      id: 'pembelajaran di luar angkatan di sini, yang dihitung dalam JP: record, revoke, list',
    },
    after: [
      `\
  $ npm run -s jejak -- learning record ${example} kursus.json
  $ npm run -s jejak -- learning list ${example}
  $ npm run -s jejak -- learning revoke ${example} \\
      --since 2026-03-01 --reason "Sertifikat dibatalkan penyelenggara"`,
    ],
  },
  'learning record': {
    description: {
      en: 'record what a person has learned; the same certificate is recorded once',
      id: 'mencatat pembelajaran seorang pegawai; sertifikat yang sama dicatat satu kali',
    },
    inputs: {
      asn: { en: 'id of the person', id: 'id pegawai' },
      file: { en: 'JSON, as below', id: 'JSON, seperti di bawah' },
    },
    after: [
      `\
  { "form": 16, "title": "E-learning keselamatan pasien", "organiser": "Kemenkes",
    "startsOn": "2026-02-02", "endsOn": "2026-02-03",
    "sessions": [{ "on": "2026-02-02", "minutes": 135 }, { "on": "2026-02-03", "minutes": 90 }],
    "claimedJp": 5, "certificateNumber": "500/KEMENKES/2026", "certifiedOn": "2026-02-10" }`,
      {
        en: `\
form is jenisDiklat of SIASN, 1 to 25. Also abroad, and evidence with sha256, archive and
identifier. Texts stay in the log for ever: no NIP, no name of a person.`,
        id: `\
form adalah jenisDiklat SIASN, 1 sampai 25. Juga abroad, dan evidence berisi sha256, archive dan
identifier. Teksnya tetap ada di log: jangan memuat NIP atau nama orang.`,
      },
      `  $ npm run -s jejak -- learning record ${example} kursus.json`,
    ],
  },
  'learning revoke': {
    description: {
      en: 'take a learning back from a day on: it does not count any more, and stays readable',
      id: 'mencabut pembelajaran mulai suatu hari: tidak dihitung lagi, dan tetap terbaca',
    },
    inputs: {
      id: { en: 'of the learning', id: 'id pembelajaran' },
      since: { en: 'the day, as 2026-03-01', id: 'tanggalnya, seperti 2026-03-01' },
      reason: { en: 'why; it stays in the log', id: 'mengapa; tetap ada di log' },
    },
    after: [
      `\
  $ npm run -s jejak -- learning revoke ${example} \\
      --since 2026-03-01 --reason "Sertifikat dibatalkan penyelenggara"`,
    ],
  },
  'learning list': {
    description: {
      en: 'what a person has learned outside of the cohorts; the read is recorded',
      id: 'pembelajaran seorang pegawai di luar angkatan; pembacaannya dicatat',
    },
    inputs: { asn: { en: 'id of the person', id: 'id pegawai' } },
    after: [`  $ npm run -s jejak -- learning list ${example} --json`],
  },
  attend: {
    description: {
      en: 'record what somebody attended of a module on a day',
      id: 'mencatat kehadiran pada suatu modul pada suatu hari',
    },
    inputs: {
      enrollment: { en: 'id of the enrollment', id: 'id kepesertaan' },
      module: { en: 'code of the module, as mutu', id: 'kode modul, seperti mutu' },
      on: { en: 'the day, as 2026-03-02', id: 'tanggalnya, seperti 2026-03-02' },
      minutes: { en: 'minutes attended', id: 'menit kehadiran' },
      jp: {
        en: 'or JP, of as many minutes as the rules of that day say',
        id: 'atau JP, dengan menit menurut aturan hari itu',
      },
    },
    after: [
      `  $ npm run -s jejak -- attend ${example} --module mutu --on 2026-03-02 --minutes 180`,
    ],
  },
  hours: {
    description: {
      en: 'hours (JP) by year, claimed and credited, with floor (PNS) and ceiling (PPPK)',
      id: 'JP per tahun, diajukan dan diakui, dengan batas bawah PNS dan batas atas PPPK',
    },
    inputs: {
      asn: { en: 'id of the person', id: 'id pegawai' },
      code: { en: 'code of the agency, as rsud-daya', id: 'kode instansi, seperti rsud-daya' },
      year: { en: 'of the calendar, as 2026', id: 'tahun kalender, seperti 2026' },
      asOf: {
        en: 'as it was on this day (default: today)',
        id: 'keadaan pada tanggal ini (bawaan: hari ini)',
      },
      knownAt: {
        en: 'as it was recorded by then, as 2026-07-01T00:00:00Z',
        id: 'menurut yang tercatat saat itu, seperti 2026-07-01T00:00:00Z',
      },
      unit: { en: 'only who serves in this unit', id: 'hanya pegawai unit ini' },
      state: {
        en: 'short, over, within or unknown (default: short and over)',
        id: 'short, over, within atau unknown (bawaan: short dan over)',
      },
    },
    after: [
      `\
  $ npm run -s jejak -- hours person ${example} --year 2026
  $ npm run -s jejak -- hours agency rsud-daya --year 2026`,
    ],
  },
  'hours person': {
    description: {
      en: 'the hours of one person, each training with why JP differ; the read is recorded',
      id: 'JP seorang pegawai, tiap pelatihan dengan alasan bila berbeda; pembacaannya dicatat',
    },
    after: [`  $ npm run -s jejak -- hours person ${example} --year 2026 --json`],
  },
  'hours agency': {
    description: {
      en: 'who of an agency is below the floor or above the ceiling; the read is recorded',
      id: 'pegawai instansi di bawah batas bawah atau di atas batas atas; pembacaannya dicatat',
    },
    after: ['  $ npm run -s jejak -- hours agency rsud-daya --year 2026 --state short'],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>
