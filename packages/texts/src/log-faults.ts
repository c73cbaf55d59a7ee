// tidy: one table, so that a fault of a log has one text wherever it is found
import { type Filled, type Language, type Text, type Texts, wording } from './text.ts'

type Path = { readonly path: string }
type Mode = { readonly mode: string }
type Why = { readonly why: string }
type What = { readonly what: string }
type Size = { readonly size: number }
type Signed = { readonly signed: number }
type Origin = { readonly origin: string }
type Commit = { readonly commit: number }
type Log = { readonly service: string; readonly place: string }

const theLog = ({ service, place }: Log) => ({
  en: `the log of ${service} (${place})`,
  id: `log ${service} (${place})`,
})

/** Where the ways on from a head that is lost are told at length. */
const heads = 'docs/operations.md#the-last-signed-head'
const macKeys = 'docs/operations.md#the-mac-key'
const damage = 'docs/operations.md#a-log-that-is-damaged'

/** Around what is wrong: which log it is. */
const ofAnyLog = {
  'log-fault': ({ what, ...log }: Log & What) => {
    const { en, id } = theLog(log)
    return { en: `${en}: ${what}`, id: `${id}: ${what}` }
  },
  'log-stopped': ({ what, ...log }: Log & What) => {
    const { en, id } = theLog(log)
    return {
      en: `${en} was taken out of service, and stores and signs nothing any more: ${what}`,
      id: `${id} dihentikan, tidak lagi menyimpan dan menandatangani apa pun: ${what}`,
    }
  },
  lost: ({ why }: Why) => ({
    en:
      `${why}: bring it back before you start again. If it is of the log itself, what was stored ` +
      `since then may be gone: see ${damage}`,
    id:
      `${why}: kembalikan sebelum memulai lagi. Bila itu bagian dari log sendiri, yang disimpan ` +
      `sejak itu mungkin hilang: baca ${damage}`,
  }),
  'file-gone': ({ path }: Path) => ({
    en: `${path} was deleted or moved while it was in use`,
    id: `${path} dihapus atau dipindahkan selagi dipakai`,
  }),
  'file-replaced': ({ path }: Path) => ({
    en: `${path} was replaced while it was in use`,
    id: `${path} diganti selagi dipakai`,
  }),
  'file-lost': ({ why }: Why) => ({
    en: `${why}: bring it back before you start again, see docs/operations.md#where-things-are`,
    id: `${why}: kembalikan sebelum memulai lagi, baca docs/operations.md#where-things-are`,
  }),
  'identity-gone': {
    en: 'the name and key of the log are not there any more: it was deleted while it was in use',
    id: 'nama dan kunci log tidak ada lagi: log dihapus selagi dipakai',
  },
  'commit-gone': ({ commit }: Commit) => ({
    en:
      `commit ${commit} was stored, and is not there any more as it was: the log was deleted, ` +
      'replaced or altered while it was in use',
    id:
      `commit ${commit} sudah tersimpan, tetapi tidak ada lagi seperti semula: log dihapus, ` +
      'diganti, atau diubah selagi dipakai',
  }),
  damaged: ({ why }: Why) => ({
    en:
      `it is damaged or was altered: ${why}. Start nothing with it, keep the files as they are, ` +
      `and see ${damage}`,
    id:
      `log ini rusak atau telah diubah: ${why}. Jangan jalankan apa pun dengannya, simpan ` +
      `berkasnya apa adanya, dan baca ${damage}`,
  }),
} as const satisfies Texts

const waysOn = {
  en:
    'bring the head file back, start with --head FILE (a checkpoint that somebody else holds), ' +
    `or go on as another log with jejak restore --new-origin: see ${heads}`,
  id:
    'kembalikan berkas kepala itu, mulai dengan --head BERKAS (checkpoint yang disimpan pihak ' +
    `lain), atau lanjutkan sebagai log lain dengan jejak restore --new-origin: baca ${heads}`,
}

type BadHead = Why & { readonly signer: string }

const whichHead = {
  file: { en: 'its head file', id: 'berkas kepalanya' },
  given: { en: 'the given head', id: 'kepala yang diberikan' },
  store: { en: 'the head in its database', id: 'kepala di basis datanya' },
} as const

