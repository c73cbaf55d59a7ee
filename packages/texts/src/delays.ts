import type { Text } from './text.ts'

/** How many events of a service's log are verified, of how many. */
type Unverified = { readonly log: string; readonly verified: number; readonly size: number }

/** Why a request that is right may go through later: mostly the texts of the reason TRY_LATER. */
export const delays = {
  notStored: (why: string): Text => ({
    en: `nothing was stored: ${why}`,
    id: `tidak ada yang tersimpan: ${why}`,
  }),
  maybeStored: {
    en: 'it may or may not be stored: send it again with the same request_id',
    id: 'mungkin sudah tersimpan, mungkin belum: kirim lagi dengan request_id yang sama',
  },
  maybeDone: {
    en: 'it may or may not be done: send it again with the same request_id',
    id: 'mungkin sudah dilakukan, mungkin belum: kirim lagi dengan request_id yang sama',
  },
  deadlinePassed: { en: 'the deadline has passed', id: 'batas waktu permintaan sudah lewat' },
  callerGone: { en: 'the caller has gone', id: 'pemanggil sudah memutus sambungan' },
  stopping: { en: 'the server is stopping', id: 'server sedang berhenti' },
  directoryAway: { en: 'enrollment does not answer', id: 'layanan enrollment tidak menjawab' },
  reportsBehind: {
    en: 'reports are behind the logs',
    id: 'laporan masih tertinggal dari log',
  },
  /** Normal for a while after a start. */
  logUnverified: ({ log, verified, size }: Unverified): Text => ({
    en: `the log of ${log} is still being verified: ${verified} of ${size} events`,
    id: `log ${log} masih diverifikasi: ${verified} dari ${size} peristiwa`,
  }),
  personNotYetHere: {
    en: 'the civil servant is registered, and not known here yet',
    id: 'pegawai ini sudah terdaftar, dan belum dikenal di sini',
  },
} as const satisfies Readonly<Record<string, Text | ((values: never) => Text)>>
