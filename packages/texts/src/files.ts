// tidy: one table, so that a fault of a file has one text on the terminal and in refused rows
import {
  type Filled,
  type Language,
  type PlainKey,
  type Text,
  type Texts,
  wording,
} from './text.ts'

type Path = { readonly path: string }
type Why = Path & { readonly why: string }
type Size = Path & { readonly bytes: number }
type Value = { readonly value: string }

/** What is wrong with a cell or a row, and how to correct it. */
const ofCells = {
  'cell-empty': { en: 'is empty', id: 'kosong' },
  'fill-in': ({ example }: { readonly example: string }) => ({
    en: `fill it in: ${example}`,
    id: `isikan: ${example}`,
  }),
  'cell-formula': { en: 'is a formula', id: 'berisi rumus' },
  'paste-value': {
    en: 'paste the value itself: a formula can show another one tomorrow',
    id: 'tempelkan nilainya: besok rumus dapat menampilkan nilai lain',
  },
  'cell-rounded': {
    en: 'is rounded: a spreadsheet keeps 15 digits of a number',
    id: 'dibulatkan: lembar kerja hanya menyimpan 15 angka dari sebuah bilangan',
  },
  'format-as-text': {
    en: 'format the column as text, then enter the number again',
    id: 'jadikan kolomnya teks, lalu isikan nomornya lagi',
  },
  'cell-long': ({ characters }: { readonly characters: number }) => ({
    en: `has ${characters} characters`,
    id: `berisi ${characters} karakter`,
  }),
  shorten: ({ below }: { readonly below: number }) => ({
    en: `shorten it to less than ${below} characters`,
    id: `persingkat hingga kurang dari ${below} karakter`,
  }),
  'no-level': ({ value }: Value) => ({ en: `${value} is no level`, id: `${value} bukan level` }),
  'no-phase': ({ value }: Value) => ({ en: `${value} is no phase`, id: `${value} bukan fase` }),
  'no-day': ({ value }: Value) => ({
    en: `${value} is no day of the calendar`,
    id: `${value} bukan tanggal kalender`,
  }),
  /** The content of a cell whose date a workbook has damaged. */
  'no-date': { en: 'no date', id: 'tanggal rusak' },
  'same-as-line': ({ line }: { readonly line: number | undefined }) => ({
    en: `is that of line ${line} too`,
    id: `sama dengan yang di baris ${line}`,
  }),
  'too-wide': ({ cells, headings }: { readonly cells: number; readonly headings: number }) => ({
    en: `has ${cells} cells under ${headings} headings`,
    id: `memuat ${cells} sel di bawah ${headings} judul kolom`,
  }),
  'quote-separator': {
    en:
      'put a text that has the separator in it in double quotes, ' +
      'and move each cell to its column',
    id:
      'apit teks yang memuat tanda pemisah dengan tanda petik ganda, ' +
      'dan pindahkan tiap sel ke kolomnya',
  },
  'ask-operator': {
    en: 'leave the row out, and ask whoever runs Jejak',
    id: 'hapus baris ini, dan tanyakan kepada pengelola Jejak',
  },
} as const satisfies Texts