const waysFrom = {
  file: { en: `. Put it aside, and ${waysOn.en}`, id: `. Sisihkan, lalu ${waysOn.id}` },
  given: { en: `: give another, see ${heads}`, id: `: berikan yang lain, baca ${heads}` },
  store: {
    en: `: it was altered. Start nothing with it, keep the files as they are, and see ${damage}`,
    id:
      ': log ini telah diubah. Jangan jalankan apa pun dengannya, simpan berkasnya apa adanya, ' +
      `dan baca ${damage}`,
  },
} as const

const unsigned =
  (from: keyof typeof waysFrom) =>
  ({ signer, why }: BadHead) => {
    const [{ en, id }, ways] = [whichHead[from], waysFrom[from]]
    return {
      en: `${en} is none that the key of ${signer} has signed (${why})${ways.en}`,
      id: `${id} bukan yang ditandatangani kunci ${signer} (${why})${ways.id}`,
    }
  }

/** What is wrong with the heads of a log. */
const ofHeads = {
  'head-behind': ({ size, signed }: Size & Signed) => ({
    en:
      `it has ${size} events, but ${signed} were signed for: it is an older copy of itself, as a ` +
      'backup is. Bring the newer copy back; where there is none, go on as another log with ' +
      `jejak restore --new-origin: see ${heads}`,
    id:
      `log ini memuat ${size} peristiwa, padahal ${signed} sudah ditandatangani: ini salinan ` +
      'lamanya, misalnya dari cadangan. Kembalikan salinan yang lebih baru; bila tidak ada, ' +
      `lanjutkan sebagai log lain dengan jejak restore --new-origin: baca ${heads}`,
  }),
  'head-differs': ({ signed }: Signed) => ({
    en:
      `its first ${signed} events are not those that were signed for: it was altered. Start ` +
      `nothing with it, keep the files as they are, and see ${damage}`,
    id:
      `${signed} peristiwa pertamanya bukan yang ditandatangani: log ini telah diubah. Jangan ` +
      `jalankan apa pun dengannya, simpan berkasnya apa adanya, dan baca ${damage}`,
  }),
  'unsigned-file': unsigned('file'),
  'unsigned-given': unsigned('given'),
  'unsigned-store': unsigned('store'),
  'head-back': ({ size, signed }: Size & Signed) => ({
    en: `a head of ${size} events can't follow one of ${signed}`,
    id: `kepala dengan ${size} peristiwa tidak dapat mengikuti yang ${signed} peristiwa`,
  }),
  'head-missing': ({ size }: Size) => ({
    en:
      `it has ${size} events, and its head file is not there, so nothing shows that it is not an ` +
      `older copy of itself: ${waysOn.en}`,
    id:
      `log ini memuat ${size} peristiwa, dan berkas kepalanya tidak ada, sehingga tidak ada yang ` +
      `menunjukkan bahwa ini bukan salinan lamanya: ${waysOn.id}`,
  }),
  'head-before-macs': ({ size, signed }: Size & Signed) => ({
    en:
      `it has ${size} events, and its head file is of ${signed}: nothing vouches for what came ` +
      `between, for it is older than the MACs of its commits: ${waysOn.en}`,
    id:
      `log ini memuat ${size} peristiwa, dan berkas kepalanya baru mencakup ${signed}: tidak ada ` +
      `yang menjamin selebihnya, karena lebih lama daripada MAC commit-nya: ${waysOn.id}`,
  }),
  'head-of-no-log': ({ path, origin, logs }: Path & Origin & { readonly logs: string }) => ({
    en: `${path} has a head of ${origin}, and the logs are ${logs}: give the heads of these alone`,
    id: `${path} memuat kepala ${origin}, sedangkan log-nya ${logs}: berikan kepala log ini saja`,
  }),
  'head-of-none': ({ path, origin }: Path & Origin) => ({
    en:
      `${path} has a head of ${origin}, and no log is here yet: name its data folder with ` +
      '--data, or restore the log first',
    id:
      `${path} memuat kepala ${origin}, sedangkan di sini belum ada log: sebutkan folder datanya ` +
      'dengan --data, atau pulihkan log itu dahulu',
  }),
  'no-head-of-log': ({ path, origin }: Path & Origin) => ({
    en: `${path} has no head of ${origin}: give a checkpoint of this log`,
    id: `${path} tidak memuat kepala ${origin}: berikan checkpoint log ini`,
  }),
  'heads-of-one-log': ({ path, origin }: Path & Origin) => ({
    en: `${path} has a second head of ${origin}: give one of each log, the newest`,
    id: `${path} memuat kepala kedua dari ${origin}: berikan satu per log, yang terbaru`,
  }),
  'not-a-head': ({ path, why }: Path & Why) => ({
    en: `${path} is no head of a log (${why}): give a checkpoint, as jejak log export writes it`,
    id: `${path} bukan kepala log (${why}): berikan checkpoint seperti hasil jejak log export`,
  }),
} as const satisfies Texts

