import type { Texts } from './text.ts'

type Path = { readonly path: string }
type Size = { readonly size: number }
type Came = {
  readonly size: number
  readonly streams: number
  readonly added: number
  readonly repeated: number
}

const ofSample = {
  'sample-came-in': ({ size, streams, added, repeated, path }: Came & Path) => ({
    en: `Jejak keeps the competency history of civil servants in logs that prove themselves.

Came in    ${size} assessments of ${streams} people: ${added} now, ${repeated} were there already
           from ${path}`,
    id: `Jejak menyimpan rekam jejak kompetensi ASN dalam log yang membuktikan dirinya sendiri.

Masuk      ${size} asesmen dari ${streams} orang: ${added} baru, ${repeated} sudah ada
           dari ${path}`,
  }),
  'sample-refused': ({ count, path }: Path & { readonly count: number }) => ({
    en: `Refused    ${count} lines, kept with the reasons in ${path}`,
    id: `Ditolak    ${count} baris, disimpan dengan alasannya di ${path}`,
  }),
  'sample-rejected-line': ({
    line,
    reason,
  }: {
    readonly line: number
    readonly reason: string
  }) => ({
    en: `           line ${line}  ${reason}`,
    id: `           baris ${line}  ${reason}`,
  }),
  'sample-verified': ({ path }: Path) => ({
    en: `Verified   every event, version, tile and root, from the bytes in ${path}`,
    id: `Diperiksa  setiap peristiwa, versi, tile dan akar, dari byte di ${path}`,
  }),
  'sample-exported': (to: { folder: string; written: number; unchanged: number }) => ({
    en: `Exported   ${to.folder}: ${to.written} files written, ${to.unchanged} there already`,
    id: `Diekspor   ${to.folder}: ${to.written} berkas ditulis, ${to.unchanged} sudah ada`,
  }),
  'sample-receipt': ({ proof, event }: { readonly proof: string; readonly event: string }) => ({
    en: `Receipt    ${proof} proves that the log has ${event}: verified`,
    id: `Bukti      ${proof} membuktikan bahwa ${event} ada di log: terverifikasi`,
  }),
  'sample-head': {
    en: "The log's signed head. Keep a copy where nobody who runs the log can reach it:",
    id: 'Kepala log yang ditandatangani. Simpan salinannya di luar jangkauan pengelola log:',
  },
  'sample-next': { en: 'Next, in this folder:', id: 'Selanjutnya, di folder ini:' },
  'sample-tamper': {
    en: 'Then change one byte of the past, and see it refused; npm start mends the export:',
    id: 'Lalu ubah satu byte data lama, dan lihat log ditolak; npm start memulihkan ekspornya:',
  },
} as const satisfies Texts

type Stat = {
  readonly origin: string
  readonly log: string
  readonly writer: string
  readonly size: number
  readonly streams: number
  readonly commits: number
  readonly lastCommit: string | undefined
  readonly head: number
  readonly root: string
  readonly vkey: string
}

