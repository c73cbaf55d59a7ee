import { generateTexts } from './generate.ts'
import { figureTexts } from './terminal-figures.ts'
import { hourTexts } from './terminal-hours.ts'
import { logTexts } from './terminal-log.ts'
import { peopleTexts } from './terminal-people.ts'
import { subjectTexts } from './terminal-subjects.ts'
import { type Filled, type Language, type Texts, wording } from './text.ts'

type Detail = { readonly detail: string }
type File = { readonly path: string }
type Field = { readonly field: string }
type Id = { readonly id: string }

type NoAnswer = { readonly address: string; readonly why: string }

/** The option and the variable name another address. */
type Named = { readonly option: string; readonly variable: string }

const noAnswer = ({ address, why }: NoAnswer) => ({
  en: `nobody answers at ${address}: ${why}`,
  id: `tidak ada yang menjawab di ${address}: ${why}`,
})

/** What any command may print. */
const ofAnyCommand = {
  refused: ({ detail }: Detail) => ({ en: `refused: ${detail}`, id: `ditolak: ${detail}` }),
  error: ({ detail }: Detail) => ({ en: `error: ${detail}`, id: `kesalahan: ${detail}` }),
  'see-help': {
    en: '(add --help for an explanation and an example)',
    id: '(tambahkan --help untuk penjelasan dan contoh)',
  },
  'progress-bar': ({ what }: { readonly what: string }) => ({
    en: `${what} {bar} {percentage}% | {value} of {total} | {rate}/s | {eta_formatted} left`,
    id: `${what} {bar} {percentage}% | {value} dari {total} | {rate}/dtk | sisa {eta_formatted}`,
  }),
  'no-path': ({ path }: File) => ({ en: `there is no ${path}`, id: `${path} tidak ada` }),
  'path-exists': ({ path }: File) => ({
    en: `${path} is there already: name another`,
    id: `${path} sudah ada: sebutkan yang lain`,
  }),
  'not-a-day': {
    en: 'It must be a day, as 2026-06-30.',
    id: 'Harus berupa tanggal, seperti 2026-06-30.',
  },
  'from-after-to': ({ from, to }: Record<'from' | 'to', string>) => ({
    en: `--from ${from} is after --to ${to}: give the first day as --from, and the last as --to.`,
    id: `--from ${from} sesudah --to ${to}: isikan hari pertama di --from, hari terakhir di --to.`,
  }),
  'not-a-moment': {
    en: 'It must be a moment, as 2026-06-30T17:00:00+08:00.',
    id: 'Harus berupa waktu, seperti 2026-06-30T17:00:00+08:00.',
  },
  'not-a-year': { en: 'It must be a year, as 2026.', id: 'Harus berupa tahun, seperti 2026.' },
  'not-a-whole-number': ({ least }: { readonly least: number }) => ({
    en: `It must be a whole number from ${least}.`,
    id: `Harus berupa bilangan bulat mulai dari ${least}.`,
  }),
} as const satisfies Texts

