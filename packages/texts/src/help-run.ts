// tidy: a table of the texts of commands
import type { CommandHelp } from './command-help.ts'
import type { Text } from './text.ts'

type Helps = Readonly<Record<string, CommandHelp>>

const parked = {
  parked: {
    description: {
      en: 'streams that a service has stopped hearing of: list, show, retry, discard',
      id: 'stream yang tidak lagi dibaca suatu layanan: list, show, retry, discard',
    },
    inputs: {
      service: {
        en: 'the service that has stopped hearing of it',
        id: 'layanan yang tidak lagi membacanya',
      },
      stream: { en: 'its name, as the list has it', id: 'nama stream, seperti dalam daftar' },
      log: { en: 'the service whose log it is in', id: 'layanan pemilik log yang memuatnya' },
    },
    after: [
      {
        en: `\
An event that fails parks its own stream only; all others go on. Nothing is lost: what comes later
in that stream waits in its log.`,
        id: `\
Peristiwa yang gagal hanya memarkir stream-nya sendiri; yang lain berjalan terus. Tidak ada yang
hilang: yang datang kemudian di stream itu menunggu di log-nya.`,
      },
      '  $ npm run -s jejak -- parked list',
    ],
  },
  'parked list': {
    description: {
      en: 'the streams that a service has stopped hearing of, each at the event that failed',
      id: 'stream yang tidak lagi dibaca suatu layanan, masing-masing pada peristiwa yang gagal',
    },
    after: [
      `  $ npm run -s jejak -- parked list
  $ npm run -s jejak -- parked list --service reporting --json`,
      {
        en: "Exit codes: 0 none is parked, 1 some are, 2 it can't be asked.",
        id: 'Kode keluar: 0 tidak ada yang diparkir, 1 ada, 2 tidak dapat ditanyakan.',
      },
    ],
  },
  'parked show': {
    description: {
      en: 'one of them, with the event that failed',
      id: 'salah satunya, dengan peristiwa yang gagal',
    },
    after: [
      `  $ npm run -s jejak -- parked show competency/019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --service reporting --log assessment`,
      {
        en: "Exit codes: 0 it is shown, 2 it is not parked or can't be asked for.",
        id: 'Kode keluar: 0 ditampilkan, 2 tidak diparkir atau tidak dapat ditanyakan.',
      },
    ],
  },
  'parked retry': {
    description: {
      en: 'try the event again, once what it failed at is mended',
      id: 'mencoba peristiwa itu lagi, setelah penyebab gagalnya diperbaiki',
    },
    after: [
      `  $ npm run -s jejak -- parked retry competency/019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --service reporting --log assessment`,
      {
        en: `\
Exit codes: 0 the stream goes on, 1 it is still parked, 2 it was not parked or can't be tried.`,
        id: `\
Kode keluar: 0 stream berjalan lagi, 1 masih diparkir, 2 tidak diparkir atau tidak dapat dicoba.`,
      },
    ],
  },
  'parked discard': {
    description: {
      en: 'go on without the event: it takes no effect in this service, now or later',
      id: 'melanjutkan tanpa peristiwa itu: tidak berpengaruh di layanan ini, kini atau nanti',
    },
    inputs: {
      version: {
        en: 'of the event, as the list has it',
        id: 'versi peristiwa, seperti dalam daftar',
      },
      reason: {
        en: 'why; it stays in the log of the service',
        id: 'alasannya; tetap ada di log layanan',
      },
    },
    after: [
      {
        en: `\
The event itself stays in its log. There is no way back: mend what it fails at, if that can be \
done.`,
        id: `\
Peristiwanya sendiri tetap ada di log-nya. Tindakan ini tidak dapat dibatalkan: bila mungkin,
perbaiki penyebab gagalnya.`,
      },
      `  $ npm run -s jejak -- parked discard competency/019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --service reporting --log assessment --version 3 --reason "tiket 4711: salah impor"`,
      {
        en: `\
Exit codes: 0 the stream goes on, 1 it is parked at a later event, 2 it can't be discarded.`,
        id: `\
Kode keluar: 0 stream berjalan lagi, 1 diparkir pada peristiwa berikutnya, 2 tidak dapat dilewati.`,
      },
    ],
  },
} as const satisfies Helps

