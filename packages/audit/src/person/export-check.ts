import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { postingOn } from '@jejak/competency/posting'
import type { ExportKind } from '@jejak/export/kind'
import { exportKindOf } from '@jejak/export/kinds'
import type { Manifest, ManifestHead } from '@jejak/export/manifest'
import { exportRows, type RowTexts } from '@jejak/export/read'
import { verifyExport } from '@jejak/export/verify'
import { courseOf } from '@jejak/history/certified'
import { type Fact, type FactOf, named } from '@jejak/history/fact'
import { referenceOf } from '@jejak/history/reference'
import { postingsOf } from '@jejak/history/registered'
import { LogUnusable } from '@jejak/replay/error'
import { logKey } from '@jejak/replay/heads'
import { type AuditText, auditText } from '@jejak/texts/audit'
import { openCheckpoint } from '@jejak/transparency/checkpoint'
import { VerificationError } from '@jejak/transparency/verification-error'
import type { AuditedLog, AuditFinding, GivenKey } from './exported-logs.ts'
import type { FoundEvent } from './gather.ts'
import { treeOf } from './proof.ts'

/** A row is made of a NIP: which one is not compared. */
const anyNip = '0'.repeat(18)

/** How an export differs from what the logs say of the person at the heads that it names. */
export const compareExport = async (
  directory: string,
  keys: readonly GivenKey[],
  logs: readonly AuditedLog[],
  found: readonly FoundEvent[],
): Promise<readonly AuditFinding[]> => {
  if (!existsSync(directory)) {
    const detail = auditText({ key: 'export-folder', values: { path: directory } })
    throw new LogUnusable('NoFolder', detail)
  }
  const signer = keys.find(({ vkey, file }) => basename(logKey(vkey, file).name) === 'reporting')
  const { manifest, problems } = await verifyExport(directory, { vkey: signer?.vkey })
  if (!manifest || problems.length > 0) {
    return problems.map(({ file, problem }) =>
      finding('ExportRefused', `${file} ${problem}`, directory),
    )
  }
  const heads = await Promise.all(manifest.heads.map(head => sizeIn(head, logs)))
  const unproven = heads.filter(head => typeof head !== 'number')
  if (unproven.length > 0) return unproven.map(why => finding('ExportUnproven', why, directory))
  const sizes = new Map(manifest.heads.map(({ log }, at) => [log, Number(heads[at])]))
  const facts = found.map(({ fact }) => fact)
  const known = facts.filter(({ log, position }) => position < (sizes.get(log) ?? 0))
  const issued = named(facts, 'CertificateIssued')
  const kind = exportKindOf(manifest.name)
  const numbers = new Set(issued.map(({ data }) => data.number))
  const rows = await rowsOf(directory, manifest, kind, numbers)
  return issued
    .flatMap(certificate => compareRows(certificate, { kind, manifest, facts, known, rows }))
    .map(({ problem, detail }) => finding(problem, detail, directory))
}

const finding = (problem: string, detail: string, file: string): AuditFinding => ({
  problem,
  detail,
  where: { file },
})

/** How far the log was known, where this folder of it is the same log; else why it is not. */
const sizeIn = async (
  head: ManifestHead,
  logs: readonly AuditedLog[],
): Promise<number | string> => {
  const log = logs.find(({ service }) => service === head.log)
  if (!log) return auditText({ key: 'export-unproven', values: { log: head.log } })
  try {
    const { size, root } = openCheckpoint(head.checkpoint, [log.key])
    if (size > log.size) {
      const values = { log: head.log, signed: size, there: log.size }
      return auditText({ key: 'export-shrunk', values })
    }
    if ((await (await treeOf(log)).rootAt(size)).equals(root)) return size
    return auditText({ key: 'export-rewritten', values: { log: head.log, size } })
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    return auditText({ key: 'export-head', values: { log: head.log, why: error.message } })
  }
}

type Rows = ReadonlyMap<string, readonly RowTexts[]>

/** By the number of the certificate: the person's alone are kept. */
const rowsOf = async (
  directory: string,
  { files }: Manifest,
  { audit: { certificateNumber } }: ExportKind,
  numbers: ReadonlySet<string>,
): Promise<Rows> => {
  const rows = new Map<string, RowTexts[]>()
  for (const { format, file, bytes } of files) {
    for await (const row of exportRows({ format, path: join(directory, file), bytes })) {
      const number = row[certificateNumber] ?? ''
      const same = rows.get(number) ?? []
      // That there is a second one is all that is said of more.
      if (numbers.has(number) && same.length < 2) rows.set(number, [...same, row])
    }
  }
  return rows
}

type Comparing = {
  readonly kind: ExportKind
  readonly manifest: Manifest
  readonly facts: readonly Fact[]
  /** Those that the heads of the export prove. */
  readonly known: readonly Fact[]
  readonly rows: Rows
}

const differing = (problem: string, detail: AuditText) => ({ problem, detail: auditText(detail) })

const compareRows = (
  { data }: FactOf<'CertificateIssued'>,
  { kind, manifest, facts, known, rows }: Comparing,
): readonly Pick<AuditFinding, 'problem' | 'detail'>[] => {
  const { number, asnId } = data
  const course = courseOf(known, referenceOf(known), data)
  const [row, ...more] = rows.get(number) ?? []
  const asked =
    typeof course === 'object' && isAsked(manifest.query, asnId, course.completedOn, known)
  if (!asked) {
    if (!row) return []
    const key =
      course === 'revoked' || course === 'later' || course === 'double'
        ? (`row-extra-${course}` as const)
        : 'row-extra-not-asked'
    return [differing('ExportExtra', { key, values: { number } })]
  }
  if (!row) {
    if (named(facts, 'SubjectErased').length > 0) return [] // Nobody who is erased is exported.
    return [differing('ExportMissing', { key: 'row-missing', values: { number } })]
  }
  const twice = differing('ExportTwice', { key: 'row-twice', values: { number } })
  const expected = kind.rowOf({ ...course, nip: anyNip, organizer: '' })
  return [
    ...(more.length > 0 ? [twice] : []),
    ...kind.audit.compared
      .filter(field => row[field] !== String(expected[field]))
      .map(field => {
        const values = { number, field, there: row[field], expected: expected[field] }
        return differing('ExportDiffers', { key: 'row-differs', values })
      }),
  ]
}

/** Whether the export is of it: by the year, and by where the person served that day. */
const isAsked = (
  { unit, year }: Manifest['query'],
  asnId: string,
  completedOn: string,
  known: readonly Fact[],
): boolean => {
  if (year !== undefined && completedOn.slice(0, 4) !== String(year)) return false
  if (unit === undefined) return true
  return postingOn(postingsOf(known, asnId), completedOn)?.agency === unit
}
