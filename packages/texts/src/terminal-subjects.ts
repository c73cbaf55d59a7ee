// tidy: a table of texts, as terminal-log.ts
import type { Texts } from './text.ts'

type Id = { readonly id: string }
type Due = Id & { readonly dueAt: string }
type Line = Id & {
  readonly kind: string
  readonly asnId: string
  readonly status: string
  readonly hours: number
}

const hoursOf = ({ status, hours }: Line) => {
  if (status !== 'open') return { en: status, id: status }
  return hours < 0
    ? { en: `OVERDUE by ${-hours} h`, id: `TERLAMBAT ${-hours} jam` }
    : { en: `${hours} h left`, id: `sisa ${hours} jam` }
}

type Contest = Id & {
  readonly asnId: string
  readonly agency: string
  readonly dueOn: string
  readonly days: number
}

const daysOf = ({ dueOn, days }: Contest) => {
  if (dueOn === '') return { en: 'no last day', id: 'tanpa tenggat' }
  return days < 0
    ? { en: `OVERDUE by ${-days} days`, id: `TERLAMBAT ${-days} hari` }
    : { en: `${days} days left`, id: `sisa ${days} hari` }
}

/** What the commands for the rights and the contests of a person print. */
export const subjectTexts = {
  'request-filed': ({ id, dueAt }: Due) => ({
    en: `request ${id}: to be answered by ${dueAt}`,
    id: `permintaan ${id}: harus dijawab sampai ${dueAt}`,
  }),
  'request-answered': ({ id }: Id) => ({
    en: `request ${id} is answered`,
    id: `permintaan ${id} sudah dijawab`,
  }),
  'no-requests': { en: 'no request is open', id: 'tidak ada permintaan yang terbuka' },
  'request-line': (line: Line) => {
    const { en, id } = hoursOf(line)
    const what = `${line.id}  ${line.kind}  ${line.asnId}`
    return { en: `${en}  ${what}`, id: `${id}  ${what}` }
  },
  'no-contests': { en: 'no contest is open', id: 'tidak ada keberatan yang terbuka' },
  'contest-line': (contest: Contest) => {
    const { en, id } = daysOf(contest)
    const what = [contest.dueOn, contest.id, contest.asnId, contest.agency].join('  ')
    return { en: `${en}  ${what}`, id: `${id}  ${what}` }
  },
  'contest-filed': ({ id, dueOn }: Id & { readonly dueOn: string }) => ({
    en: `contest ${id}${dueOn && `: to be decided by ${dueOn}`}`,
    id: `keberatan ${id}${dueOn && `: harus diputuskan sampai ${dueOn}`}`,
  }),
  'late-allowed': ({ id, until }: Id & { readonly until: string }) => ({
    en: `the assessment ${id} can be contested until ${until}`,
    id: `keberatan atas asesmen ${id} dapat diajukan sampai ${until}`,
  }),
  'contest-resolved': ({ id }: Id) => ({
    en: `the contest ${id} is decided`,
    id: `keberatan ${id} sudah diputuskan`,
  }),
  'data-corrected': ({ id }: Id) => ({
    en: `the data of ${id} is corrected`,
    id: `data ${id} sudah diperbaiki`,
  }),
  'corrected-before': ({ id }: Id) => ({
    en: `the data of ${id} was so already`,
    id: `data ${id} memang sudah demikian`,
  }),
  'look-at': ({ warning }: { readonly warning: string }) => ({
    en: `look at ${warning}`,
    id: `periksa ${warning}`,
  }),
  'not-text-fields': ({ known }: { readonly known: readonly string[] }) => ({
    en: `it must be a JSON object of texts, with some of ${known.join(', ')}`,
    id: `harus berupa objek JSON berisi teks, dengan sebagian dari ${known.join(', ')}`,
  }),
  'copy-written': ({ path, events }: { readonly path: string; readonly events: number }) => ({
    en: `${path}: all that is held of the person, ${events} events`,
    id: `${path}: semua data orang itu, ${events} peristiwa`,
  }),
} as const satisfies Texts
