import { isDate } from '@jejak/competency/calendar'
import { hiddenCharacterProblem, personalNumberProblem } from '@jejak/competency/lasting-text'
import type { RuleFault } from '@jejak/texts/rule-faults'
import { Type } from 'typebox'
import { type Document, isAlias, isNode, LineCounter, parseDocument, visit } from 'yaml'
import {
  certainty,
  fields,
  type KnownCodes,
  legalBasis,
  type Path,
  shortCode,
  text,
} from './kind.ts'
import { type DatedRules, ruleKinds, ruleKindTable } from './kinds.ts'
import { schemaProblems } from './schema-faults.ts'

/** A fault of a file, its line, from 1, and its place in it, as `rules.forms[3].credit`. */
export type RuleProblem = {
  readonly line: number
  readonly path: string
  readonly fault: RuleFault
}

export type ParsedRuleSet =
  | { readonly set: DatedRules }
  | { readonly problems: readonly [RuleProblem, ...RuleProblem[]] }

/** Of the file as an event has it, in JSON: quotes and ends of lines are two bytes each there. */
export const ruleFileMaxBytes = 48 * 1024

/** Reads a file of rules (YAML 1.2), and says all that is wrong with it at once. */
export const parseRuleSet = (bytes: Uint8Array, named: KnownCodes): ParsedRuleSet => {
  const read = readText(bytes)
  if (typeof read !== 'string') return { problems: [read] }
  const lines = new LineCounter()
  const document = documentOf(read, lines)
  if ('fault' in document) return { problems: [document] }
  const problems = [
    ...textProblems(read, document, lines),
    ...yamlProblems(document, lines),
    ...contentProblems(document, lines, named),
  ]
  const [first, ...rest] = problems.toSorted((a, b) => a.line - b.line)
  return first ? { problems: [first, ...rest] } : { set: document.toJS() }
}

/** Each question for a history has the same few files. */
const parsed = new Map<string, DatedRules>()
const parsedMax = 1_000

/** The set in a file that was adopted: it was checked then, and rules of today are not asked. */
export const adoptedRuleSet = (content: string): DatedRules => {
  const found = parsed.get(content)
  if (found) return found
  if (parsed.size >= parsedMax) parsed.clear()
  const set: DatedRules = parseDocument(content).toJS()
  parsed.set(content, set)
  return set
}

const readText = (bytes: Uint8Array): string | RuleProblem => {
  const wrong = (fault: RuleFault): RuleProblem => ({ line: 1, path: '', fault })
  const { length } = bytes
  const tooLarge = (size: number) =>
    wrong({ key: 'too-large', values: { bytes: size, limit: ruleFileMaxBytes } })
  if (length > ruleFileMaxBytes) return tooLarge(length)
  try {
    const read = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (read.trim() === '') return wrong('no-file')
    const stored = Buffer.byteLength(JSON.stringify(read))
    return stored > ruleFileMaxBytes ? tooLarge(stored) : read
  } catch {
    return wrong('not-utf-8')
  }
}

const documentOf = (content: string, lineCounter: LineCounter): Document | RuleProblem => {
  try {
    return parseDocument(content, { lineCounter, prettyErrors: false })
  } catch (error) {
    // Lists within lists, as deep as no rule has them, end the stack of the parser.
    const why = error instanceof RangeError ? 'too deep' : String(error)
    return { line: 1, path: '', fault: { key: 'not-yaml', values: { why } } }
  }
}

/** A file is read by people as it is, comments and all, and by programs without its escapes. */
const textProblems = (content: string, document: Document, lines: LineCounter) => {
  const asItIs = content.split(/\r?\n/).map((text, at) => ({ text, line: at + 1 }))
  const found = [
    ...lastingTextProblems(asItIs),
    ...lastingTextProblems(scalarLines(document, lines)),
  ]
  return found.filter(({ line }, at) => !found.slice(0, at).some(before => before.line === line))
}

