// tidy: one table, so that a fault of a log has one text in every command that verifies
import { unreadable } from './files.ts'
import { type Filled, type Language, type Texts, wording } from './text.ts'

type Path = { readonly path: string }
type Why = { readonly why: string }
type Name = { readonly name: string }

/** What is wrong with the bytes of an event. */
const ofEvents = {
  'not-utf-8': { en: 'the event is not UTF-8', id: 'peristiwa ini bukan UTF-8' },
  'not-json': { en: 'the event is not JSON', id: 'peristiwa ini bukan JSON' },
  'not-object': { en: 'the event is not a JSON object', id: 'peristiwa ini bukan objek JSON' },
  'name-twice': ({ name }: Name) => ({
    en: `the event has ${name} twice`,
    id: `peristiwa ini memuat ${name} dua kali`,
  }),
  specversion: { en: 'specversion is not 1.0', id: 'specversion bukan 1.0' },
  'no-text': ({ name }: Name) => ({
    en: `${name} is not a text, or is empty`,
    id: `${name} bukan teks, atau kosong`,
  }),
  streamversion: {
    en: 'streamversion is not a number from 1',
    id: 'streamversion bukan bilangan mulai 1',
  },
  time: {
    en: 'time is not RFC 3339 in UTC with milliseconds',
    id: 'time tidak menurut RFC 3339 dalam UTC dengan milidetik',
  },
  'content-type': { en: 'datacontenttype is not JSON', id: 'datacontenttype bukan JSON' },
  'no-data': { en: 'the event has no data', id: 'peristiwa ini tidak memiliki data' },
  'no-attribute': ({ name }: Name) => ({
    en: `${name} is not an attribute's name`,
    id: `${name} bukan nama atribut`,
  }),
  'attribute-type': ({ name }: Name) => ({
    en: `${name} is not a text, number or boolean`,
    id: `${name} bukan teks, bilangan atau boolean`,
  }),
} as const satisfies Texts

type Two = { readonly own: string | number; readonly stored: string | number | null | undefined }

/** What is wrong with an event at its place in the log. */
const ofEntries = {
  'at-entry': ({ index, detail }: { readonly index: number; readonly detail: string }) => ({
    en: `entry ${index}: ${detail}`,
    id: `entri ${index}: ${detail}`,
  }),
  'other-source': ({ source, origin }: { readonly source: string; readonly origin: string }) => ({
    en: `its source is ${source}, not ${origin}`,
    id: `sumbernya ${source}, bukan ${origin}`,
  }),
  'time-back': ({ time, before }: { readonly time: string; readonly before: string }) => ({
    en: `its time is ${time}, after one of ${before}`,
    id: `waktunya ${time}, sesudah yang berwaktu ${before}`,
  }),
  'other-stream': ({ stored, own }: Two) => ({
    en: `the store has it in stream ${stored}, its own bytes say ${own}`,
    id: `penyimpanan menaruhnya di stream ${stored}, byte-nya sendiri menyebut ${own}`,
  }),
  'other-version': ({ stored, own }: Two) => ({
    en: `the store has it as version ${stored}, its own bytes say ${own}`,
    id: `penyimpanan mencatatnya sebagai versi ${stored}, byte-nya sendiri menyebut ${own}`,
  }),
  'version-gap': ({
    stream,
    version,
    head,
  }: {
    readonly stream: string
    readonly version: number
    readonly head: number
  }) => ({
    en: `version ${version} of stream ${stream} comes after version ${head}`,
    id: `versi ${version} dari stream ${stream} menyusul versi ${head}`,
  }),
} as const satisfies Texts

type Commit = { readonly number: number }
type Sizes = { readonly size: number; readonly signed: number }

const fewer = ({ size, signed }: Sizes) => ({
  en: `the log has ${size} entries, and ${signed} were signed for`,
  id: `log ini memuat ${size} entri, padahal ${signed} sudah ditandatangani`,
})