/** How to correct a cell of a column, whatever is wrong with it. */
const ofColumns = {
  'fix-dictionary-code': {
    en: 'give each competency a code of its own, the same in each of its rows',
    id: 'beri tiap kompetensi kode tersendiri, sama di setiap barisnya',
  },
  'fix-dictionary-text': {
    en: 'write it in words, without names of people',
    id: 'tulis dengan kata-kata, tanpa nama orang',
  },
  'fix-dictionary-kind': {
    en: 'use manajerial, sosial-kultural, teknis or perilaku',
    id: 'pakai manajerial, sosial-kultural, teknis atau perilaku',
  },
  'fix-reference': {
    en: 'give each row a reference of its own',
    id: 'beri tiap baris referensi tersendiri',
  },
  'fix-nip': {
    en: 'compare it with the decree (SK): 18 digits',
    id: 'cocokkan dengan surat keputusan (SK): 18 angka',
  },
  'fix-framework': {
    en: 'use the id of a dictionary that was published, as permenpanrb-38-2017',
    id: 'pakai id kamus kompetensi yang sudah diterbitkan, seperti permenpanrb-38-2017',
  },
  'fix-competency': {
    en: 'use a competency of the dictionary in this row',
    id: 'pakai kompetensi dari kamus kompetensi di baris ini',
  },
  'fix-level': {
    en: 'use a whole number from 1 to 5',
    id: 'pakai bilangan bulat dari 1 sampai 5',
  },
  'fix-method': {
    en: 'name one of the list in a few words, as Uji kompetensi, Wawancara or Observasi',
    id: 'sebutkan salah satu dari daftar, seperti Uji kompetensi, Wawancara atau Observasi',
  },
  'fix-phase': {
    en: 'use awal, setelah pelatihan or di tempat kerja',
    id: 'pakai awal, setelah pelatihan atau di tempat kerja',
  },
  'fix-assessor': {
    en: "use the assessor's UUID, as 019b8bab-0680-75be-8eaf-427ee0bfcd1a",
    id: 'pakai UUID asesornya, seperti 019b8bab-0680-75be-8eaf-427ee0bfcd1a',
  },
  'fix-occurred-on': {
    en: 'write the day of the assessment as 2026-03-31 or 31-03-2026',
    id: 'tulis tanggal asesmen sebagai 2026-03-31 atau 31-03-2026',
  },
  'fix-evidence': {
    en: 'copy all 64 digits of what sha256sum says of the document',
    id: 'salin ke-64 angka yang ditampilkan sha256sum untuk dokumennya',
  },
  'fix-evidence-uri': {
    en: 'leave it empty: write the archive and what it calls the document in arsip and nomor_arsip',
    id: 'kosongkan: tulis arsipnya dan sebutan dokumen di sana dalam arsip dan nomor_arsip',
  },
  'fix-archive': {
    en: 'use the code of a registered archive, as srikandi, or leave it and nomor_arsip empty',
    id: 'pakai kode arsip yang terdaftar, seperti srikandi, atau kosongkan bersama nomor_arsip',
  },
  'fix-identifier': {
    en: 'write what the archive calls the document, no address and nobody’s name or number',
    id: 'tulis sebutan dokumen di arsipnya, bukan alamat, tanpa nama atau nomor seseorang',
  },
  'fix-enrollment': {
    en: "use the enrollment's UUID, or leave it empty",
    id: 'pakai UUID kepesertaannya, atau kosongkan',
  },
  'fix-name': {
    en: 'write the full name with titles, on one line',
    id: 'tulis nama lengkap beserta gelar, dalam satu baris',
  },
  'fix-birth-date': {
    en: 'write the day as 1990-01-31 or 31-01-1990',
    id: 'tulis tanggalnya sebagai 1990-01-31 atau 31-01-1990',
  },
  'fix-birth-place': {
    en: 'name the town alone, or leave it empty',
    id: 'sebutkan kotanya saja, atau kosongkan',
  },
  'fix-email': {
    en: 'write one address, as tenri@example.go.id, or leave it empty',
    id: 'tulis satu alamat surel, seperti tenri@example.go.id, atau kosongkan',
  },
  'fix-phone': {
    en: 'write it as +6281234567890, or leave it empty',
    id: 'tulis sebagai +6281234567890, atau kosongkan',
  },
  'fix-bkn-id': {
    en: 'copy pnsOrangId from SIASN, or leave it empty',
    id: 'salin pnsOrangId dari SIASN, atau kosongkan',
  },
  'fix-sex': {
    en: 'write M or 1 of a man, F or 2 of a woman, or leave it empty',
    id: 'tulis M atau 1 untuk laki-laki, F atau 2 untuk perempuan, atau kosongkan',
  },
  'no-sex': { en: 'is neither M nor F', id: 'bukan M atau F' },
  'fix-agency': {
    en: 'use the code of the agency, as rsud-daya',
    id: 'pakai kode perangkat daerah, seperti rsud-daya',
  },
  'fix-unit': {
    en: 'use at most 64 letters, or leave it empty',
    id: 'pakai paling banyak 64 huruf, atau kosongkan',
  },
  'fix-position': {
    en: 'name the position (jabatan), as Perawat Ahli Pertama',
    id: 'sebutkan jabatannya, seperti Perawat Ahli Pertama',
  },
  'fix-since': {
    en: 'write the day as 2015-01-31 or 31-01-2015',
    id: 'tulis tanggalnya sebagai 2015-01-31 atau 31-01-2015',
  },
  'fix-employment': {
    en: 'write PNS, CPNS, PPPK or PPPK Paruh Waktu, or leave it empty',
    id: 'tulis PNS, CPNS, PPPK atau PPPK Paruh Waktu, atau kosongkan',
  },
  'fix-contract-since': {
    en: 'write the first day of the contract of a PPPK, or leave it empty',
    id: 'tulis tanggal mulai perjanjian kerja PPPK, atau kosongkan',
  },
  'fix-office': {
    en: 'write the level of the office, as Ahli Pertama or Pengawas, or leave it empty',
    id: 'tulis jenjang jabatan, misalnya Ahli Pertama atau Pengawas, atau kosongkan',
  },
  'fix-education': {
    en: 'write S-3, S-2, S-1, D-IV, D-III, D-II, D-I, SLTA, SLTP or SD',
    id: 'tulis S-3, S-2, S-1, D-IV, D-III, D-II, D-I, SLTA, SLTP atau SD',
  },
  'fix-studies': {
    en: 'name the field of study, or leave it empty',
    id: 'sebutkan bidang studinya, atau kosongkan',
  },
  'fix-career-day': {
    en: 'write a day that has passed, as 2012-08-31 or 31-08-2012',
    id: 'tulis tanggal yang sudah lewat, seperti 2012-08-31 atau 31-08-2012',
  },
  'fix-performance-year': {
    en: 'write the year that was assessed, as 2025',
    id: 'tulis tahun yang dinilai, seperti 2025',
  },
  'fix-performance-value': {
    en: 'write a number from 0 to 200, or leave it empty beside a predicate',
    id: 'tulis angka 0 sampai 200, atau kosongkan bila ada predikat',
  },
  'fix-predicate': {
    en: 'write Sangat Baik, Baik, Butuh Perbaikan, Kurang or Sangat Kurang, or a value alone',
    id: 'tulis Sangat Baik, Baik, Butuh Perbaikan, Kurang atau Sangat Kurang, atau nilai saja',
  },
  'fix-structural-training': {
    en: 'write latihanStruktural of SIASN, 1 to 8, or leave it empty',
    id: 'tulis latihanStruktural SIASN, 1 sampai 8, atau kosongkan',
  },
  'fix-source': {
    en: 'say where it is known from, as SIASN 2026-06-01, without names and numbers of people',
    id: 'sebutkan asal datanya, seperti SIASN 2026-06-01, tanpa nama atau nomor orang',
  },
  'fix-replaces': {
    en: 'use the UUID of the record that was wrong (jejak career list), or leave it empty',
    id: 'pakai UUID catatan yang salah (jejak career list), atau kosongkan',
  },
  'no-number': { en: 'is no number', id: 'bukan angka' },
  'no-career': {
    en: 'the row has no education, no performance and no structural training',
    id: 'baris ini tidak memuat pendidikan, kinerja maupun latihan struktural',
  },
  'fix-assignment': {
    en: 'write Definitif, PLT, PLH or Tugas Tambahan, or leave it empty',
    id: 'tulis Definitif, PLT, PLH atau Tugas Tambahan, atau kosongkan',
  },
} as const satisfies Texts