type Line = { readonly text: string; readonly line: number }

const lastingTextProblems = (texts: readonly Line[]): readonly RuleProblem[] => {
  const joined = texts.map(({ text }) => text).join('\n')
  const number = personalNumberProblem(joined)
  const hidden = texts.flatMap(({ text, line }): readonly RuleProblem[] => {
    const problem = hiddenCharacterProblem(text.replaceAll('\t', ' '))
    if (typeof problem !== 'object' || problem.key !== 'hidden-character') return []
    const { character } = problem.values
    return [{ line, path: '', fault: { key: 'hidden-character', values: { line, character } } }]
  })
  if (!number) return hidden
  const at = typeof number === 'object' && 'at' in number.values ? Number(number.values.at) : 1
  const before = [...joined].slice(0, at - 1).filter(character => character === '\n').length
  const line = texts[before]?.line ?? 1
  return [{ line, path: '', fault: { key: 'personal-number', values: { line } } }, ...hidden]
}

/** Every key and value as a program reads it: `"\x31"` is a 1. */
const scalarLines = (document: Document, lines: LineCounter): readonly Line[] => {
  const scalars: Line[] = []
  visit(document, {
    Scalar: (_, { value, range }) => {
      const { line } = lines.linePos(range?.[0] ?? 0)
      scalars.push(
        ...String(value)
          .split('\n')
          .map(text => ({ text, line })),
      )
    },
  })
  return scalars
}

const yamlProblems = (document: Document, lines: LineCounter): readonly RuleProblem[] => {
  const problems: RuleProblem[] = [...document.errors, ...document.warnings].map(
    ({ message, pos }) => ({
      line: lines.linePos(pos[0]).line,
      path: '',
      fault: { key: 'not-yaml', values: { why: message } },
    }),
  )
  visit(document, (_, node) => {
    if (!isNode(node)) return
    const marked = isAlias(node) || node.anchor !== undefined || node.tag?.startsWith('!')
    const line = lines.linePos(node.range?.[0] ?? 0).line
    if (marked) problems.push({ line, path: '', fault: 'alias' })
  })
  return problems
}

const envelope = fields({
  kind: Type.Enum([...ruleKinds]),
  id: shortCode,
  title: text,
  validFrom: Type.String({ format: 'date' }),
  legalBasis,
  certainty,
  rules: Type.Any(),
})

/** No rule of the Republic is older. */
const firstDay = '1945-08-17'

const contentProblems = (
  document: Document,
  lines: LineCounter,
  named: KnownCodes,
): readonly RuleProblem[] => {
  if (document.errors.length > 0) return []
  const value: unknown = plainOf(document)
  const problems = [...schemaProblems(envelope, value)]
  const { kind, rules, validFrom } = (value ?? {}) as Partial<DatedRules>
  if (typeof validFrom === 'string' && isDate(validFrom) && validFrom < firstDay) {
    problems.push({ path: ['validFrom'], fault: { key: 'at-least', values: { limit: firstDay } } })
  }
  if (kind && ruleKinds.includes(kind) && rules !== undefined) {
    const { schema, problems: problemsOf } = ruleKindTable[kind]
    const looks = schemaProblems(schema, rules)
    const found = looks.length > 0 ? looks : problemsOf(rules as never, named)
    problems.push(...found.map(({ path, fault }) => ({ path: ['rules', ...path], fault })))
  }
  return problems.map(({ path, fault }) => ({
    line: lineAt(document, lines, path),
    path: spelled(path),
    fault,
  }))
}

/** Without anchors there is nothing to repeat: a file can't grow as it is read. */
const plainOf = (document: Document): unknown => {
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch {
    return undefined
  }
}

/** Of what is missing, the line of what lacks it. */
const lineAt = (document: Document, lines: LineCounter, path: Path): number => {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

const spelled = (path: Path): string =>
  path
    .map(part => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace('.', '')