/** What is wrong with a log that is rebuilt from its bytes. */
const ofReplays = {
  'fewer-than-signed': fewer,
  'fewer-than-signed-in-store': (sizes: Sizes) => {
    const { en, id } = fewer(sizes)
    return {
      en: `${en}: was it restored from an old backup?`,
      id: `${id}: apakah dipulihkan dari cadangan lama?`,
    }
  },
  'commit-missing': ({
    number,
    expected,
    before,
  }: Commit & Record<'expected' | 'before', number>) => ({
    en: `commit ${expected} is missing: ${number} comes after ${before}`,
    id: `commit ${expected} hilang: ${number} menyusul ${before}`,
  }),
  'other-log': ({ vkey }: { readonly vkey: string }) => ({
    en: `the store has another log: ${vkey}`,
    id: `penyimpanan memuat log lain: ${vkey}`,
  }),
  damaged: ({ why }: Why) => ({
    en: `its file is damaged: ${why}`,
    id: `berkasnya rusak: ${why}`,
  }),
  'index-mismatch': {
    en: 'its indexes do not have all commits, so that look-ups miss some',
    id: 'indeksnya tidak memuat semua commit, sehingga pencarian melewatkan sebagian',
  },
  stray: ({ what }: { readonly what: string }) => ({
    en: `the store is not only a log's: it has ${what}`,
    id: `penyimpanan bukan hanya milik sebuah log: di dalamnya ${what}`,
  }),
  'commit-types': ({ expected }: { readonly expected: number }) => ({
    en: `what the store has as commit ${expected} is no commit`,
    id: `yang disimpan sebagai commit ${expected} bukan commit`,
  }),
  'commit-position': ({
    number,
    position,
    size,
  }: Commit & Record<'position' | 'size', number>) => ({
    en: `commit ${number} is said to begin at ${position}, and begins at ${size}`,
    id: `commit ${number} disebut mulai di ${position}, padahal mulai di ${size}`,
  }),
  'commit-with-stream': ({ number, count }: Commit & { readonly count: number }) => ({
    en: `commit ${number} has ${count} events and a stream`,
    id: `commit ${number} memuat ${count} peristiwa dan sebuah stream`,
  }),
  'commit-without-stream': ({ number, count }: Commit & { readonly count: number }) => ({
    en: `commit ${number} has ${count} events and no stream`,
    id: `commit ${number} memuat ${count} peristiwa tanpa stream`,
  }),
  'commit-bytes': ({ number, count }: Commit & { readonly count: number }) => ({
    en: `the bytes of commit ${number} are not ${count} entries`,
    id: `byte dari commit ${number} bukan ${count} entri`,
  }),
  'commit-mac': ({ number }: Commit) => ({
    en: `commit ${number} has no right MAC: who wrote it so did not have the log's MAC key`,
    id: `MAC commit ${number} tidak benar: penulisnya tidak memegang kunci MAC log ini`,
  }),
  'commits-before-macs': ({ number }: Commit) => ({
    en: `commits before ${number} were altered since they were verified and MACs began`,
    id: `commit sebelum ${number} diubah sejak diverifikasi dan MAC mulai dipakai`,
  }),
  'commit-root': ({ number, size }: Commit & { readonly size: number }) => ({
    en: `the ${size} entries up to commit ${number} do not hash to its root`,
    id: `hash dari ${size} entri sampai commit ${number} tidak sama dengan akarnya`,
  }),
  'entry-not-in-tile': ({ index, tile }: { readonly index: number; readonly tile: string }) => ({
    en: `entry ${index} is not what ${tile} has`,
    id: `entri ${index} tidak sama dengan yang ada di ${tile}`,
  }),
  'entries-not-in-tile': ({ index, tile }: { readonly index: number; readonly tile: string }) => ({
    en: `the entries from ${index} are not what ${tile} has`,
    id: `entri mulai ${index} tidak sama dengan yang ada di ${tile}`,
  }),
  'entries-not-in-bundle': ({ index, bundle }: Record<'index' | 'bundle', number>) => ({
    en: `the entries from ${index} are not what bundle ${bundle} of the store has`,
    id: `entri mulai ${index} tidak sama dengan yang ada di bundel ${bundle} penyimpanan`,
  }),
  'not-as-signed': ({ size }: { readonly size: number }) => ({
    en: `the first ${size} entries are not those that were signed for`,
    id: `${size} entri pertama bukan yang dahulu ditandatangani`,
  }),
  'head-within-commit': ({ size, commit }: { readonly size: number; readonly commit: number }) => ({
    en: `the signed head of ${size} entries ends within commit ${commit}`,
    id: `kepala bertanda tangan untuk ${size} entri berakhir di tengah commit ${commit}`,
  }),
  'head-refused': ({ why }: Why) => ({
    en: `the checkpoint is refused: ${why}`,
    id: `checkpoint ditolak: ${why}`,
  }),
  'another-log': ({ vkey }: { readonly vkey: string }) => ({
    en: `the folder has another log: ${vkey}. Choose an empty one`,
    id: `folder ini memuat log lain: ${vkey}. Pilih folder kosong`,
  }),
} as const satisfies Texts

