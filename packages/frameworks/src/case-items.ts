import {
  type CasePlace,
  cleaned,
  drop,
  dropOthers,
  type Findings,
  type JsonObject,
  lastingTextIn,
  linkedBy,
  objectsOf,
  shortened,
} from './case-read.ts'

export const itemsMax = 20_000
const associationsMax = 100_000
/** A way up is followed no further: deeper trees than this are not of competencies. */
const depthMax = 32

/** An item of a package, with what a dictionary can have of it. */
export type Item = CasePlace & {
  readonly identifier: string
  readonly title: string
  readonly description?: string
  readonly scheme?: string
  readonly type?: string
  readonly statusEnd?: string
}

/** Says something of two items, of which the second may be elsewhere. */
export type Association = {
  readonly place: CasePlace
  readonly type: string
  readonly from: string
  readonly to: string
}

export type Tree = {
  readonly items: ReadonlyMap<string, Item>
  readonly parents: ReadonlyMap<string, string>
  /** Those that are not of the tree. */
  readonly others: readonly Association[]
}

const keptOfItem = [
  'identifier',
  'fullStatement',
  'abbreviatedStatement',
  'humanCodingScheme',
  'CFItemType',
  'statusEndDate',
]

export const itemsIn = (content: JsonObject, findings: Findings): ReadonlyMap<string, Item> => {
  const items = new Map<string, Item>()
  for (const [sent, place] of objectsOf(content, 'CFItems', { path: '' }, findings, itemsMax)) {
    const { identifier } = place
    if (identifier === undefined) drop(findings, place, 'no-identifier')
    else if (items.has(identifier)) drop(findings, place, 'twice')
    else {
      const item = itemOf(sent, { ...place, identifier }, findings)
      if (item) items.set(identifier, item)
    }
  }
  return items
}

const titleMax = 200

const itemOf = (
  sent: JsonObject,
  place: CasePlace & { readonly identifier: string },
  findings: Findings,
): Item | undefined => {
  const read = (name: string, most: number) => lastingTextIn(sent, name, most, place, findings)
  const statement = read('fullStatement', 2000)
  const short = read('abbreviatedStatement', titleMax)
  const text = short ?? statement
  if (text === undefined) {
    drop(findings, place, 'no-statement')
    return undefined
  }
  dropOthers(sent, keptOfItem, place, findings)
  const title = shortened(text, titleMax)
  const optional = {
    description: statement === title ? undefined : statement,
    scheme: read('humanCodingScheme', 200),
    type: read('CFItemType', 200),
    statusEnd: read('statusEndDate', 50),
  }
  const present = Object.entries(optional).filter(([, value]) => value !== undefined)
  return { ...place, title, ...Object.fromEntries(present) }
}

const keptOfAssociation = [
  'identifier',
  'associationType',
  'originNodeURI',
  'destinationNodeURI',
  // How it is called, and in which document it stands, follows from what is kept.
  'uri',
  'CFDocumentURI',
  'lastChangeDateTime',
]

/** Which item is under which, and what else is said of two. */
export const itemTreeOf = (
  content: JsonObject,
  documentId: string | undefined,
  findings: Findings,
): Tree => {
  const items = itemsIn(content, findings)
  const parents = new Map<string, string>()
  const others: Association[] = []
  const sent = objectsOf(content, 'CFAssociations', { path: '' }, findings, associationsMax)
  for (const [each, place] of sent) {
    const from = linkedBy(each, 'originNodeURI')
    const to = linkedBy(each, 'destinationNodeURI')
    const type = cleaned(String(each['associationType'] ?? '')).slice(0, 100)
    dropOthers(each, keptOfAssociation, place, findings)
    if (from === undefined || to === undefined || !items.has(from)) {
      drop(findings, place, 'unknown-node')
    } else if (type !== 'isChildOf') others.push({ place, type, from, to })
    else if (to !== documentId) {
      const wrong = items.has(to) ? wrongParent(parents, from, to) : 'unknown-node'
      if (wrong) drop(findings, place, wrong)
      else parents.set(from, to)
    }
  }
  return { items, parents, others }
}

const wrongParent = (parents: ReadonlyMap<string, string>, child: string, parent: string) => {
  if (parents.has(child)) return 'second-parent'
  let above: string | undefined = parent
  for (let depth = 0; above !== undefined; depth++) {
    if (above === child) return 'cycle'
    if (depth === depthMax) return 'too-deep'
    above = parents.get(above)
  }
  return undefined
}

/** The items above one, from the nearest on. */
export const ancestorsOf = ({ items, parents }: Tree, identifier: string): readonly Item[] => {
  const found: Item[] = []
  let above = parents.get(identifier)
  while (above !== undefined && found.length < depthMax) {
    const item = items.get(above)
    if (item) found.push(item)
    above = parents.get(above)
  }
  return found
}

/** The identifiers of all that is under an item, with itself. */
export const underneath = ({ parents }: Tree, root: string): ReadonlySet<string> => {
  const children = Map.groupBy(parents.keys(), child => parents.get(child))
  const found = new Set([root])
  for (const each of found) for (const child of children.get(each) ?? []) found.add(child)
  return found
}
