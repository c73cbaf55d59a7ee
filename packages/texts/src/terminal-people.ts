// tidy: texts of the terminal, of one subject
import type { Texts } from './text.ts'

type Id = { readonly id: string }

/** What commands about people and agencies print. */
export const peopleTexts = {
  erased: ({ id }: Id) => ({ en: `${id} is erased`, id: `data ${id} dihapus` }),
  'erased-before': ({ id }: Id) => ({
    en: `${id} was erased before`,
    id: `data ${id} sudah dihapus sebelumnya`,
  }),
  'agency-recorded': ({ agency }: { readonly agency: string }) => ({
    en: `${agency} is recorded`,
    id: `${agency} sudah dicatat`,
  }),
  'agency-closed': ({ day, successor }: { readonly day: string; readonly successor: string }) => ({
    en: successor ? `merged into ${successor} on ${day}` : `closed on ${day}`,
    id: successor ? `digabung ke ${successor} pada ${day}` : `dihapus pada ${day}`,
  }),
  'archive-recorded': ({ code }: { readonly code: string }) => ({
    en: `the archive ${code} is recorded`,
    id: `arsip ${code} sudah dicatat`,
  }),
  'archive-until': ({ day }: { readonly day: string }) => ({
    en: `until ${day}`,
    id: `sampai ${day}`,
  }),
  'has-certificate': ({ id }: Id) => ({
    en: `it has the certificate ${id}`,
    id: `sertifikatnya sudah terbit: ${id}`,
  }),
  'no-certificate': { en: 'There is no certificate yet:', id: 'Sertifikat belum terbit:' },
  'not-an-asn-id': ({ id }: Id) => ({
    en: `${id} is not the id of a civil servant, as the logs have it`,
    id: `${id} bukan id ASN seperti yang ada di log`,
  }),
  'receipt-needs-entry': {
    en: '--receipt and --entry go together: the proof and what it proves',
    id: '--receipt dan --entry harus bersama: bukti dan apa yang dibuktikannya',
  },
} as const satisfies Texts