/** Any file that can't be read. */
export const unreadable = ({ path, why }: Why): Text => ({
  en: `${path} can't be read: ${why}`,
  id: `${path} tidak dapat dibaca: ${why}`,
})

/** What is wrong with a table as a whole. */
const ofTables = {
  unreadable,
  'heading-twice': ({ headings }: { readonly headings: readonly string[] }) => ({
    en: `the headings ${headings.join(' and ')} mean the same column: leave one out`,
    id: `judul ${headings.join(' dan ')} berarti kolom yang sama: hapus salah satu`,
  }),
  'headings-missing': ({
    missing,
    there,
  }: {
    readonly missing: string
    readonly there: string
  }) => ({
    en:
      `the first row lacks the headings ${missing}: it has ${there}. ` +
      'jejak template writes a file with all of them',
    id:
      `baris pertama tidak memuat judul ${missing}: yang ada ${there}. ` +
      'jejak template menulis berkas yang memuat semuanya',
  }),
  'no-rows': ({ path }: Path) => ({
    en: `${path} has no rows: the first one is for headings`,
    id: `${path} tidak memuat baris: baris pertama untuk judul kolom`,
  }),
  'too-large': ({ path, bytes }: Size) => ({
    en: `${path} has ${bytes} bytes: send it in parts of 256 MiB`,
    id: `${path} berukuran ${bytes} byte: kirim bertahap, 256 MiB tiap bagian`,
  }),
  'not-csv': ({ path, why }: Why) => ({
    en: `${path} is not a CSV file: ${why}. Look at its quotes`,
    id: `${path} bukan berkas CSV: ${why}. Periksa tanda petiknya`,
  }),
  'not-text': ({ path }: Path) => ({
    en: `${path} is not a text that can be read: save it as "CSV UTF-8"`,
    id: `${path} bukan teks yang dapat dibaca: simpan sebagai "CSV UTF-8"`,
  }),
  'not-workbook': ({ path }: Path) => ({
    en: `${path} is not an XLSX workbook: save it again, or name it .csv if it is one`,
    id: `${path} bukan buku kerja XLSX: simpan lagi, atau beri nama .csv bila memang CSV`,
  }),
  'old-workbook': ({ path }: Path) => ({
    en: `${path} is a workbook of the old form, or has a password: save it as .xlsx without one`,
    id: `${path} berformat lama atau memakai kata sandi: simpan sebagai .xlsx tanpa kata sandi`,
  }),
  'large-workbook': ({ path, bytes }: Size) => ({
    en: `${path} has ${bytes} bytes: save it as "CSV UTF-8", or send it in parts`,
    id: `${path} berukuran ${bytes} byte: simpan sebagai "CSV UTF-8", atau kirim bertahap`,
  }),
  'damaged-workbook': ({ path }: Path) => ({
    en: `${path} is damaged, or no XLSX workbook: open it in Excel, and save it again`,
    id: `${path} rusak, atau bukan buku kerja XLSX: buka di Excel, lalu simpan lagi`,
  }),
  'same-file': {
    en: 'the file, its receipts and its rejects must be three different files',
    id: 'berkas itu, tanda terimanya dan baris tertolaknya harus tiga berkas yang berbeda',
  },
} as const satisfies Texts