const macWays = {
  en:
    'bring its copy back, start with --head FILE (a checkpoint that somebody else holds), or go ' +
    `on as another log with jejak restore --new-origin: see ${macKeys}`,
  id:
    'kembalikan salinannya, mulai dengan --head BERKAS (checkpoint yang disimpan pihak lain), ' +
    `atau lanjutkan sebagai log lain dengan jejak restore --new-origin: baca ${macKeys}`,
}

/** What is wrong with the MACs of a log's commits, and with their key. */
const ofMacs = {
  'mac-missing': ({ commit }: Commit) => ({
    en:
      `commit ${commit} has no MAC: whoever wrote it like this had the database, but not the ` +
      'key of its MACs',
    id:
      `commit ${commit} tidak memiliki MAC: penulisnya menguasai basis data, tetapi tidak ` +
      'memegang kunci MAC-nya',
  }),
  'mac-number': ({ commit }: Commit) => ({
    en:
      `commit ${commit} has a number that no commit has: whoever wrote it had the database, but ` +
      'not the key of its MACs',
    id:
      `commit ${commit} memakai nomor yang tidak dimiliki commit mana pun: penulisnya menguasai ` +
      'basis data, tetapi tidak memegang kunci MAC-nya',
  }),
  'mac-wrong': ({ commit }: Commit) => ({
    en:
      `commit ${commit} does not have the MAC that it was written with: whoever wrote it like ` +
      'this had the database, but not the key of its MACs; or that key is of another log',
    id:
      `commit ${commit} tidak memiliki MAC yang semula: penulisnya menguasai basis data, tetapi ` +
      'tidak memegang kunci MAC-nya; atau kunci itu milik log lain',
  }),
  'mac-key-missing': ({ path }: Path) => ({
    en: `the key of the MACs of its commits is not at ${path}: ${macWays.en}`,
    id: `kunci MAC commit-nya tidak ada di ${path}: ${macWays.id}`,
  }),
  'mac-key-of-another': ({ path, origin, own }: Path & { origin: string; own: string }) => ({
    en: `${path} is the MAC key of ${own}, not of ${origin}: bring the right file back`,
    id: `${path} adalah kunci MAC milik ${own}, bukan ${origin}: kembalikan berkas yang benar`,
  }),
  'not-a-mac-key': ({ path }: Path) => ({
    en: `${path} has no key for the MACs of a log. Put it aside, and ${macWays.en}`,
    id: `${path} tidak memuat kunci MAC suatu log. Sisihkan, lalu ${macWays.id}`,
  }),
} as const satisfies Texts

/** Who may read what is secret, and change what is trusted. */
const ofSecrets = {
  'writable-by-others': ({ path, mode }: Path & Mode) => ({
    en: `others can write to ${path} (mode ${mode}): run chmod go-w ${path}, and start again`,
    id:
      `${path} dapat ditulis pengguna lain (mode ${mode}): jalankan chmod go-w ${path}, ` +
      'lalu mulai lagi',
  }),
  'readable-by-others': ({ path, mode }: Path & Mode) => ({
    en:
      `others can read the secret in ${path}, or write to it (mode ${mode}): run ` +
      `chmod 600 ${path}, and start again. If somebody may have read it, replace it`,
    id:
      `rahasia di ${path} dapat dibaca atau ditulis pengguna lain (mode ${mode}): jalankan ` +
      `chmod 600 ${path}, lalu mulai lagi. Bila mungkin sudah terbaca, ganti rahasianya`,
  }),
} as const satisfies Texts