/** Why there is nothing to verify or to export. */
const ofSources = {
  unreadable,
  'no-key-in': ({ path, why }: Path & Why) => ({
    en: `${path} does not have a verification key: ${why}`,
    id: `${path} tidak memuat kunci verifikasi: ${why}`,
  }),
  'witness-key': ({ path }: Path) => ({
    en: `${path} has the key of a witness, not that of a log`,
    id: `${path} memuat kunci saksi, bukan kunci log`,
  }),
  'no-head': ({ path }: Path) => ({
    en: `the log in ${path} has no signed head yet`,
    id: `log di ${path} belum memiliki kepala bertanda tangan`,
  }),
  'service-name': ({ name }: Name) => ({
    en: `--service: ${name} is not a name of lower-case letters, digits and hyphens`,
    id: `--service: ${name} bukan nama dari huruf kecil, angka dan tanda hubung`,
  }),
  'no-log-file': ({ path }: Path) => ({
    en: `there is no log at ${path}`,
    id: `tidak ada log di ${path}`,
  }),
  'not-a-log': ({ path, why }: Path & Why) => ({
    en: `${path} is not a log: ${why}`,
    id: `${path} bukan log: ${why}`,
  }),
  'no-log-yet': ({ path }: Path) => ({
    en: `there is no log in ${path} yet`,
    id: `belum ada log di ${path}`,
  }),
  'never-signed': ({ path }: Path) => ({
    en: `the log in ${path} has no key: no process ever signed it`,
    id: `log di ${path} tidak memiliki kunci: belum pernah ada proses yang menandatanganinya`,
  }),
  'no-data-folder': ({ path }: Path) => ({
    en: `there is no data folder ${path}`,
    id: `tidak ada folder data ${path}`,
  }),
  'no-log-in-folder': ({ path }: Path) => ({
    en: `no service has a log in ${path}: is it the right folder?`,
    id: `tidak ada layanan yang memiliki log di ${path}: apakah foldernya benar?`,
  }),
  'no-folder': ({ path }: Path) => ({
    en: `there is no folder ${path}`,
    id: `tidak ada folder ${path}`,
  }),
  'not-a-folder': ({ path }: Path) => ({
    en: `${path} is not a folder`,
    id: `${path} bukan folder`,
  }),
  'another-export': ({ path }: Path) => ({
    en: `another export goes into ${path}: run this again when it has ended`,
    id: `ekspor lain sedang menulis ke ${path}: jalankan lagi setelah selesai`,
  }),
} as const satisfies Texts

type Shrunk = { readonly log: string; readonly signed: number; readonly there: number }

