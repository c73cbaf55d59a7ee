import {
  type CompetencyDictionary,
  type CompetencyKind,
  type CompetencyName,
  competenciesMax,
  competencyKinds,
} from '@jejak/competency/dictionary'
import { codeLengthMax } from '@jejak/events/patterns'
import { codesOf, slugOf } from './case-codes.ts'
import {
  ancestorsOf,
  type Item,
  itemsMax,
  itemTreeOf,
  type Tree,
  underneath,
} from './case-items.ts'
import { levelsIn } from './case-levels.ts'
import {
  type Dropped,
  drop,
  dropOthers,
  type Findings,
  idOf,
  isObject,
  type JsonObject,
  lastingTextIn,
  objectsOf,
  shortened,
} from './case-read.ts'
import type { ParsedFile } from './dictionary-file.ts'
import type { Equivalent, Retirement } from './equivalents.ts'

/** What a package does not say of a dictionary, or says otherwise than it is wanted. */
export type HeaderOptions = {
  readonly id?: string
  readonly title?: string
  readonly legalBasis?: string
  readonly validFrom?: string
  readonly sample?: boolean
  readonly series?: string
  readonly version?: string
  readonly replaces?: string
}

type CaseOptions = HeaderOptions & {
  /** The kind of an item whose type says none. */
  readonly kind?: CompetencyKind
  /** Only what is under the item with this identifier. */
  readonly under?: string
  /** Competencies of other dictionaries, by the identifiers that they were imported with. */
  readonly elsewhere?: ReadonlyMap<string, CompetencyName>
}

export type ImportedDictionary = {
  readonly dictionary: CompetencyDictionary
  readonly retirements: readonly Omit<Retirement, 'eventId'>[]
  readonly equivalents: readonly Omit<Equivalent, 'eventId'>[]
  readonly dropped: readonly Dropped[]
}

/** As many bytes as a package may have. */
export const caseBytesMax = 16 * 1024 * 1024

/**
 * A dictionary of a package of CASE 1.0 or 1.1 (1EdTech), tolerantly: what it has no place for is
 * dropped and named. Items that have none under them are its competencies; the titles of those
 * above are their group. Any text is answered: with faults, if no dictionary can be made of it.
 */
export const importCase = (
  source: string,
  options: CaseOptions = {},
): ParsedFile<ImportedDictionary> => {
  const bytes = Buffer.byteLength(source)
  if (bytes > caseBytesMax) {
    const fault = { key: 'file-bytes', values: { bytes, most: caseBytesMax } } as const
    return { faults: [{ path: '', fault }] }
  }
  try {
    const content: unknown = JSON.parse(source.replace(/^\uFEFF/, ''))
    return isPackage(content)
      ? dictionaryOf(contentIn(content), options)
      : { faults: [{ path: '', fault: 'not-case' }] }
  } catch (error) {
    // Whatever is no JSON ends here; the rest throws nothing.
    if (!(error instanceof SyntaxError)) throw error
    const values = { why: error.message.slice(0, 200) }
    return { faults: [{ path: '', fault: { key: 'not-json', values } }] }
  }
}

/** Some servers answer with the package alone, and some with an envelope around it. */
const contentIn = (content: JsonObject): JsonObject =>
  isObject(content['CFPackage']) ? content['CFPackage'] : content

/** Whether a JSON value is a package of CASE, by what it must have. */
export const isPackage = (value: unknown): value is JsonObject => {
  if (!isObject(value)) return false
  const content = contentIn(value)
  return isObject(content['CFDocument']) && Array.isArray(content['CFItems'])
}

const keptOfPackage = ['CFDocument', 'CFItems', 'CFAssociations', 'CFDefinitions', 'CFRubrics']

const dictionaryOf = (
  content: JsonObject,
  options: CaseOptions,
): ParsedFile<ImportedDictionary> => {
  const findings: Findings = { dropped: [], faults: [] }
  const count = (content['CFItems'] as readonly unknown[]).length
  if (count > itemsMax) {
    const values = { count, most: itemsMax }
    return { faults: [{ path: 'CFItems', fault: { key: 'too-many-items', values } }] }
  }
  dropOthers(content, keptOfPackage, { path: '' }, findings)
  dropDefinitions(content, findings)
  const document = content['CFDocument'] as JsonObject
  const tree = itemTreeOf(content, idOf(document), findings)
  const chosen = chosenOf(tree, options.under, findings)
  if ('faults' in chosen) return chosen
  const codes = codesOf(chosen.items)
  const { scale, byItem } = levelsIn(content, new Set(codes.keys()), findings)
  const competencies = chosen.items.map(item => {
    const levels = byItem.get(item.identifier)
    const group = groupOf(tree, item, findings)
    return {
      code: codes.get(item.identifier) ?? '',
      title: item.title,
      kind: kindOf(item, options.kind),
      ...(item.description && { description: item.description }),
      ...(group && { group }),
      ...(levels && { levels }),
      ...(item.identifier.length <= 200 && { identifier: item.identifier }),
    }
  })
  const header = headerOf(document, options, findings)
  const said = saidOf(tree, codes, { ...header, elsewhere: options.elsewhere }, findings)
  if (findings.faults.length > 0) return { faults: findings.faults.slice(0, 100) }
  return { dictionary: { ...header, scale, competencies }, ...said, dropped: findings.dropped }
}