/** Calls of services: where they are, and with which token. */
const ofConnections = {
  'no-answer': noAnswer,
  'nobody-answers': ({ option, variable, ...address }: NoAnswer & Named) => {
    const { en, id } = noAnswer(address)
    return {
      en:
        `${en}. ` +
        `Start jejak up there, or name another address by ${option}, ${variable} or --endpoints`,
      id:
        `${id}. Jalankan jejak up di sana, ` +
        `atau sebutkan alamat lain dengan ${option}, ${variable} atau --endpoints`,
    }
  },
  'service-refuses': ({ detail }: Detail) => ({
    en: `the service refuses it:${detail}`,
    id: `layanan menolaknya:${detail}`,
  }),
  'no-token-file': ({ path }: File) => ({
    en: `there is no ${path}: name a file with your token by --token FILE or JEJAK_TOKEN`,
    id: `${path} tidak ada: sebutkan berkas token Anda dengan --token BERKAS atau JEJAK_TOKEN`,
  }),
  'no-token-of-role': ({ path, roles }: File & { readonly roles: readonly string[] }) => ({
    en: `${path} has no token of the role ${roles.join(' or ')}`,
    id: `${path} tidak memuat token untuk peran ${roles.join(' atau ')}`,
  }),
  'no-tokens': ({ path }: File) => ({
    en: `there is no ${path}: jejak up makes it, --data says where`,
    id: `${path} tidak ada: jejak up membuatnya, --data menyebutkan tempatnya`,
  }),
  'address-in-use': ({ address }: { readonly address: string }) => ({
    en: `${address} is taken: stop what listens there, or choose another by --grpc or --http`,
    id: `${address} sudah dipakai: hentikan pemakainya, atau pilih lain dengan --grpc atau --http`,
  }),
  'no-endpoints-file': ({ path }: File) => ({
    en: `there is no ${path}, which --endpoints or JEJAK_ENDPOINTS names`,
    id: `${path}, yang disebut --endpoints atau JEJAK_ENDPOINTS, tidak ada`,
  }),
  'not-json': ({ path }: File) => ({
    en: `${path} is not JSON`,
    id: `${path} bukan JSON`,
  }),
  'not-host-port': ({ field }: Field) => ({
    en: `${field}: must be host:port`,
    id: `${field}: harus berupa host:port`,
  }),
  'not-an-address': ({ field }: Field) => ({
    en: `${field}: must be an address, as http://127.0.0.1:8083`,
    id: `${field}: harus berupa alamat, seperti http://127.0.0.1:8083`,
  }),
  'unknown-field': ({ field, known }: Field & { readonly known: readonly string[] }) => ({
    en: `${field}: is unknown; there are ${known.join(', ')}`,
    id: `${field}: tidak dikenal; yang ada ${known.join(', ')}`,
  }),
} as const satisfies Texts

/** A system that runs until it is ended. */
const ofServing = {
  listening: ({ grpc, http }: { readonly grpc: string; readonly http: string }) => ({
    en: `gRPC on ${grpc}, HTTP on ${http}`,
    id: `gRPC di ${grpc}, HTTP di ${http}`,
  }),
  'data-at': ({ tokens, data }: { readonly tokens: string; readonly data: string }) => ({
    en: `tokens in ${tokens}, data in ${data}`,
    id: `token di ${tokens}, data di ${data}`,
  }),
  'how-to-end': { en: 'Ctrl-C ends it', id: 'tekan Ctrl-C untuk mengakhiri' },
  ending: {
    en: 'finishing what is under way',
    id: 'menyelesaikan permintaan yang sedang berjalan',
  },
} as const satisfies Texts

const ofTokens = {
  'agency-of-role-agency': {
    en: '--agency goes with the role agency, and with no other',
    id: '--agency hanya untuk peran agency, tidak untuk peran lain',
  },
  'asn-of-role-asn': {
    en: '--asn goes with the role asn, and with no other',
    id: '--asn hanya untuk peran asn, tidak untuk peran lain',
  },
  revoked: { en: 'revoked', id: 'dicabut' },
  'token-unknown': ({ id }: Id) => ({
    en: `no token that holds has the id ${id}: see jejak token list`,
    id: `tidak ada token yang berlaku dengan id ${id}: lihat jejak token list`,
  }),
  'token-revoked': ({ id }: Id) => ({ en: `${id} is revoked`, id: `${id} sudah dicabut` }),
} as const satisfies Texts

const ofFiles = {
  'programme-imported': ({ code, id }: Id & { readonly code: string }) => ({
    en: `programme ${code}  ${id}`,
    id: `program ${code}  ${id}`,
  }),
  'cohort-imported': ({ title, id }: Id & { readonly title: string }) => ({
    en: `cohort ${title}  ${id}`,
    id: `angkatan ${title}  ${id}`,
  }),
  'template-ending': ({ path }: File) => ({
    en: `${path}: name a file that ends with .csv or .xlsx`,
    id: `${path}: sebutkan berkas yang berakhiran .csv atau .xlsx`,
  }),
  'template-written': ({ path }: File) => ({
    en: `${path}: put your rows in the place of the example`,
    id: `${path}: ganti baris contoh dengan baris Anda`,
  }),
  'template-assessor': ({ id }: Id) => ({
    en: `\
An assessor is on the register first (role hr), the one of the example by
  $ npm run -s jejak -- assessors register asesor.json --since 2024-01-01 --id ${id}
where asesor.json is { "name": "Dr. Halim" }, or has the "nip" of a civil servant.`,
    id: `\
Asesor harus terdaftar lebih dahulu (peran hr), asesor pada contoh dengan
  $ npm run -s jejak -- assessors register asesor.json --since 2024-01-01 --id ${id}
dan asesor.json berisi { "name": "Dr. Halim" }, atau "nip" seorang ASN.`,
  }),
} as const satisfies Texts

