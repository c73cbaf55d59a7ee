import { type Fact, type FactOf, factOf, logNames, named } from '@jejak/history/fact'
import type { Reference } from '@jejak/history/reference'
import { base64 } from '@jejak/history/rests-on'
import { undeserved } from '@jejak/history/undeserved'
import { type AuditText, auditText } from '@jejak/texts/audit'
import { leafHash } from '@jejak/transparency/hash'
import { type AuditedLog, type AuditFinding, entryAt } from './exported-logs.ts'
import type { FoundEvent } from './gather.ts'
import { treeOf } from './proof.ts'

type Certificate = FactOf<'CertificateIssued'>

/**
 * Whether each certificate was deserved by what it rests on, and whether the logs are still those
 * that it rests on. Nothing is said of any if a log is not there.
 */
export const checkCertificates = async (
  logs: readonly AuditedLog[],
  found: readonly FoundEvent[],
  reference: Reference,
): Promise<readonly AuditFinding[]> => {
  if (!logNames.every(name => logs.some(({ service }) => service === name))) return []
  const facts = found.map(({ fact }) => fact)
  const findings: AuditFinding[] = []
  for (const certificate of named(facts, 'CertificateIssued')) {
    const foundations = await checkFoundations(logs, certificate)
    findings.push(...foundations)
    // What an older export lacks is not missing.
    if (foundations.some(({ problem }) => problem === 'Undecided')) continue
    const isAtSameTime = await hasTimeOfBefore(logs, certificate)
    const hashes = new Map(found.map(({ fact, entry }) => [fact, entry]))
    const doubts = undeserved(certificate, facts, reference, {
      hashOf: fact => base64(leafHash(hashes.get(fact) ?? new Uint8Array())),
      hasTimeOfBefore: () => isAtSameTime,
    })
    for (const { problem, why } of doubts) findings.push(finding(problem, why, certificate))
  }
  return findings
}

const finding = (problem: string, why: string, fact: Certificate): AuditFinding => ({
  problem,
  detail: auditText({ key: 'undeserved', values: { number: fact.data.number, why } }),
  where: { service: fact.log, index: fact.position },
})

/** The heads of other logs that a certificate names. */
const checkFoundations = async (
  logs: readonly AuditedLog[],
  certificate: Certificate,
): Promise<readonly AuditFinding[]> => {
  const differing = (problem: string, text: AuditText) =>
    finding(problem, auditText(text), certificate)
  const checked = certificate.data.restsOn.map(async ({ log, size, root }) => {
    const there = logs.find(({ service }) => service === log)
    if (!there || size > there.size) {
      const values = { log, size, there: there?.size ?? 0 }
      return [differing('Undecided', { key: 'foundation-older', values })]
    }
    if (base64(await (await treeOf(there)).rootAt(size)) === root) return []
    return [differing('Rewritten', { key: 'foundation-other', values: { log, size } })]
  })
  return (await Promise.all(checked)).flat()
}

/** A log never gives an entry an earlier time than the one before, also if its clock went back. */
const hasTimeOfBefore = async (logs: readonly AuditedLog[], { log, position, time }: Fact) => {
  const there = logs.find(({ service }) => service === log)
  if (!there || position === 0) return false
  const before = await entryAt(there, position - 1)
  return before !== undefined && factOf(log, position - 1, before)?.time === time
}