/** Headings that a file of refused rows has after its own. */
const ofRefusedRows = {
  'heading-line': { en: 'line', id: 'baris' },
  'heading-field': { en: 'field', id: 'kolom' },
  'heading-reason': { en: 'reason', id: 'alasan' },
  'heading-fix': { en: 'fix', id: 'perbaikan' },
} as const satisfies Texts

type RowWarning = Record<'field' | 'warning', string> & { readonly line: number }
type Refused = { readonly rows: number; readonly refused: number }
type Sent = Refused & { readonly accepted: number; readonly already: number }

/** What a command says that sends a file. */
const ofSending = {
  'argument-file': {
    en: 'CSV (comma or semicolon, UTF-8 or Windows-1252) or XLSX',
    id: 'CSV (koma atau titik koma, UTF-8 atau Windows-1252) atau XLSX',
  },
  'option-receipts': {
    en: 'where receipts go (default: the file + .receipts.jsonl)',
    id: 'tempat tanda terima (bawaan: nama berkas + .receipts.jsonl)',
  },
  'option-rejects': {
    en: 'where refused rows go (default: the file + .rejects.csv or .xlsx)',
    id: 'tempat baris tertolak (bawaan: nama berkas + .rejects.csv atau .xlsx)',
  },
  'option-dry-run': {
    en: 'check the file and send nothing',
    id: 'periksa berkasnya tanpa mengirim apa pun',
  },
  'option-json': { en: 'the result as JSON', id: 'hasil dalam bentuk JSON' },
  'bar-sent': { en: 'sent', id: 'terkirim' },
  'bar-checked': { en: 'checked', id: 'diperiksa' },
  'no-answer': { en: 'the service does not answer', id: 'layanan tidak menjawab' },
  'sent-again': ({ why }: { readonly why: string }) => ({
    en: `it is sent again in a moment: ${why}`,
    id: `sebentar lagi dikirim ulang: ${why}`,
  }),
  'rows-checked': ({ rows, refused }: Refused) => ({
    en: `${rows} rows: ${rows - refused} can be sent, ${refused} can't`,
    id: `${rows} baris: ${rows - refused} dapat dikirim, ${refused} tidak`,
  }),
  'rows-sent': ({ rows, accepted, already, refused }: Sent) => ({
    en: `${rows} rows: ${accepted} stored now, ${already} stored before, ${refused} refused`,
    id:
      `${rows} baris: ${accepted} baru disimpan, ${already} sudah tersimpan sebelumnya, ` +
      `${refused} ditolak`,
  }),
  'row-warning': ({ line, field, warning }: RowWarning) => ({
    en: `look at line ${line}, ${field}: ${warning}`,
    id: `periksa baris ${line}, ${field}: ${warning}`,
  }),
  'more-warnings': ({ more }: { readonly more: number }) => ({
    en: `and ${more} more to look at: --json has them all`,
    id: `dan ${more} lagi yang perlu diperiksa: --json memuat semuanya`,
  }),
  'receipts-at': ({ path }: Path) => ({
    en: `receipts   ${path}`,
    id: `tanda terima   ${path}`,
  }),
  'rejects-at': ({ path }: Path) => ({
    en: `refused    ${path}: correct it and send it`,
    id: `ditolak        ${path}: perbaiki lalu kirim`,
  }),
} as const satisfies Texts

