// tidy: a table of the texts of commands
import type { CommandHelp } from './command-help.ts'

const asn = { en: 'id of the person', id: 'id orang itu' }
const reason = {
  en: 'what was done, or the legal reason; it stays in the log',
  id: 'apa yang dilakukan, atau alasan hukumnya; tetap ada di log',
}
const example = '019b8bab-0680-75be-8eaf-427ee0bfcd1a'

/** Commands for the rights of a person to their data (UU 27/2022). */
export const subjectHelp = {
  correct: {
    description: {
      en: "correct a person's data: name, birth, sex, contact or BKN id; not the NIP",
      id: 'memperbaiki data seseorang: nama, kelahiran, kelamin, kontak atau id BKN; bukan NIP',
    },
    inputs: {
      asn,
      file: { en: 'JSON with the fields that change', id: 'JSON berisi isian yang berubah' },
      reason: {
        en: 'why, with the document that shows it; it stays in the log',
        id: 'mengapa, dengan dokumen yang menunjukkannya; tetap ada di log',
      },
      request: {
        en: "id of the person's request, which is answered with it",
        id: 'id permintaan orang itu, yang sekaligus dijawab',
      },
    },
    after: [
      `  { "name": "Siti Aminah, S.Kep.", "birth_date": "1986-09-26", "phone": "" }`,
      {
        en: `\
name, birth_date, birth_place, email, phone, bkn_id, sex (male or female); an empty text takes one
of the last five away. It is a file so that no shell keeps what is in it. What was said before stays
in the log, sealed.`,
        id: `\
name, birth_date, birth_place, email, phone, bkn_id, sex (male atau female); teks kosong menghapus
salah satu dari lima yang terakhir. Data ditulis dalam berkas agar tidak tersimpan di riwayat shell.
Data sebelumnya tetap ada di log, tersegel.`,
      },
      `\
  $ npm run -s jejak -- correct ${example} betul.json \\
      --reason "Akta kelahiran 7371-LT-2026"`,
    ],
  },
  'subject-request': {
    description: {
      en: 'requests of a person for access, a copy or a correction: due within 72 hours',
      id: 'permintaan akses, salinan atau perbaikan oleh seseorang: dijawab dalam 72 jam',
    },
    after: [
      {
        en: `\
UU 27/2022, articles 6, 7, 14 and 30. The hours are those of the clock: weekends count.`,
        id: 'UU 27/2022 Pasal 6, 7, 14 dan 30. Jam dihitung terus: akhir pekan ikut dihitung.',
      },
      `\
  $ npm run -s jejak -- subject-request list
  $ npm run -s jejak -- subject-request answer ${example} \\
      --outcome done --reason "Salinan diserahkan dengan tanda terima"`,
    ],
  },
  'subject-request file': {
    description: {
      en: 'file a request: the person themselves, or HR on their behalf',
      id: 'mengajukan permintaan: oleh orangnya sendiri, atau oleh BKPSDM atas namanya',
    },
    inputs: {
      asn,
      kind: { en: 'what is asked for', id: 'apa yang diminta' },
      file: {
        en: 'text file with what the person says, at most 2000 characters; it is sealed',
        id: 'berkas teks berisi pernyataannya, paling panjang 2000 karakter; akan disegel',
      },
    },
    after: [`  $ npm run -s jejak -- subject-request file ${example} copy pernyataan.txt`],
  },
  'subject-request list': {
    description: {
      en: 'the open requests, overdue ones first; or all of one person',
      id: 'permintaan yang belum dijawab, yang terlambat lebih dulu; atau semua milik satu orang',
    },
    inputs: { asn: { en: 'of this person, all of them', id: 'semua milik orang ini' } },
    after: ['  $ npm run -s jejak -- subject-request list'],
  },
  'subject-request answer': {
    description: {
      en: 'say what came of a request: it stays',
      id: 'menyatakan hasil permintaan: jawaban itu tetap',
    },
    inputs: {
      id: { en: 'of the request', id: 'id permintaan' },
      outcome: { en: 'how it ends', id: 'hasilnya' },
      reason,
    },
    after: [
      {
        en: 'A correction of personal data is made, and answered, with jejak correct --request.',
        id: 'Perbaikan data pribadi dilakukan, dan dijawab, dengan jejak correct --request.',
      },
      `\
  $ npm run -s jejak -- subject-request answer ${example} \\
      --outcome refused --reason "UU 27/2022 Pasal 33"`,
    ],
  },
  'subject-request copy': {
    description: {
      en: 'write all that is held of a person to a JSON file, for them; the read is recorded',
      id: `\
menulis semua data seseorang ke berkas JSON untuk diserahkan kepadanya; pembacaannya dicatat`,
    },
    inputs: {
      asn,
      file: { en: 'a new file; only you can read it', id: 'berkas baru; hanya Anda yang membaca' },
    },
    after: [
      {
        en: 'Who they are, every event about them with its proof, and who has read their data.',
        id: 'Identitasnya, setiap peristiwa tentangnya dengan bukti, dan siapa yang membacanya.',
      },
      `  $ npm run -s jejak -- subject-request copy ${example} salinan.json`,
    ],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>