type Export = { readonly name: string; readonly exportId: string; readonly madeAt: string }

const ofExports = {
  bytes: { en: 'bytes', id: 'byte' },
  'not-a-manifest': ({ problem }: { readonly problem: string }) => ({
    en: `it is no manifest that came: ${problem}`,
    id: `yang diterima bukan manifes: ${problem}`,
  }),
  'another-manifest': {
    en: 'it is the manifest of another export',
    id: 'ini manifes ekspor lain',
  },
  'file-without-bytes': ({ file }: { readonly file: string }) => ({
    en: `${file} came without its bytes`,
    id: `${file} diterima tanpa isi`,
  }),
  exported: ({ name, exportId, madeAt }: Export) => ({
    en: `exported ${name} ${exportId}, made ${madeAt}`,
    id: `${name} ${exportId} diekspor, dibuat ${madeAt}`,
  }),
  'exported-file': (file: File & { rows: number; bytes: number; sha256: string }) => ({
    en: `  file   ${file.path}: ${file.rows} rows, ${file.bytes} bytes\n  sha256 ${file.sha256}`,
    id: `  berkas ${file.path}: ${file.rows} baris, ${file.bytes} byte\n  sha256 ${file.sha256}`,
  }),
  'exported-logs': ({ logs }: { readonly logs: readonly string[] }) => ({
    en: `  logs   ${logs.join(', ')}: their heads are in the manifest`,
    id: `  log    ${logs.join(', ')}: kepala log ada di manifes`,
  }),
  supersedes: ({ id }: Id) => ({
    en: `  takes the place of ${id}`,
    id: `  menggantikan ${id}`,
  }),
  'left-out': ({ count, why }: { readonly count: number; readonly why: string }) => ({
    en: `  left out: ${count} ${why}`,
    id: `  tidak disertakan: ${count} ${why}`,
  }),
  lacking: (values: { readonly field: string; readonly rows: number; readonly from: string }) => ({
    en: `  ${values.rows} rows have no ${values.field}: to be given by ${values.from}`,
    id: `  ${values.rows} baris tanpa ${values.field}: diisi oleh ${values.from}`,
  }),
  'export-verified': ({ name, exportId, madeAt }: Export) => ({
    en: `verified ${name} ${exportId}, made ${madeAt}`,
    id: `${name} ${exportId} terverifikasi, dibuat ${madeAt}`,
  }),
  'export-file': ({ path, rows }: File & { readonly rows: number }) => ({
    en: `  ${path}: ${rows} rows`,
    id: `  ${path}: ${rows} baris`,
  }),
  'export-key-unproven': ({ manifest }: { readonly manifest: string }) => ({
    en: `  by the key that ${manifest} names: compare it with one you trust (--vkey)`,
    id: `  dengan kunci yang disebut ${manifest}: bandingkan dengan yang Anda percayai (--vkey)`,
  }),
} as const satisfies Texts

type Parking = { readonly since: string; readonly attempts: number }

/** What somebody who runs the services reads. */
const ofOperation = {
  'from-needs-service': {
    en: '--from goes with --service: each log has positions of its own',
    id: '--from harus dengan --service: setiap log mempunyai posisi sendiri',
  },
  'of-call': ({ id }: Id) => ({ en: `call ${id}`, id: `panggilan ${id}` }),
  'rebuild-reads': {
    en: 'reading every event of the logs',
    id: 'membaca setiap peristiwa dari semua log',
  },
  rebuilt: {
    en: 'reports read what was built anew',
    id: 'laporan memakai hasil yang dibangun ulang',
  },
  version: ({ version }: { readonly version: number }) => ({
    en: `version ${version}`,
    id: `versi ${version}`,
  }),
  'parked-since': ({ since, attempts }: Parking) => ({
    en: `since ${since}, tried ${attempts} ${attempts === 1 ? 'time' : 'times'}`,
    id: `sejak ${since}, dicoba ${attempts} kali`,
  }),
  'none-parked': { en: 'no stream is parked', id: 'tidak ada stream yang diparkir' },
  position: ({ position }: { readonly position: bigint | undefined }) => ({
    en: `position ${position}`,
    id: `posisi ${position}`,
  }),
  'goes-on': ({ stream }: { readonly stream: string }) => ({
    en: `${stream} goes on`,
    id: `${stream} berjalan lagi`,
  }),
} as const satisfies Texts