type NotThere = { readonly field: string; readonly name: string; readonly there: readonly string[] }

const ofProgrammes = {
  'framework-id-missing': {
    en: 'a table does not say what the dictionary is called: add --id, --title, --basis',
    id: 'tabel tidak menyebut nama kamusnya: tambahkan --id, --title, --basis',
  },
  'broken-programme': ({ path, why }: Why) => ({
    en: `${path}: ${why}. See --help for the form`,
    id: `${path}: ${why}. Lihat bentuknya dengan --help`,
  }),
  'no-dictionary': ({ field, name, there }: NotThere) => ({
    en: `${field}: there is no dictionary ${name}; there are ${there.join(', ')}`,
    id: `${field}: tidak ada kamus kompetensi ${name}; yang ada ${there.join(', ')}`,
  }),
  'no-competency': ({
    field,
    name,
    there,
    framework,
  }: NotThere & { readonly framework: string }) => ({
    en: `${field}: ${framework} has no ${name}; it has ${there.join(', ')}`,
    id: `${field}: ${framework} tidak memuat ${name}; yang ada ${there.join(', ')}`,
  }),
  'nothing-published': {
    en: 'nothing is published:',
    id: 'tidak ada yang diterbitkan:',
  },
} as const satisfies Texts

/** What a user reads of a file that is sent, and in the file of refused rows. */
export const fileTexts = {
  ...ofCells,
  ...ofColumns,
  ...ofTables,
  ...ofRefusedRows,
  ...ofSending,
  ...ofProgrammes,
}

export type FileText = Filled<typeof fileTexts>

/** How to correct a cell of a column. */
export type ColumnFix = PlainKey<typeof ofColumns>

export const fileText = (filled: FileText, language?: Language): string =>
  wording(fileTexts, filled, language)