/** What commands on logs print. */
export const logTexts = {
  verifying: { en: 'verifying', id: 'memeriksa' },
  'verifying-log': ({ service }: { readonly service: string }) => ({
    en: `verifying ${service}`,
    id: `memeriksa ${service}`,
  }),
  exporting: { en: 'exporting', id: 'mengekspor' },
  'log-exported': ({ origin, size }: Size & { readonly origin: string }) => ({
    en: `exported ${origin}: ${size} events`,
    id: `${origin} diekspor: ${size} peristiwa`,
  }),
  'log-exported-to': (to: {
    directory: string
    root: string
    written: number
    unchanged: number
  }) => ({
    en: `  to     ${to.directory}
  root   ${to.root}
  files  ${to.written} written, ${to.unchanged} were there already`,
    id: `  ke     ${to.directory}
  akar   ${to.root}
  berkas ${to.written} ditulis, ${to.unchanged} sudah ada`,
  }),
  'since-export': ({ size }: Size) => ({
    en: `  since  it goes on from the export of size ${size}`,
    id: `  sejak  melanjutkan ekspor berukuran ${size}`,
  }),
  'files-mended': ({ count }: { readonly count: number }) => ({
    en: `  ${count} damaged files were written again`,
    id: `  ${count} berkas rusak ditulis ulang`,
  }),
  'rejected-line': ({ line, reason }: { readonly line: number; readonly reason: string }) => ({
    en: `line ${line}: ${reason}`,
    id: `baris ${line}: ${reason}`,
  }),
  'more-rejected': {
    en: 'and more: see the file of rejects',
    id: 'dan lainnya: lihat berkas baris yang ditolak',
  },
  'key-made': ({ path, vkey }: Path & { readonly vkey: string }) => ({
    en: `made a signing key for development: ${path} (mode 0600). Its public half:\n${vkey}`,
    id: `kunci tanda tangan untuk pengembangan dibuat: ${path} (mode 0600). Kunci publik:\n${vkey}`,
  }),
  imported: (to: { origin: string; added: number; repeated: number; size: number }) => ({
    en: `imported into ${to.origin}: ${to.added} added, ${to.repeated} were there already
  size   ${to.size} events`,
    id: `diimpor ke ${to.origin}: ${to.added} ditambahkan, ${to.repeated} sudah ada
  ukuran ${to.size} peristiwa`,
  }),
  'lines-rejected': ({
    count,
    path,
  }: {
    readonly count: number
    readonly path: string | undefined
  }) => ({
    en: `  ${count} rejected, with the reasons in ${path}`,
    id: `  ${count} ditolak, dengan alasannya di ${path}`,
  }),
  'the-receipt': { en: 'the receipt', id: 'tanda terima' },
  'receipt-verified': (it: { origin: string; index: number; size: number; root: string }) => ({
    en: `verified: ${it.origin} has this event at index ${it.index}
  head   ${it.size} events, root ${it.root}`,
    id: `terverifikasi: ${it.origin} memuat peristiwa ini pada indeks ${it.index}
  kepala ${it.size} peristiwa, akar ${it.root}`,
  }),
  'mongo-needs-service': {
    en: '--mongo: add --service NAME, for the database is jejak-NAME',
    id: '--mongo: tambahkan --service NAMA, karena basis datanya jejak-NAMA',
  },
  stat: (it: Stat) => ({
    en: `${it.origin}
  at       ${it.log}, written by ${it.writer}
  size     ${it.size} events in ${it.streams} streams, ${it.commits} commits
  last     ${it.lastCommit ?? 'never'}
  head     ${it.head} events
  root     ${it.root}
  vkey     ${it.vkey}`,
    id: `${it.origin}
  di       ${it.log}, ditulis oleh ${it.writer}
  ukuran   ${it.size} peristiwa dalam ${it.streams} stream, ${it.commits} commit
  terakhir ${it.lastCommit ?? 'belum pernah'}
  kepala   ${it.head} peristiwa
  akar     ${it.root}
  vkey     ${it.vkey}`,
  }),
  'export-or-data': {
    en: 'name an exported log, or a data folder with --data',
    id: 'sebutkan log yang diekspor, atau folder data dengan --data',
  },
  'service-needs-data': {
    en: '--service goes with --data: an export has one log',
    id: '--service harus dengan --data: ekspor berisi satu log saja',
  },
  'vkey-of-one-log': {
    en: '--vkey and --against are of one log: add --service NAME',
    id: '--vkey dan --against berlaku untuk satu log: tambahkan --service NAMA',
  },
  verified: (it: { origin: string; size: number; streams: number; log: string; root: string }) => ({
    en: `verified ${it.origin}: ${it.size} events in ${it.streams} streams
  at     ${it.log}
  root   ${it.root}`,
    id: `${it.origin} terverifikasi: ${it.size} peristiwa dalam ${it.streams} stream
  di     ${it.log}
  akar   ${it.root}`,
  }),
  'since-checkpoint': ({ size }: Size) => ({
    en: `  since  it goes on from the checkpoint of size ${size}`,
    id: `  sejak  melanjutkan checkpoint berukuran ${size}`,
  }),
  unsigned: ({ count }: { readonly count: number }) => ({
    en: `  the last ${count} are not under a signed head yet`,
    id: `  ${count} terakhir belum tercakup kepala log yang ditandatangani`,
  }),
  'macs-unchecked': {
    en: '  the MACs of its commits were not checked: their key is not in the folder of keys',
    id: '  MAC dari commit-nya tidak diperiksa: kuncinya tidak ada di folder kunci',
  },
  'key-beside-log': {
    en: `The key is the one that lies beside the log. That proves the log consistent, not whose it
is: give a key from somewhere you trust with --vkey.`,
    id: `Kuncinya adalah yang ada di samping log. Itu membuktikan log konsisten, bukan milik siapa
log itu: berikan kunci dari sumber yang Anda percayai dengan --vkey.`,
  },
  ...ofSample,
} as const satisfies Texts