const exports = {
  export: {
    description: {
      en: 'files for ministries, and whether they are what was signed',
      id: 'berkas untuk kementerian, dan apakah berkas itu sesuai dengan yang ditandatangani',
    },
    after: [
      `  $ npm run -s jejak -- export siasn-kursus --format csv --out kursus --unit rsud-daya
  $ npm run -s jejak -- export verify kursus`,
    ],
  },
  'export verify': {
    description: {
      en: 'whether a folder is an export as it was signed; needs no server',
      id: 'apakah suatu folder adalah ekspor seperti yang ditandatangani; tidak perlu server',
    },
    inputs: {
      dir: { en: 'the folder', id: 'foldernya' },
      vkey: {
        en: 'the key of the reporting log, from somewhere you trust',
        id: 'kunci log reporting, dari sumber yang Anda percayai',
      },
    },
    after: [
      {
        en: `\
Each file that was changed, is missing or was added is named, and exit status is 1. Without --vkey
the key is the one that the folder itself names: then somebody else may have made all of it.`,
        id: `\
Setiap berkas yang diubah, hilang atau ditambahkan disebutkan, dan status keluarnya 1. Tanpa --vkey,
kuncinya adalah yang disebut folder itu sendiri: semuanya mungkin saja dibuat pihak lain.`,
      },
      '  $ npm run -s jejak -- export verify kursus-2026 --vkey data.keys/reporting.vkey',
    ],
  },
} as const satisfies Helps

const exportInputs = {
  format: { en: 'of the file', id: 'format berkas' },
  out: { en: 'a folder that is not there yet', id: 'folder yang belum ada' },
  unit: {
    en: 'of those who served at this agency that day, as rsud-daya',
    id: 'hanya yang bertugas di perangkat daerah ini pada hari itu, seperti rsud-daya',
  },
  year: {
    en: 'of courses that were completed in this year',
    id: 'hanya kursus yang selesai pada tahun ini',
  },
  json: { en: 'print the manifest as JSON', id: 'cetak manifes sebagai JSON' },
} as const satisfies CommandHelp['inputs']

const exportParagraphs: readonly Text[] = [
  {
    en: `\
The folder gets the rows, manifest.json, which says what was asked and how far each log was known,
and manifest.json.note, by which the key of the reporting log vouches for it. All of it is verified
before the folder is there. Whose data it has is recorded before it is given out.`,
    id: `\
Folder itu berisi barisnya, manifest.json, yang menyebutkan apa yang diminta dan sampai mana setiap
log dibaca, serta manifest.json.note, tanda tangan dengan kunci log reporting. Semuanya diperiksa
sebelum folder itu jadi. Data siapa yang ada di dalamnya dicatat sebelum diberikan.`,
  },
  {
    en: `\
Until it is there, DIR.request lies beside it: run again after a failure, the same command fetches
what was made already, for as long as the service keeps its rows (a day). Run again once it is
there, with another --out, it makes a new one, which takes the place of the one before it.`,
    id: `\
Selama folder belum jadi, ada DIR.request di sampingnya: bila dijalankan lagi setelah gagal,
perintah yang sama mengambil yang sudah dibuat, selama layanan masih menyimpan barisnya (satu hari).
Bila dijalankan lagi setelah jadi, dengan --out lain, dibuat ekspor baru yang menggantikan yang
sebelumnya.`,
  },
]

/** The help of the command that makes an export of a kind. */
export const exportHelp = (kind: string, description: Text) =>
  ({
    description,
    inputs: exportInputs,
    after: [
      ...exportParagraphs,
      `  $ npm run -s jejak -- export ${kind} --format xlsx --out kursus-2026 --year 2026
  $ npm run -s jejak -- export verify kursus-2026 --vkey data.keys/reporting.vkey`,
    ],
  }) as const satisfies CommandHelp

