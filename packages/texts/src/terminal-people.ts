// tidy: texts of the terminal, of one subject
import type { Texts } from './text.ts'

type Id = { readonly id: string }
type Merge = { readonly duplicateId: string; readonly survivorId: string }
type Posted = { readonly asnId: string; readonly agency: string; readonly since: string }

type Made = Id & {
  readonly competencies: number
  readonly described: number
  readonly retirements: number
  readonly equivalents: number
}

const countsOf = ({ competencies, described, retirements, equivalents }: Made) => ({
  en:
    `${competencies} competencies, ${described} with levels, ` +
    `${retirements} retired, ${equivalents} equivalents`,
  id:
    `${competencies} kompetensi, ${described} bertingkat, ` +
    `${retirements} dicabut, ${equivalents} kesetaraan`,
})

/** What commands about people and agencies print. */
export const peopleTexts = {
  erased: ({ id }: Id) => ({ en: `${id} is erased`, id: `data ${id} dihapus` }),
  'erased-before': ({ id }: Id) => ({
    en: `${id} was erased before`,
    id: `data ${id} sudah dihapus sebelumnya`,
  }),
  'rules-right': ({ id, day }: { readonly id: string; readonly day: string }) => ({
    en: `${id} is right: it can hold from ${day} on`,
    id: `${id} benar: dapat berlaku sejak ${day}`,
  }),
  'rules-adopted': ({ id, day }: { readonly id: string; readonly day: string }) => ({
    en: `${id} is adopted: it holds from ${day} on`,
    id: `${id} ditetapkan: berlaku sejak ${day}`,
  }),
  'rules-preview': ({
    people,
    changed,
    day,
  }: Readonly<Record<'people' | 'changed', number>> & { readonly day: string }) => ({
    en: `${changed} of ${people} people would have other figures on ${day}`,
    id: `${changed} dari ${people} orang akan berubah angkanya pada ${day}`,
  }),
  'rules-change': ({ people, what }: { readonly people: number; readonly what: string }) => ({
    en: `${people} people: ${what}`,
    id: `${people} orang: ${what}`,
  }),
  'rules-left-out': ({ people }: { readonly people: number }) => ({
    en: `${people} more who change are not listed: give --agency`,
    id: `${people} lagi yang berubah tidak ditampilkan: pakai --agency`,
  }),
  'rules-wrong': ({ path, problems }: { readonly path: string; readonly problems: number }) => ({
    en: `${path}: ${problems} to put right, and nothing was adopted`,
    id: `${path}: ${problems} harus diperbaiki, dan tidak ada yang ditetapkan`,
  }),
  'rule-in-force': { en: 'holds today', id: 'berlaku hari ini' },
  'agency-recorded': ({ agency }: { readonly agency: string }) => ({
    en: `${agency} is recorded`,
    id: `${agency} sudah dicatat`,
  }),
  'agency-closed': ({ day, successor }: { readonly day: string; readonly successor: string }) => ({
    en: successor ? `merged into ${successor} on ${day}` : `closed on ${day}`,
    id: successor ? `digabung ke ${successor} pada ${day}` : `dihapus pada ${day}`,
  }),
  'assessor-recorded': ({ id }: { readonly id: string }) => ({
    en: `assessor ${id} is recorded`,
    id: `asesor ${id} sudah dicatat`,
  }),
  'no-assessors': { en: 'there is no assessor', id: 'tidak ada asesor' },
  'competency-recorded': ({ id, competency }: Id & { readonly competency: string }) => ({
    en: `${competency} of ${id} is recorded`,
    id: `${competency} dari ${id} sudah dicatat`,
  }),
  'competency-retired': ({ day }: { readonly day: string }) => ({
    en: `not rated any more from ${day} on`,
    id: `tidak dinilai lagi mulai ${day}`,
  }),
  'framework-imported': (made: Made) => ({
    en: `${made.id} is published: ${countsOf(made).en}`,
    id: `${made.id} terbit: ${countsOf(made).id}`,
  }),
  'framework-checked': (made: Made) => ({
    en: `${made.id} could be published: ${countsOf(made).en}`,
    id: `${made.id} dapat diterbitkan: ${countsOf(made).id}`,
  }),
  'framework-dropped': ({ count }: { readonly count: number }) => ({
    en: `${count} parts of the file are not in it:`,
    id: `${count} bagian berkas tidak dimuat:`,
  }),
  'archive-recorded': ({ code }: { readonly code: string }) => ({
    en: `the archive ${code} is recorded`,
    id: `arsip ${code} sudah dicatat`,
  }),
  'archive-until': ({ day }: { readonly day: string }) => ({
    en: `until ${day}`,
    id: `sampai ${day}`,
  }),
  'claim-filed': ({ id }: Id) => ({
    en: `claim ${id} is filed: HR decides`,
    id: `klaim ${id} sudah diajukan: BKPSDM yang memutuskan`,
  }),
  'claim-upheld': ({ id }: Id) => ({
    en: `claim ${id} is upheld: the person is posted with the claimant`,
    id: `klaim ${id} diterima: pegawai ditempatkan pada pengaju`,
  }),
  'claim-dismissed': ({ id }: Id) => ({
    en: `claim ${id} is dismissed`,
    id: `klaim ${id} ditolak`,
  }),
  'no-claims': { en: 'there is no claim', id: 'tidak ada klaim' },
  'learning-recorded': ({ id }: Id) => ({
    en: `learning ${id} is recorded`,
    id: `pembelajaran ${id} sudah dicatat`,
  }),
  'learning-revoked': ({ id, since }: Id & { readonly since: string }) => ({
    en: `learning ${id} does not count from ${since} on`,
    id: `pembelajaran ${id} tidak dihitung mulai ${since}`,
  }),
  'no-learning': { en: 'nothing is recorded', id: 'belum ada yang dicatat' },
  'revoked-since': ({ since, reason }: { readonly since: string; readonly reason: string }) => ({
    en: `revoked since ${since}: ${reason}`,
    id: `dicabut sejak ${since}: ${reason}`,
  }),
  'not-learning': ({ why }: { readonly why: string }) => ({
    en: `the file is no JSON as the help of this command has it: ${why}`,
    id: `berkas bukan JSON seperti dalam bantuan perintah ini: ${why}`,
  }),
  'records-merged': ({ duplicateId, survivorId }: Merge) => ({
    en: `${duplicateId} is merged into ${survivorId}`,
    id: `${duplicateId} digabungkan ke ${survivorId}`,
  }),
  'merged-before': ({ duplicateId, survivorId }: Merge) => ({
    en: `${duplicateId} was merged into ${survivorId} before`,
    id: `${duplicateId} sudah digabungkan ke ${survivorId} sebelumnya`,
  }),
  'employee-posted': ({ asnId, agency, since }: Posted) => ({
    en: `${asnId} is posted with ${agency} from ${since} on`,
    id: `${asnId} ditempatkan pada ${agency} mulai ${since}`,
  }),
  'posted-before': ({ asnId, agency, since }: Posted) => ({
    en: `${asnId} was posted with ${agency} from ${since} on before`,
    id: `${asnId} memang sudah ditempatkan pada ${agency} mulai ${since}`,
  }),
  'nip-changed': ({ id, since }: Id & { readonly since: string }) => ({
    en: `${id} has the new NIP from ${since} on; the former one still finds the person`,
    id: `${id} memakai NIP baru mulai ${since}; NIP lama tetap menunjuk ke orang ini`,
  }),
  'nip-changed-before': ({ id, since }: Id & { readonly since: string }) => ({
    en: `${id} had this NIP on ${since} already`,
    id: `${id} memang sudah memakai NIP ini pada ${since}`,
  }),
  'nip-typed': {
    en: 'a NIP is not typed behind the command, for a shell keeps it: leave it out, and be asked',
    id: 'NIP tidak diketik di belakang perintah, sebab shell menyimpannya: nanti ditanyakan',
  },
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