/** What differs in what logs, receipts and exports say of a person. */
const ofFindings = {
  nobody: ({ asnId }: { readonly asnId: string }) => ({
    en: `no event in these folders is about ${asnId}`,
    id: `tidak ada peristiwa tentang ${asnId} di folder-folder ini`,
  }),
  'other-key': ({ path, log, other }: Path & Record<'log' | 'other', string>) => ({
    en: `${path} has the key of ${log}, and the folder is of ${other}`,
    id: `${path} memuat kunci ${log}, padahal foldernya milik ${other}`,
  }),
  'same-log': ({ log }: { readonly log: string }) => ({
    en: `two of the folders have the log ${log}: name one of them`,
    id: `dua di antara folder itu memuat log ${log}: sebutkan salah satu saja`,
  }),
  'log-missing': ({ name }: Name) => ({
    en: `no folder has the log of ${name}: what it knows is not in this history`,
    id: `tidak ada folder yang memuat log ${name}: isinya tidak ada dalam riwayat ini`,
  }),
  gap: ({ stream }: { readonly stream: string }) => ({
    en: `an event of ${stream} is missing`,
    id: `satu peristiwa dari ${stream} hilang`,
  }),
  misplaced: ({
    type,
    stream,
    stated,
  }: Record<'type' | 'stream', string> & { readonly stated: string | undefined }) => ({
    en: `${type} in ${stream} says ${stated}`,
    id: `${type} di ${stream} menyebut ${stated}`,
  }),
  unregistered: ({ record }: { readonly record: string }) => ({
    en: `nobody was ever registered as ${record}`,
    id: `belum pernah ada pegawai yang terdaftar sebagai ${record}`,
  }),
  'days-contradict': ({ type, day, why }: Why & Record<'type' | 'day', string>) => ({
    en: `${type} is of ${day}, which ${why}`,
    id: `${type} bertanggal ${day}: ${why}`,
  }),
  dangling: ({ type, assessmentId }: Record<'type' | 'assessmentId', string>) => ({
    en: `${type} is of ${assessmentId}, which is not there`,
    id: `${type} menyangkut ${assessmentId}, yang tidak ada`,
  }),
  undeserved: ({ number, why }: Why & { readonly number: string }) => ({
    en: `certificate ${number}: ${why}`,
    id: `sertifikat ${number}: ${why}`,
  }),
  'receipt-unreadable': ({ why }: Why) => ({
    en: `the receipt or its event: ${why}`,
    id: `tanda terima atau peristiwanya: ${why}`,
  }),
  'receipt-unproven': ({ log }: { readonly log: string }) => ({
    en: `no verified folder has the log ${log}`,
    id: `tidak ada folder terverifikasi yang memuat log ${log}`,
  }),
  'receipt-shrunk': ({ signed, there }: Omit<Shrunk, 'log'>) => ({
    en: `the log had ${signed} events when it gave the receipt: this has ${there}`,
    id: `log memuat ${signed} peristiwa saat memberi tanda terima: log ini memuat ${there}`,
  }),
  'receipt-rewritten': ({ size }: { readonly size: number }) => ({
    en: `at size ${size} the log is not what it was when it gave the receipt`,
    id: `pada ukuran ${size} log tidak lagi sama dengan saat memberi tanda terima`,
  }),
  'receipt-of-other': {
    en: 'the event of the receipt is not about them',
    id: 'peristiwa pada tanda terima itu bukan tentang pegawai ini',
  },
} as const satisfies Texts

type Certificate = { readonly number: string }