type Made = { readonly folder: string; readonly begun: string }
type Log = { readonly service: string; readonly size: number }

const ofBackups = {
  'backed-up': ({ folder, begun }: Made) => ({
    en: `backed up to ${folder}, as of ${begun}`,
    id: `dicadangkan ke ${folder}, keadaan per ${begun}`,
  }),
  restored: ({ folder, begun }: Made) => ({
    en: `restored to ${folder}, as of ${begun}`,
    id: `dipulihkan ke ${folder}, keadaan per ${begun}`,
  }),
  'log-size': ({ service, size }: Log) => ({
    en: `  ${service}: ${size} events`,
    id: `  ${service}: ${size} peristiwa`,
  }),
  'log-continued': ({ service, size, name }: Log & { readonly name: string }) => ({
    en: `  ${service}: ${size} events, goes on as ${name}`,
    id: `  ${service}: ${size} peristiwa, dilanjutkan sebagai ${name}`,
  }),
  'head-lost': ({ service, size, signed }: Log & { readonly signed: number }) => ({
    en: `  ${service}: ${size} events, but ${signed} were signed for`,
    id: `  ${service}: ${size} peristiwa, padahal ${signed} sudah ditandatangani`,
  }),
  'head-missing': ({ service, size }: Log) => ({
    en: `  ${service}: ${size} events, but its last signed head is not there`,
    id: `  ${service}: ${size} peristiwa, tetapi kepala terakhirnya yang ditandatangani tidak ada`,
  }),
  'macs-lost': ({ service, size }: Log) => ({
    en: `  ${service}: ${size} events, but the key of its MACs is not there`,
    id: `  ${service}: ${size} peristiwa, tetapi kunci MAC-nya tidak ada`,
  }),
  'key-lost': ({ service, size }: Log) => ({
    en: `  ${service}: ${size} events, but its key is not there`,
    id: `  ${service}: ${size} peristiwa, tetapi kuncinya tidak ada`,
  }),
  archived: ({ path }: File) => ({
    en: `Keys and heads of the logs that were given up: ${path}`,
    id: `Kunci dan kepala log yang ditinggalkan: ${path}`,
  }),
  'erasures-not-in-log': {
    en: 'Whoever was erased since then stays so, but the log does not say it: erase them again.',
    id:
      'Orang yang datanya dihapus sesudah itu tetap terhapus, tetapi log tidak mencatatnya: ' +
      'hapus datanya sekali lagi.',
  },
  'erasures-undone': {
    en: 'Whoever was erased since then can be read again: erase them again.',
    id: 'Data orang yang dihapus sesudah itu dapat dibaca kembali: ' + 'hapus datanya sekali lagi.',
  },
  'restore-advice': {
    en: `jejak up will not start with these logs. Name the folder of their keys with --keys;
look for a newer backup; give a head that is lost with jejak up --head FILE; or, if there is none,
restore again with --new-origin: see --help.`,
    id: `jejak up tidak dapat dimulai dengan log ini. Sebutkan folder kuncinya dengan --keys;
cari cadangan yang lebih baru; berikan kepala yang hilang dengan jejak up --head BERKAS;
atau, bila tidak ada, pulihkan lagi
dengan --new-origin: baca --help.`,
  },
} as const satisfies Texts

/** Messages of commands: what they did, what failed, and what the user can do. */
export const terminalTexts = {
  ...ofAnyCommand,
  ...ofConnections,
  ...ofServing,
  ...ofTokens,
  ...peopleTexts,
  ...figureTexts,
  ...generateTexts,
  ...hourTexts,
  ...ofFiles,
  ...ofExports,
  ...ofOperation,
  ...ofBackups,
  ...logTexts,
  ...subjectTexts,
} as const satisfies Texts

export const terminalText = (filled: Filled<typeof terminalTexts>, language?: Language): string =>
  wording(terminalTexts, filled, language)
