// tidy: a table of the texts of commands
import type { CommandHelp } from './command-help.ts'

type Helps = Readonly<Record<string, CommandHelp>>

const vkey = {
  en: "the log's verification key, from somewhere you trust",
  id: 'kunci verifikasi log, dari sumber yang Anda percayai',
}

/** Commands on logs. */
export const logHelp = {
  log: {
    description: {
      en: 'export, verify and fill the tamper-evident log of a service',
      id: 'mengekspor, memeriksa dan mengisi log layanan yang tahan manipulasi',
    },
    after: [
      `  $ npm run -s jejak -- log sample --data sample
  $ npm run -s jejak -- log verify --data sample`,
    ],
  },
  'log export': {
    description: {
      en: 'write a log as files that anybody can verify (c2sp.org/tlog-tiles)',
      id: 'menulis log sebagai berkas yang dapat diperiksa siapa pun (c2sp.org/tlog-tiles)',
    },
    inputs: {
      dir: {
        en: 'where to; a folder with an older export of the log is continued',
        id: 'folder tujuan; bila berisi ekspor lama dari log ini, ekspor itu dilanjutkan',
      },
    },
    after: [
      {
        en: `\
It writes vkey, tile/entries/..., tile/... and last of all checkpoint: the log as it was when its
last head was signed. It needs no signing key, and the log may be in use. Run it again to go on
where it was interrupted, or to bring the folder up to date. The file .lock is there so that only
one export at a time goes into the folder, and is no part of it.`,
        id: `\
Yang ditulis: vkey, tile/entries/..., tile/... dan terakhir checkpoint, yaitu log pada saat
kepala log terakhir ditandatangani. Kunci tanda tangan tidak diperlukan, dan log boleh sedang
dipakai. Jalankan lagi untuk melanjutkan yang terputus, atau untuk memutakhirkan folder. Berkas
.lock menjaga agar hanya satu ekspor yang menulis ke folder itu, dan bukan bagian dari ekspor.`,
      },
      {
        en: `\
What the store has beside the bytes of the events is compared with them on the way: an event that
was moved to another stream, version or place is refused (exit status 1), saying which.`,
        id: `\
Catatan lain di penyimpanan dibandingkan dengan byte peristiwa selama ekspor: peristiwa yang
dipindahkan ke stream, versi atau tempat lain ditolak (status keluar 1), dan disebutkan yang mana.`,
      },
      `  $ npm run -s jejak -- log export export --service assessment --data data
  $ npm run -s jejak -- log export export --service assessment --mongo mongodb://localhost`,
    ],
  },
  'log verify': {
    description: {
      en: 'verify a log from its bytes alone: an export, or the store itself',
      id: 'memeriksa log hanya dari byte-nya: hasil ekspor, atau penyimpanannya sendiri',
    },
    inputs: {
      dir: { en: 'an exported log', id: 'log yang diekspor' },
      data: {
        en: 'a data folder: every log in it, straight from the store',
        id: 'folder data: setiap log di dalamnya, langsung dari penyimpanan',
      },
      service: { en: 'with --data: only this one', id: 'dengan --data: hanya log ini' },
      vkey,
      against: {
        en: 'an older checkpoint of the log, kept elsewhere; may be repeated',
        id: 'checkpoint lama dari log, yang disimpan di tempat lain; boleh diulang',
      },
      former: {
        en: 'the key of a log that this one goes on from, for --against; may be repeated',
        id: 'kunci log yang dilanjutkan log ini, untuk --against; boleh diulang',
      },
    },
    after: [
      {
        en: `\
Every entry is hashed, every tile and root made again and compared, every event decoded and its
place in its stream checked. Nothing is believed but the key. With --data, the MACs of its commits
are checked too, where their key is in the folder of keys; else it says so. Exit status: 0 verified,
1 refused (it says what is wrong, and where), 2 there was nothing to verify.`,
        id: `\
Setiap entri di-hash, setiap tile dan akar dihitung ulang dan dibandingkan, setiap peristiwa dibaca
dan tempatnya dalam stream diperiksa. Hanya kunci yang dipercaya. Dengan --data, MAC commit-nya juga
diperiksa bila kuncinya ada di folder kunci; bila tidak, hal itu disebutkan. Status keluar:
0 terverifikasi, 1 ditolak (disebutkan apa yang salah, dan di mana), 2 tidak ada yang dapat
diperiksa.`,
      },
      {
        en: `\
Whoever holds the log's key could rewrite the whole log and sign it again. Only an older checkpoint
that they can't reach shows it: keep one, and give it with --against. A log that goes on from a
backup under another name has the events of the former one first: a checkpoint of that one is
verified with its own key, --former.`,
        id: `\
Pemegang kunci log dapat menulis ulang seluruh log dan menandatanganinya lagi. Hanya checkpoint
lama di luar jangkauannya yang menunjukkan hal itu: simpan satu, dan berikan dengan --against. Log
yang dilanjutkan dari cadangan dengan nama lain diawali peristiwa log sebelumnya: checkpoint log
sebelumnya itu diperiksa dengan kuncinya sendiri, --former.`,
      },
      `  $ npm run -s jejak -- log verify export --vkey assessment.vkey --against checkpoint-2026-01
  $ npm run -s jejak -- log verify --data data`,
    ],
  },
  'log receipt': {
    description: {
      en: 'verify a receipt: that a log holds exactly this event',
      id: 'memeriksa tanda terima: bahwa log memuat persis peristiwa ini',
    },
    inputs: {
      file: {
        en: 'the receipt (c2sp.org/tlog-proof@v1)',
        id: 'tanda terima (c2sp.org/tlog-proof@v1)',
      },
      entry: { en: 'the exact bytes of the event', id: 'byte peristiwa, persis seperti aslinya' },
      vkey,
    },
    after: [
      {
        en: `\
It needs no network and no log: the receipt has the path from the event to a head that the log
signed. Exit status: 0 verified, 1 refused, 2 a file can't be used.`,
        id: `\
Tidak perlu jaringan dan tidak perlu log: tanda terima memuat jalur dari peristiwa ke kepala log
yang ditandatangani. Status keluar: 0 terverifikasi, 1 ditolak, 2 berkas tidak dapat dipakai.`,
      },
      `\
  $ npm run -s jejak -- log receipt event.tlog-proof --entry event.json --vkey assessment.vkey`,
    ],
  },
  'log stat': {
    description: {
      en: 'how large a log is, its signed head, when it was last written',
      id: 'ukuran log, kepala log yang ditandatangani, dan kapan terakhir ditulis',
    },
    inputs: {
      service: {
        en: 'only this one; with --mongo it must be given',
        id: 'hanya log ini; wajib bila memakai --mongo',
      },
    },
    after: [
      {
        en: `\
It reads what is stored and verifies only the signature of the head: for the rest, log verify.`,
        id: `\
Perintah ini membaca yang tersimpan dan hanya memeriksa tanda tangan kepala log: selebihnya
pakai log verify.`,
      },
      '  $ npm run -s jejak -- log stat --data data',
    ],
  },
  'log import': {
    description: {
      en: 'append the CloudEvents of a file, one a line, to a log of its own',
      id: 'menambahkan CloudEvents dari berkas, satu per baris, ke log tersendiri',
    },
    inputs: {
      file: {
        en: 'CloudEvents 1.0 in JSON, one a line; subject is the stream',
        id: 'CloudEvents 1.0 dalam JSON, satu per baris; subject adalah stream-nya',
      },
      origin: {
        en: "a new log's name for ever (default: jejak.localhost/<service>)",
        id: 'nama tetap untuk log baru (bawaan: jejak.localhost/<service>)',
      },
      rejects: {
        en: 'where rejected lines go (default: FILE.rejects.jsonl)',
        id: 'berkas untuk baris yang ditolak (bawaan: BERKAS.rejects.jsonl)',
      },
    },
    after: [
      {
        en: `\
The log stamps each event with its own source and time; those of the line are kept as importsource
and importtime. A line is known by its id: running the import again, or after it was interrupted,
adds only what is not there. Lines that can't be taken are listed with the reason and written to
the file of rejects; mend them at their source, and import again. An event whose type begins with
jejak. must be as Jejak declares it; others are taken as they are.`,
        id: `\
Log memberi setiap peristiwa sumber dan waktunya sendiri; sumber dan waktu dari baris disimpan
sebagai importsource dan importtime. Baris dikenali dari id-nya: impor yang dijalankan lagi, atau
yang tadinya terputus, hanya menambahkan yang belum ada. Baris yang tidak dapat diterima ditampilkan
dengan alasannya dan ditulis ke berkas baris yang ditolak; perbaiki di sumbernya, lalu impor lagi.
Peristiwa yang tipenya berawalan jejak. harus sesuai dengan ketentuan Jejak; yang lain diterima
apa adanya.`,
      },
      {
        en: `\
A signing key is made for a new log, in the data folder + .keys; or give yours in the environment,
as JEJAK_SIGNING_KEY or JEJAK_SIGNING_KEY_FILE. A log that a service writes is not touched.`,
        id: `\
Kunci tanda tangan dibuat untuk log baru, di folder data + .keys; atau berikan kunci Anda sebagai
variabel lingkungan JEJAK_SIGNING_KEY atau JEJAK_SIGNING_KEY_FILE. Log yang ditulis oleh layanan
tidak diubah.`,
      },
      {
        en: `\
Exit status: 0 all lines are in the log, 1 some were rejected, 2 nothing could be done.`,
        id: `\
Status keluar: 0 semua baris ada di log, 1 sebagian ditolak, 2 tidak ada yang dapat dilakukan.`,
      },
      '  $ npm run -s jejak -- log import assessments.jsonl --service assessment --data data',
    ],
  },
  'log sample': {
    description: {
      en: 'import the sample that comes with Jejak, and prove what came in',
      id: 'mengimpor contoh bawaan Jejak, dan membuktikan yang masuk',
    },
    inputs: {
      data: {
        en: "the data folder (default: the project's own data/sample)",
        id: 'folder data (bawaan: data/sample milik proyek)',
      },
    },
    after: [
      {
        en: `\
Started again, it adds nothing and verifies everything again.`,
        id: `\
Bila dijalankan lagi, tidak ada yang ditambahkan dan semuanya
diperiksa ulang.`,
      },
      '  $ npm run -s jejak -- log sample --data sample',
    ],
  },
} as const satisfies Helps