/** Commands for those who run the services. */
export const runHelp = {
  ...parked,
  ...exports,
  up: {
    description: {
      en: 'run all services until Ctrl-C',
      id: 'menjalankan semua layanan sampai Ctrl-C',
    },
    inputs: {
      grpc: { en: 'where agencies call', id: 'alamat untuk perangkat daerah' },
      http: {
        en: 'where reports, /healthz and /readyz are',
        id: 'alamat laporan, /healthz dan /readyz',
      },
    },
    after: [
      {
        en: `\
The first start makes the keys, and a token for each role in the folder of keys. Ctrl-C or SIGTERM
finishes the calls that are under way, and ends with exit 0. What the logs have is verified in the
background: JEJAK_VERIFY_SHARE is how many percent of a core that takes (usually 25), and
JEJAK_VERIFY_HOURS the time until it begins again (24; 0: after a start only). With --head the whole
log is verified before it is served: leave the option out at the next start.`,
        id: `\
Saat pertama dijalankan, kunci dibuat, dan token untuk setiap peran di folder kunci. Ctrl-C atau
SIGTERM menyelesaikan permintaan yang sedang berjalan, dan berakhir dengan kode 0. Isi log diperiksa
di latar belakang: JEJAK_VERIFY_SHARE adalah persen satu inti prosesor untuk itu (biasanya 25), dan
JEJAK_VERIFY_HOURS jeda sampai diperiksa lagi (24; 0: hanya setelah dimulai). Dengan --head, seluruh
log diperiksa sebelum dilayani: jangan pakai pilihan itu lagi saat memulai berikutnya.`,
      },
      `  $ npm run -s jejak -- up --data data
  $ curl -s localhost:8080/readyz`,
      {
        en: "Exit codes: 0 it was told to end, 2 it can't start or go on.",
        id: 'Kode keluar: 0 diminta berakhir, 2 tidak dapat dimulai atau dilanjutkan.',
      },
    ],
  },
  backup: {
    description: {
      en: 'copy a data folder, while the services run or not',
      id: 'menyalin folder data, saat layanan berjalan atau tidak',
    },
    inputs: {
      dir: {
        en: 'where to: a folder that is empty, or not there yet',
        id: 'folder tujuan: yang kosong, atau yang belum ada',
      },
    },
    after: [
      {
        en: `\
What was acknowledged before it began is in it. Not in it are the keys and the last heads, which lie
outside the data folder so that they are not restored with it, and the read models, which are made
again. It has the persons' keys, wrapped: keep it for a short time, apart from wrapping.key.`,
        id: `\
Yang sudah dikonfirmasi sebelum pencadangan dimulai ada di dalamnya. Yang tidak termasuk: kunci dan
kepala log terakhir, yang berada di luar folder data agar tidak ikut dipulihkan, serta read model,
yang dibuat ulang. Cadangan memuat kunci setiap orang, dalam keadaan terbungkus: simpan sebentar
saja, terpisah dari wrapping.key.`,
      },
      {
        en: 'Exit status: 0 the backup is whole, 2 it could not be made.',
        id: 'Status keluar: 0 cadangan lengkap, 2 tidak dapat dibuat.',
      },
      '  $ npm run -s jejak -- backup backups/2026-11-24 --data data',
    ],
  },
  restore: {
    description: {
      en: 'make a data folder from a backup',
      id: 'membuat folder data dari cadangan',
    },
    inputs: {
      dir: { en: 'what jejak backup has made', id: 'hasil jejak backup' },
      newOrigin: {
        en: 'where a log can not go on as the same, go on as another',
        id: 'lanjutkan sebagai log lain bila log tidak dapat dilanjutkan sebagai log yang sama',
      },
    },
    after: [
      {
        en: `\
The data folder must be empty, or not there yet. Every file is checked by its SHA-256.`,
        id: 'Folder data harus kosong, atau belum ada. Setiap berkas diperiksa dengan SHA-256-nya.',
      },
      {
        en: `\
Where a log has signed for more than the backup has, jejak up does not start with it: somebody may
hold a receipt for what is missing. Look for a newer backup first. Nor does it start without the
log's signing key, MAC key and last head: bring them back, or give a head that somebody else holds
with jejak up --head FILE. Where there is nothing of all that, --new-origin goes on all the same:
such a log becomes another, with another name and key. Its events stay as they are; the next one
names the log they are of and the head that is given up. The former keys and head are put aside in
the folder of keys. There is no way back.`,
        id: `\
Bila suatu log sudah menandatangani lebih banyak daripada isi cadangan, jejak up tidak dapat dimulai
dengannya: mungkin ada yang memegang tanda terima untuk bagian yang hilang. Cari dahulu cadangan
yang lebih baru. Tanpa kunci tanda tangan, kunci MAC, dan kepala terakhir log, jejak up juga tidak
dapat dimulai: kembalikan, atau berikan kepala yang disimpan pihak lain dengan jejak up --head
BERKAS. Bila semua itu tidak ada, --new-origin tetap melanjutkan: log itu menjadi log lain, dengan
nama dan kunci lain. Peristiwanya tetap; peristiwa berikutnya menyebutkan log asalnya dan kepala log
yang ditinggalkan. Kunci dan kepala log sebelumnya disisihkan di folder kunci. Tindakan ini tidak
dapat dibatalkan.`,
      },
      {
        en: 'Exit status: 0 restored, 1 the backup was altered, 2 nothing could be done.',
        id: `\
Status keluar: 0 dipulihkan, 1 cadangan telah diubah, 2 tidak ada yang dapat dilakukan.`,
      },
      '  $ npm run -s jejak -- restore backups/2026-11-24 --data data',
    ],
  },
  rebuild: {
    description: {
      en: 'have reports built anew from the logs',
      id: 'membangun ulang laporan dari log',
    },
    after: [
      {
        en: `\
Reports go on meanwhile with what there was. Where it is stopped, nothing has changed.`,
        id: `\
Sementara itu laporan tetap memakai hasil yang lama. Bila dihentikan, tidak ada yang berubah.`,
      },
      '  $ npm run -s jejak -- rebuild',
      {
        en: 'Exit codes: 0 reports read what was built, 2 it was not built.',
        id: 'Kode keluar: 0 laporan memakai hasil bangunan baru, 2 tidak jadi dibangun.',
      },
    ],
  },
  replay: {
    description: {
      en: 'print the events of the logs, as they were stored',
      id: 'mencetak peristiwa dari log, seperti saat disimpan',
    },
    inputs: {
      service: {
        en: 'the service whose log it is (default: each in turn)',
        id: 'layanan pemilik log (bawaan: setiap layanan bergiliran)',
      },
      from: {
        en: 'start here; it goes with --service',
        id: 'mulai dari posisi ini; dipakai dengan --service',
      },
      subject: {
        en: 'only one stream, by its name, or what is about an ASN, by their id',
        id: 'hanya satu stream, menurut namanya, atau yang tentang seorang ASN, menurut id-nya',
      },
      follow: {
        en: 'go on with what is stored later, until Ctrl-C',
        id: 'lanjutkan dengan yang disimpan kemudian, sampai Ctrl-C',
      },
      json: {
        en: 'JSON lines, as where the output is no terminal',
        id: 'baris JSON, seperti bila keluarannya bukan terminal',
      },
    },
    after: [
      {
        en: `\
It takes the token of an auditor; with --subject and without --follow, that of hr will do. A JSON
line has the service, the position in its log, and the event byte for byte as the log has hashed \
it.`,
        id: `\
Diperlukan token auditor; dengan --subject dan tanpa --follow, token hr cukup. Satu baris JSON
memuat layanan, posisi dalam log-nya, dan peristiwa byte demi byte seperti yang di-hash oleh log.`,
      },
      `  $ npm run -s jejak -- replay --service assessment --from 100
  $ npm run -s jejak -- replay --subject 019b8bab-0680-75be-8eaf-427ee0bfcd1a
  $ npm run -s jejak -- replay --subject program/019b8bab-0680-75be-8eaf-427ee0bfcd1a
  $ npm run -s jejak -- replay --follow --json | jq -r .event.type`,
      {
        en: "Exit codes: 0 all was printed or Ctrl-C ended a follow, 2 it can't be read.",
        id: `Kode keluar: 0 semua tercetak atau Ctrl-C mengakhiri --follow, 2 tidak dapat dibaca.`,
      },
    ],
  },
} as const satisfies Helps