/** How an export differs from the logs. */
const ofExports = {
  'export-folder': ({ path }: Path) => ({
    en: `--export: there is no ${path}`,
    id: `--export: ${path} tidak ada`,
  }),
  'export-unproven': ({ log }: { readonly log: string }) => ({
    en: `no verified folder has the log of ${log}, which it names`,
    id: `tidak ada folder terverifikasi yang memuat log ${log}, yang disebutnya`,
  }),
  'export-shrunk': ({ log, signed, there }: Shrunk) => ({
    en: `${log} had ${signed} events when it was made: here ${there}`,
    id: `${log} memuat ${signed} peristiwa saat ekspor dibuat: di sini ${there}`,
  }),
  'export-rewritten': ({ log, size }: { readonly log: string; readonly size: number }) => ({
    en: `at size ${size} the log of ${log} is not what it was when it was made`,
    id: `pada ukuran ${size} log ${log} tidak lagi sama dengan saat ekspor dibuat`,
  }),
  'export-head': ({ log, why }: Why & { readonly log: string }) => ({
    en: `its head of ${log}: ${why}`,
    id: `kepala log ${log} di dalamnya: ${why}`,
  }),
  'row-extra-later': ({ number }: Certificate) => ({
    en: `certificate ${number}: it came later, and has a row all the same`,
    id: `sertifikat ${number}: terbit kemudian, tetapi tetap memiliki baris`,
  }),
  'row-extra-revoked': ({ number }: Certificate) => ({
    en: `certificate ${number}: it was revoked, and has a row all the same`,
    id: `sertifikat ${number}: sudah dicabut, tetapi tetap memiliki baris`,
  }),
  'row-extra-double': ({ number }: Certificate) => ({
    en: `it has a row of ${number}, and the person has another row of the same cohort`,
    id: `ada baris untuk ${number}, padahal pegawai itu punya baris lain dari angkatan yang sama`,
  }),
  'row-extra-not-asked': ({ number }: Certificate) => ({
    en: `certificate ${number}: it is not of what was asked, and has a row all the same`,
    id: `sertifikat ${number}: tidak termasuk yang diminta, tetapi tetap memiliki baris`,
  }),
  'row-missing': ({ number }: Certificate) => ({
    en: `certificate ${number} has no row`,
    id: `sertifikat ${number} tidak memiliki baris`,
  }),
  'row-twice': ({ number }: Certificate) => ({
    en: `certificate ${number} has more than one row`,
    id: `sertifikat ${number} memiliki lebih dari satu baris`,
  }),
  'row-differs': ({ number, field, there, expected }: Certificate & Differing) => ({
    en: `certificate ${number}: ${field} is ${there}, by the logs ${expected}`,
    id: `sertifikat ${number}: ${field} berisi ${there}, menurut log ${expected}`,
  }),
} as const satisfies Texts

type Differing = {
  readonly field: string
  readonly there: string | undefined
  readonly expected: unknown
}

type Attained = {
  readonly competency: string
  readonly required: number
  /** A level with the ids of its assessments; absent if none was attained. */
  readonly attained: string | undefined
  /** What the certificate states; absent if it states nothing. */
  readonly stated: string | undefined
  readonly statedRequired: number | undefined
}

type Apart = { readonly apartMs: number }
/** Log and position. */
type Place = { readonly place: string }
type Foundation = { readonly log: string; readonly size: number }

/** How long, in the unit that says it best. */
const spanOf = (ms: number): { readonly en: string; readonly id: string } => {
  const units = [
    [86_400_000, 'days', 'hari'],
    [3_600_000, 'hours', 'jam'],
    [60_000, 'minutes', 'menit'],
  ] as const
  const [unit, en, id] = units.find(([unit]) => ms >= 2 * unit) ?? [1_000, 's', 'detik']
  const count = Math.ceil(ms / unit)
  return { en: `${count} ${en}`, id: `${count} ${id}` }
}