/** The log is another than the one that was meant, or its keys are. */
const ofIdentity = {
  'key-of-another': ({ origin, signer }: Origin & { readonly signer: string }) => ({
    en: `the signing key is that of ${signer}, and the log is ${origin}: bring its own key back`,
    id: `kunci tanda tangannya milik ${signer}, padahal log ini ${origin}: kembalikan kuncinya`,
  }),
  'not-made-yet': ({ origin }: Origin) => ({
    en: `${origin} is not there yet: the process that signs it must open it first, to make it`,
    id: `${origin} belum ada: proses yang menandatanganinya harus membukanya lebih dahulu`,
  }),
  'another-origin': ({ origin, asked }: Origin & { readonly asked: string }) => ({
    en: `it is the log ${origin}, not ${asked}: leave the name out, or name its folder`,
    id: `ini log ${origin}, bukan ${asked}: jangan sebutkan namanya, atau sebutkan foldernya`,
  }),
  'another-writer': ({ owner, writer }: { readonly owner: string; readonly writer: string }) => ({
    en: `it belongs to ${owner}: ${writer} must not write to it. Choose another data folder`,
    id: `log ini milik ${owner}: ${writer} tidak boleh menulisnya. Pilih folder data lain`,
  }),
  'of-a-service': {
    en: 'a running service writes it, and nothing else may. Choose another data folder',
    id: 'log ini ditulis oleh layanan, dan tidak boleh oleh yang lain. Pilih folder data lain',
  },
  'of-a-command': ({ writer }: { readonly writer: string }) => ({
    en: `the ${writer} command writes it, and nothing else may. Choose another data folder`,
    id: `log ini ditulis perintah ${writer}, tidak boleh oleh yang lain. Pilih folder data lain`,
  }),
  'another-key': ({ vkey, origin }: Origin & { readonly vkey: string }) => ({
    en: `${origin} was made with another signing key, whose public half is ${vkey}: bring it back`,
    id: `${origin} dibuat dengan kunci tanda tangan lain (kunci publik ${vkey}): kembalikan`,
  }),
  'no-signing-key': ({ path }: Path) => ({
    en:
      `its signing key is not at ${path}: give its folder with --keys, or the key in ` +
      'JEJAK_SIGNING_KEY_FILE. A new key can not sign an old log',
    id:
      `kunci tanda tangannya tidak ada di ${path}: sebutkan foldernya dengan --keys, atau ` +
      'kuncinya lewat JEJAK_SIGNING_KEY_FILE. Kunci baru tidak dapat menandatangani log lama',
  }),
  'no-key-of-service': ({
    from,
    service,
  }: {
    readonly from: string
    readonly service: string
  }) => ({
    en: `${from} has no key for the log of ${service}: its name must end /${service}`,
    id: `${from} tidak memuat kunci untuk log ${service}: namanya harus berakhiran /${service}`,
  }),
  'not-a-signing-key': ({ from, why }: Why & { readonly from: string }) => ({
    en: `${from} does not have a signing key (${why}): bring it back from a copy`,
    id: `${from} tidak memuat kunci tanda tangan (${why}): kembalikan dari salinannya`,
  }),
  'signed-elsewhere': ({ path }: Path) => ({
    en: `another process signs it: it holds ${path}. End that one first`,
    id: `proses lain menandatanganinya dan memegang ${path}. Akhiri dahulu`,
  }),
} as const satisfies Texts