/** Commands that audit exported logs. */
export const auditHelp = {
  audit: {
    description: {
      en: 'check what exported logs say, without a server',
      id: 'memeriksa isi log yang diekspor, tanpa server',
    },
    after: [
      '  $ npm run -s jejak -- audit person 01890a5d-ac96-774b-bcce-b302099a8057 --from export/*',
    ],
  },
  'audit reads': {
    description: {
      en: 'whose personal data was read in these days: which data, when and by whom',
      id: 'data pribadi siapa yang dibaca pada hari-hari ini: data apa, kapan dan oleh siapa',
    },
    inputs: {
      dir: {
        en: 'exported logs, of all four services',
        id: 'log yang diekspor, dari keempat layanan',
      },
      from: { en: 'the first day, in Makassar', id: 'hari pertama, di Makassar' },
      to: { en: 'the last day, in Makassar', id: 'hari terakhir, di Makassar' },
      who: {
        en: 'only reads by this token (its id), role or agency',
        id: 'hanya pembacaan oleh token (id-nya), peran atau perangkat daerah ini',
      },
      vkey: {
        en: 'the verification keys of the logs, from somewhere you trust',
        id: 'kunci verifikasi log, dari sumber yang Anda percayai',
      },
      json: { en: 'print the report as JSON', id: 'cetak laporan sebagai JSON' },
    },
    after: [
      {
        en: `\
For the notice of a breach (UU 27/2022, article 46). It needs no server: only folders that log
export wrote, which are verified. All records of a person are one, and who was erased since is
named by id. Who has read a log as it is stored has read everybody who is in it.`,
        id: `\
Untuk pemberitahuan kegagalan pelindungan data pribadi (UU 27/2022, pasal 46). Tidak perlu server:
cukup folder yang ditulis log export, yang diperiksa. Semua catatan seseorang digabung, dan yang
sudah dihapus disebut dengan id-nya. Pembaca log yang tersimpan telah membaca semua orang di
dalamnya.`,
      },
      `  $ npm run -s jejak -- audit reads ekspor/* --from 2026-06-01 --to 2026-06-03
  $ npm run -s jejak -- audit reads ekspor/* --from 2026-06-01 --to 2026-06-03 --who hr --json`,
    ],
  },
  'audit person': {
    description: {
      en: 'all that exported logs have about a civil servant, each event proven',
      id: 'semua isi log yang diekspor tentang seorang ASN, setiap peristiwa dibuktikan',
    },
    inputs: {
      asn: { en: 'their id', id: 'id ASN itu' },
      from: {
        en: 'exported logs: those of enrollment, assessment, certification',
        id: 'log yang diekspor: log enrollment, assessment, certification',
      },
      vkey: {
        en: 'the verification keys of the logs, from somewhere you trust',
        id: 'kunci verifikasi log, dari sumber yang Anda percayai',
      },
      receipt: {
        en: 'a receipt that somebody was given, to compare',
        id: 'tanda terima yang pernah diberikan, untuk dibandingkan',
      },
      entry: {
        en: 'with --receipt: the exact bytes of its event',
        id: 'dengan --receipt: byte peristiwanya, persis seperti aslinya',
      },
      export: {
        en: 'an export (jejak export) whose rows are compared with the logs',
        id: 'ekspor (jejak export) yang barisnya dibandingkan dengan log',
      },
      asOf: {
        en: 'tell what was true on this day (default: today)',
        id: 'tampilkan yang berlaku pada tanggal ini (bawaan: hari ini)',
      },
      knownAt: {
        en: 'tell what was known at this moment (default: now)',
        id: 'tampilkan yang sudah diketahui pada waktu ini (bawaan: sekarang)',
      },
      json: {
        en: 'print the report as JSON, with every event and its proof',
        id: 'cetak laporan sebagai JSON, dengan setiap peristiwa dan buktinya',
      },
    },
    after: [
      {
        en: `\
It needs no server and no network: only folders that log export wrote. Each is verified as by log
verify. Then every event about the person, under whichever of their records, is looked up and proven
under the folder's head; every version of each of their streams must be there; levels and
certificates are decided anew. A log that is missing or refused leaves its part unproven.`,
        id: `\
Tidak perlu server dan jaringan: cukup folder yang ditulis log export. Setiap folder diperiksa
seperti oleh log verify. Lalu setiap peristiwa tentang orang itu, pada catatan mana pun miliknya,
dicari dan dibuktikan di bawah kepala log folder itu; setiap versi dari setiap stream-nya harus ada;
level dan sertifikat diputuskan ulang. Bila suatu log tidak ada atau ditolak, bagian itu tidak
terbukti.`,
      },
      `  $ npm run -s jejak -- log export ekspor/enrollment --service enrollment
  $ npm run -s jejak -- log export ekspor/assessment --service assessment
  $ npm run -s jejak -- log export ekspor/certification --service certification
  $ npm run -s jejak -- audit person 019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --from ekspor/enrollment ekspor/assessment ekspor/certification --vkey kunci/*.vkey
  $ npm run -s jejak -- audit person 019b8bab-0680-75be-8eaf-427ee0bfcd1a --from ekspor/* \\
      --receipt event.tlog-proof --entry event.json --as-of 2026-06-30
  $ npm run -s jejak -- audit person 019b8bab-0680-75be-8eaf-427ee0bfcd1a --from ekspor/* \\
      --export kursus-2026`,
      {
        en: `\
Whether a folder is the newest there is, it can't know: a receipt from elsewhere shows one that is
older, or was rewritten. Exit codes: 0 all is as it says, 1 differences or unproven, 2 it can't be
used.`,
        id: `\
Apakah folder itu yang terbaru tidak dapat diketahui: tanda terima dari tempat lain menunjukkan
folder yang lebih lama, atau yang ditulis ulang. Kode keluar: 0 semua sesuai, 1 ada perbedaan atau
yang tidak terbukti, 2 tidak dapat dipakai.`,
      },
    ],
  },
} as const satisfies Helps