/** Why a certificate should not have been issued as it was. */
const ofCertificates = {
  'no-programme': ({ programId }: { readonly programId: string }) => ({
    en: `nobody published the programme ${programId}`,
    id: `program ${programId} belum pernah diterbitkan`,
  }),
  'certified-already': ({ number }: Certificate) => ({
    en: `its enrollment has the certificate ${number} already`,
    id: `kepesertaannya sudah memiliki sertifikat ${number}`,
  }),
  'certified-twice': ({ number }: Certificate) => ({
    en: `the person has the certificate ${number} for the same cohort, and that was known`,
    id: `orang ini sudah memiliki sertifikat ${number} untuk angkatan yang sama, dan itu diketahui`,
  }),
  'erased-before': ({ asnId }: { readonly asnId: string }) => ({
    en: `the personal data of ${asnId} had been erased, and that was known`,
    id: `data pribadi ${asnId} sudah dihapus, dan itu diketahui`,
  }),
  'other-validity': ({ validUntil }: { readonly validUntil: string }) => ({
    en: `it should be valid until ${validUntil}`,
    id: `seharusnya berlaku sampai ${validUntil}`,
  }),
  'other-policy': ({ policy, stated }: Record<'policy' | 'stated', string>) => ({
    en: `the policy of its day is ${policy}, not ${stated}`,
    id: `kebijakan pada tanggal itu ${policy}, bukan ${stated}`,
  }),
  misdated: ({ issuedOn, recorded }: Record<'issuedOn' | 'recorded', string>) => ({
    en: `it says that it was issued on ${issuedOn}, and was recorded on ${recorded}`,
    id: `tertulis terbit pada ${issuedOn}, padahal dicatat pada ${recorded}`,
  }),
  'clock-went-back': ({ issuedOn, recorded }: Record<'issuedOn' | 'recorded', string>) => ({
    en:
      `it says that it was issued on ${issuedOn}, and has the time of the entry before, of ` +
      `${recorded}: whether the clock went back or the day is wrong can't be told`,
    id:
      `tertulis terbit pada ${issuedOn}, sedangkan waktunya sama dengan entri sebelumnya, ` +
      `${recorded}: tidak dapat dipastikan apakah jam mundur atau tanggalnya salah`,
  }),
  'clocks-apart': ({ apartMs, unmet }: Apart & { readonly unmet: readonly string[] }) => ({
    en:
      `by the times of the logs it was not deserved: ${unmet.join('; ')}. It was if their clocks ` +
      `were ${spanOf(apartMs).en} apart, which can't be told: it does not name what it rests on`,
    id:
      `menurut waktu log belum layak: ${unmet.join('; ')}. Layak jika jam log-log itu berselisih ` +
      `${spanOf(apartMs).id}, yang tidak dapat dipastikan: dasarnya tidak disebut`,
  }),
  'names-nothing': ({ place }: Place) => ({
    en: `it rests on ${place}, which is not there or not about them`,
    id: `dasarnya ${place}, yang tidak ada atau bukan tentang pegawai ini`,
  }),
  'names-other': ({ place }: Place) => ({
    en: `it rests on ${place}, where another entry is`,
    id: `dasarnya ${place}, padahal di situ ada entri lain`,
  }),
  'not-named': ({ type, place }: Place & { readonly type: string }) => ({
    en: `it does not name ${type} at ${place}, which counts`,
    id: `tidak menyebut ${type} di ${place}, yang ikut menentukan`,
  }),
  'foundation-older': ({ log, size, there }: Foundation & { readonly there: number }) => ({
    en:
      `it rests on the first ${size} events of ${log}, and here are ${there}: whether it was ` +
      `deserved can't be told from an older export`,
    id:
      `dasarnya ${size} peristiwa pertama ${log}, sedangkan di sini ada ${there}: kelayakannya ` +
      `tidak dapat dipastikan dari ekspor yang lebih lama`,
  }),
  'foundation-other': ({ log, size }: Foundation) => ({
    en: `at size ${size} the log of ${log} is not what it was when it was issued`,
    id: `pada ukuran ${size} log ${log} tidak lagi sama dengan saat sertifikat terbit`,
  }),
  'not-enrolled': ({ asnId }: { readonly asnId: string }) => ({
    en: `${asnId} was not enrolled in its programme`,
    id: `${asnId} bukan peserta programnya`,
  }),
  'not-completed': ({ status }: { readonly status: string }) => ({
    en: `the training was ${status} only`,
    id: `status pelatihannya baru ${status}`,
  }),
  'attended-less': ({
    module,
    jp,
    requiredJp,
  }: Record<'jp' | 'requiredJp', number> & { readonly module: string }) => ({
    en: `${module} was attended for ${jp} of ${requiredJp} JP`,
    id: `${module} dihadiri ${jp} dari ${requiredJp} JP`,
  }),
  'not-attained': ({ competency, required, attained, stated, statedRequired }: Attained) => ({
    en:
      `${competency}: level ${required} is required, ` +
      `${attained === undefined ? 'none' : `level ${attained}`} was attained, it says ` +
      (stated === undefined ? 'nothing' : `level ${stated} of ${statedRequired}`),
    id:
      `${competency}: disyaratkan level ${required}, ` +
      `${attained === undefined ? 'tidak ada yang' : `level ${attained}`} tercapai, tertulis ` +
      (stated === undefined ? 'tidak ada' : `level ${stated} dari ${statedRequired}`),
  }),
} as const satisfies Texts