const dropDefinitions = (content: JsonObject, findings: Findings): void => {
  const definitions = content['CFDefinitions']
  if (definitions === undefined || definitions === null) return
  const place = { path: 'CFDefinitions' }
  if (!isObject(definitions)) {
    drop(findings, place, 'wrong-type')
    return
  }
  for (const name of Object.keys(definitions)) {
    if (!Array.isArray(definitions[name]))
      dropOthers({ [name]: definitions[name] }, [], place, findings)
    else {
      const all = objectsOf(definitions, name, place, findings, itemsMax)
      for (const [, at] of all) drop(findings, at, 'not-kept')
    }
  }
}

/** The items that become competencies: those in the part that is wanted, with none under them. */
const chosenOf = (
  tree: Tree,
  under: string | undefined,
  findings: Findings,
): ParsedFile<{ readonly items: readonly Item[] }> => {
  if (under !== undefined && !tree.items.has(under)) {
    const fault = { key: 'unknown-root', values: { identifier: under.slice(0, 200) } } as const
    return { faults: [{ path: 'CFItems', fault }] }
  }
  const inside = under === undefined ? undefined : underneath(tree, under)
  const groups = new Set(tree.parents.values())
  const items: Item[] = []
  for (const [identifier, item] of tree.items) {
    const { path } = item
    if (inside && !inside.has(identifier)) drop(findings, { path, identifier }, 'outside')
    else if (groups.has(identifier)) drop(findings, { path, identifier }, 'group-alone')
    else items.push(item)
  }
  if (items.length === 0) return { faults: [{ path: 'CFItems', fault: 'no-competencies' }] }
  if (items.length > competenciesMax) {
    const values = { count: items.length, most: competenciesMax }
    return { faults: [{ path: 'CFItems', fault: { key: 'too-many-competencies', values } }] }
  }
  return { items }
}

const groupMax = 200

/** From the top: `Keperawatan / Gawat Darurat`; the nearest alone if that is too long. */
const groupOf = (tree: Tree, item: Item, findings: Findings): string | undefined => {
  const titles = ancestorsOf(tree, item.identifier).map(({ title }) => title)
  const whole = titles.toReversed().join(' / ')
  if (whole.length <= groupMax) return whole || undefined
  const { path, identifier } = item
  drop(findings, { path, identifier }, { key: 'cut', values: { most: groupMax } })
  return shortened(titles[0] ?? '', groupMax)
}

const kindOf = ({ type = '' }: Item, usual: CompetencyKind = 'teknis'): CompetencyKind =>
  competencyKinds.find(kind => kind === slugOf(type) && kind !== 'perilaku') ?? usual

const keptOfDocument = [
  'identifier',
  'title',
  'description',
  'version',
  'creator',
  'statusStartDate',
]

const headerOf = (document: JsonObject, options: CaseOptions, findings: Findings) => {
  const place = { path: 'CFDocument' }
  dropOthers(document, keptOfDocument, place, findings)
  const read = (name: string, most: number) => lastingTextIn(document, name, most, place, findings)
  const title = read('title', 200) ?? ''
  const creator = read('creator', 400)
  const description = read('description', 2000)
  const version = options.version ?? read('version', 50)
  const start = read('statusStartDate', 50)?.slice(0, 10)
  const frameworkId = options.id ?? slugOf(title).slice(0, codeLengthMax).replace(/-$/, '')
  return {
    frameworkId,
    title: options.title ?? title,
    legalBasis: options.legalBasis ?? `CASE: ${creator ?? title}`,
    certainty: 'second-hand' as const,
    validFrom: options.validFrom ?? start ?? '',
    sample: options.sample ?? false,
    series: options.series ?? frameworkId,
    ...(description && { description }),
    ...(version && { version }),
    ...(options.replaces && { replaces: options.replaces }),
  }
}

type Where = {
  readonly frameworkId: string
  readonly validFrom: string
  readonly elsewhere: CaseOptions['elsewhere']
}

/** What becomes of associations that are not of the tree, and of items whose status has ended. */
const saidOf = (
  { items, others }: Tree,
  codes: ReadonlyMap<string, string>,
  { frameworkId, validFrom, elsewhere }: Where,
  findings: Findings,
) => {
  const retirements = new Map<string, Omit<Retirement, 'eventId'>>()
  const equivalents = new Map<string, Omit<Equivalent, 'eventId'>>()
  for (const [identifier, competency] of codes) {
    const since = items.get(identifier)?.statusEnd?.slice(0, 10)
    if (since) retirements.set(competency, { competency, since, reason: 'CASE: statusEndDate' })
  }
  for (const { place, type, from, to } of others) {
    const competency = codes.get(from)
    const own = codes.get(to)
    const other =
      own === undefined ? elsewhere?.get(to) : { framework: frameworkId, competency: own }
    if (type !== 'replacedBy' && type !== 'exactMatchOf') drop(findings, place, 'no-counterpart')
    else if (competency === undefined || (items.has(to) && own === undefined)) {
      drop(findings, place, 'of-a-group')
    } else if (other === undefined) drop(findings, place, 'unknown-node')
    else if (own === competency) drop(findings, place, 'cycle')
    else if (type === 'replacedBy') {
      const since = retirements.get(competency)?.since ?? validFrom
      const reason = `CASE: ${type}`
      retirements.set(competency, { competency, since, reason, successor: other })
    } else if (own !== undefined) drop(findings, place, 'same-dictionary')
    else {
      const key = `${competency} ${other.framework}/${other.competency}`
      equivalents.set(key, { competency, relation: 'same', other, reason: `CASE: ${type}` })
    }
  }
  return { retirements: [...retirements.values()], equivalents: [...equivalents.values()] }
}