/** What the machine does not give. */
const ofMachine = {
  'disk-full': ({ path }: Path) => ({
    en: `the disk of ${path} is full: make room, and start again. Nothing is lost`,
    id: `disk untuk ${path} penuh: kosongkan sebagian, lalu mulai lagi. Tidak ada yang hilang`,
  }),
  'not-writable': ({ path, why }: Path & Why) => ({
    en:
      `${path} can't be read and written (${why}): give the folder and its files to the user who ` +
      'runs Jejak, on a disk that is not read-only',
    id:
      `${path} tidak dapat dibaca dan ditulis (${why}): berikan folder dan berkasnya kepada ` +
      'pengguna yang menjalankan Jejak, di disk yang tidak hanya-baca',
  }),
  'folder-in-the-way': ({ path }: Path) => ({
    en: `${path} is a folder, and must be a file: move the folder away`,
    id: `${path} adalah folder, padahal harus berupa berkas: pindahkan folder itu`,
  }),
  'file-in-the-way': ({ path }: Path) => ({
    en: `${path} must be in a folder, and there is a file in its place: move that file away`,
    id: `${path} harus di dalam folder, tetapi di tempatnya ada berkas: pindahkan berkas itu`,
  }),
  'too-many-open': ({ path }: Path) => ({
    en: `${path} can't be opened, for too many files are open: allow more (ulimit -n)`,
    id: `${path} tidak dapat dibuka karena terlalu banyak berkas terbuka: naikkan ulimit -n`,
  }),
  'disk-fails': ({ path, why }: Path & Why) => ({
    en: `the disk of ${path} fails (${why}): look to the disk before you start again`,
    id: `disk untuk ${path} gagal (${why}): periksa disknya sebelum memulai lagi`,
  }),
  'not-a-database': ({ path }: Path) => ({
    en:
      `${path} is no SQLite database: something else was written over it. Keep it, bring the log ` +
      `back from a backup, and see ${damage}`,
    id:
      `${path} bukan basis data SQLite: isinya ditimpa sesuatu yang lain. Simpan berkas itu, ` +
      `pulihkan log dari cadangan, dan baca ${damage}`,
  }),
  'not-a-lock': ({ path }: Path) => ({
    en: `${path} is no lock: remove it, for nothing is kept in it`,
    id: `${path} bukan berkas kunci proses: hapus, karena tidak ada yang disimpan di dalamnya`,
  }),
  busy: ({ path }: Path) => ({
    en: `another process keeps ${path} busy: end what reads or writes it, and start again`,
    id: `proses lain sedang memakai ${path}: akhiri dahulu, lalu mulai lagi`,
  }),
} as const satisfies Texts

type Count = { readonly service: string; readonly done: number; readonly total: number }

const verifying =
  (why: Text) =>
  ({ service }: Pick<Count, 'service'>) => ({
    en: `verifying all of the log of ${service} before it is used, for ${why.en}`,
    id: `memeriksa seluruh log ${service} sebelum dipakai, karena ${why.id}`,
  })

/** A whole log is verified before it is opened. */
const ofVerification = {
  'verify-no-macs': verifying({ en: 'it has no key for MACs yet', id: 'kunci MAC-nya belum ada' }),
  'verify-given-head': verifying({ en: 'a head was given', id: 'ada kepala yang diberikan' }),
  'verify-damaged': verifying({
    en: 'it was found damaged before',
    id: 'sebelumnya ditemukan rusak',
  }),
  'verify-goes-on': ({ service, done, total }: Count) => ({
    en: `verifying the log of ${service}: ${done} of ${total} events`,
    id: `memeriksa log ${service}: ${done} dari ${total} peristiwa`,
  }),
  'verify-ends': ({ service, total }: Omit<Count, 'done'>) => ({
    en: `verified ${total} events of the log of ${service}: it goes on`,
    id: `${total} peristiwa log ${service} terverifikasi: log dilanjutkan`,
  }),
} as const satisfies Texts

/** What can be wrong with a log at its start and while it is used, and what to do. */
export const logFaults = {
  ...ofAnyLog,
  ...ofHeads,
  ...ofMacs,
  ...ofSecrets,
  ...ofIdentity,
  ...ofMachine,
  ...ofVerification,
} as const satisfies Texts

export const logFault = (filled: Filled<typeof logFaults>, language?: Language): string =>
  wording(logFaults, filled, language)