/** Clocks of logs that were apart. */
type ApartText = Apart & Readonly<Record<'behind' | 'ahead', string>>

/** The report of an audit of a person. */
const ofReports = {
  'clocks-were-apart': ({ behind, ahead, apartMs }: ApartText) => ({
    en: `clocks: that of ${behind} was at least ${spanOf(apartMs).en} behind that of ${ahead}`,
    id: `jam: jam ${behind} tertinggal sedikitnya ${spanOf(apartMs).id} dari jam ${ahead}`,
  }),
  'clock-is-ahead': ({ ahead, apartMs }: Omit<ApartText, 'behind'>) => ({
    en: `clocks: that of ${ahead} was at least ${spanOf(apartMs).en} ahead of the one here`,
    id: `jam: jam ${ahead} mendahului jam di sini sedikitnya ${spanOf(apartMs).id}`,
  }),
  'clocks-undecided': {
    en: "what was known at that moment falls in between, and can't be told for certain",
    id: 'yang diketahui pada saat itu jatuh di antaranya, dan tidak dapat dipastikan',
  },
  'audit-of': ({ asnId }: { readonly asnId: string }) => ({
    en: `audit of ${asnId}`,
    id: `audit atas ${asnId}`,
  }),
  'audit-of-records': ({
    asnId,
    more,
  }: {
    readonly asnId: string
    readonly more: readonly string[]
  }) => ({
    en: `audit of ${asnId}, the same person as ${more.join(', ')}`,
    id: `audit atas ${asnId}, orang yang sama dengan ${more.join(', ')}`,
  }),
  'audited-log': ({ size, root }: Record<'size' | 'root', string>) => ({
    en: `${size} events, root ${root}`,
    id: `${size} peristiwa, akar ${root}`,
  }),
  'audited-by-own-key': ({ size, root }: Record<'size' | 'root', string>) => ({
    en: `${size} events, root ${root}, by the key in its folder: add --vkey`,
    id: `${size} peristiwa, akar ${root}, menurut kunci di foldernya: tambahkan --vkey`,
  }),
  'proven-dense': ({ events, streams }: Record<'events' | 'streams', number>) => ({
    en: `${events} events, each proven under its head; ${streams} streams, every version there`,
    id:
      `${events} peristiwa, masing-masing terbukti di bawah kepala log-nya; ` +
      `${streams} stream, semua versi ada`,
  }),
  'proven-with-gaps': ({ events, streams }: Record<'events' | 'streams', number>) => ({
    en: `${events} events, each proven under its head; ${streams} streams, versions missing`,
    id:
      `${events} peristiwa, masing-masing terbukti di bawah kepala log-nya; ` +
      `${streams} stream, ada versi yang hilang`,
  }),
  erased: {
    en: 'the person was erased: what was sealed can’t be read again',
    id: 'data pegawai ini sudah dihapus: yang terenkripsi tidak dapat dibaca lagi',
  },
  'as-of': ({ asOf, knownAt }: Record<'asOf' | 'knownAt', string>) => ({
    en: `as of ${asOf}, as known at ${knownAt}`,
    id: `per ${asOf}, menurut yang diketahui pada ${knownAt}`,
  }),
  'level-line': ({ competency, level, framework, policy }: Levelled) => ({
    en: `level       ${competency} ${level} (${framework}, by ${policy})`,
    id: `level       ${competency} ${level} (${framework}, menurut ${policy})`,
  }),
  'hours-line': ({ jp, year, ruleSets }: HoursOfYear) => ({
    en: `hours       ${jp} JP in ${year} (by ${ruleSets.join(', ')})`,
    id: `jam         ${jp} JP pada ${year} (menurut ${ruleSets.join(', ')})`,
  }),
  'certificate-line': ({
    number,
    status,
    validUntil,
  }: Certificate & Record<'status' | 'validUntil', string>) => ({
    en: `certificate ${number}: ${status}, until ${validUntil}`,
    id: `sertifikat  ${number}: ${status}, sampai ${validUntil}`,
  }),
  'state-counts': { en: 'counts', id: 'berlaku' },
  'state-superseded': { en: 'superseded', id: 'digantikan' },
  'state-contested': { en: 'contested', id: 'diajukan keberatan' },
  'state-upheld': { en: 'upheld', id: 'keberatannya dikabulkan' },
  'state-revoked': { en: 'revoked', id: 'dicabut' },
  'state-expired': { en: 'expired', id: 'kedaluwarsa' },
  'state-over': { en: 'over', id: 'berakhir' },
  'state-valid': { en: 'valid', id: 'masih berlaku' },
  'reads-of': ({ from, to, who, people }: ReadsOf) => {
    const [by, oleh] = who === undefined ? ['', ''] : [` by ${who}`, ` oleh ${who}`]
    return {
      en: `personal data of ${people} people was read${by} from ${from} to ${to}, days in Makassar`,
      id: `data pribadi ${people} orang dibaca${oleh} dari ${from} sampai ${to}, hari di Makassar`,
    }
  },
  'reader-unknown': ({ who }: { readonly who: string }) => ({
    en:
      `The logs have no read by ${who} on any day: it is no token (its id), role or agency that ` +
      'they know. See whether --who is right.',
    id:
      `Log tidak memuat pembacaan oleh ${who} pada tanggal mana pun: bukan token (id-nya), peran ` +
      'atau perangkat daerah yang dikenal log. Periksa apakah --who benar.',
  }),
  'reads-complete': {
    en: 'That is all that the logs have of these days.',
    id: 'Hanya itu isi log tentang hari-hari ini.',
  },
  'state-erased': { en: 'erased since', id: 'sudah dihapus' },
  'no-differences': { en: 'All is as it says.', id: 'Semuanya sesuai.' },
  differences: {
    en: 'Differences, and what is not proven:',
    id: 'Perbedaan, dan yang tidak terbukti:',
  },
} as const satisfies Texts

type ReadsOf = Record<'from' | 'to', string> & {
  readonly who: string | undefined
  readonly people: number
}
type HoursOfYear = Record<'jp' | 'year', number> & { readonly ruleSets: readonly string[] }

type Levelled = Record<'competency' | 'framework' | 'policy', string> & { readonly level: number }

/** What people read of a log that is verified or exported, and of an audit of a person. */
export const auditTexts = {
  ...ofEvents,
  ...ofEntries,
  ...ofReplays,
  ...ofSources,
  ...ofFindings,
  ...ofExports,
  ...ofCertificates,
  ...ofReports,
}

export type AuditText = Filled<typeof auditTexts>

export const auditText = (filled: AuditText, language?: Language): string =>
  wording(auditTexts, filled, language)
