import {
  type CompetencyDictionary,
  competencyKinds,
  type DescribedLevel,
} from '@jejak/competency/dictionary'
import { type Faulty, frameworkFault } from '@jejak/texts/framework-faults'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { parseDocument } from 'yaml'
import { officialScale } from './official-scale.ts'

const closed = { additionalProperties: false }
const text = Type.String({ minLength: 1 })

/** Indicators, or a sentence of what the level is with its indicators. */
const described = Type.Union([
  Type.Array(text, { minItems: 1 }),
  Type.Object(
    { description: Type.Optional(text), indicators: Type.Array(text, { minItems: 1 }) },
    closed,
  ),
])

const file = Type.Object(
  {
    id: text,
    title: text,
    description: Type.Optional(text),
    legalBasis: text,
    certainty: Type.Optional(Type.Enum(['seen', 'second-hand', 'assumed'])),
    validFrom: text,
    sample: Type.Boolean(),
    series: Type.Optional(text),
    version: Type.Optional(text),
    replaces: Type.Optional(text),
    affair: Type.Optional(Type.Object({ id: text, title: text }, closed)),
    /** The five levels of PermenPANRB 38/2017 without it; no levels if it is empty. */
    scale: Type.Optional(Type.Array(Type.Object({ level: Type.Integer(), title: text }, closed))),
    competencies: Type.Array(
      Type.Object(
        {
          code: text,
          title: text,
          kind: Type.Enum([...competencyKinds]),
          description: Type.Optional(text),
          group: Type.Optional(text),
          levels: Type.Optional(Type.Record(Type.String({ pattern: '^[0-9]+$' }), described)),
          identifier: Type.Optional(text),
        },
        closed,
      ),
      { minItems: 1 },
    ),
  },
  closed,
)

type File = Static<typeof file>
const compiled = Compile(file)

/** A fault of a file: where, and what is wrong with it, in a text of both languages. */
export type FileFault = { readonly path: string; readonly fault: Faulty }

export type ParsedFile<T> = { readonly faults: readonly FileFault[] } | T

/** More than any dictionary that one request can publish. */
export const dictionaryFileBytesMax = 4 * 1024 * 1024

/**
 * A dictionary from its file, in YAML 1.2 or JSON; or all that is wrong with its form. Lengths,
 * codes and texts are checked where it is published.
 */
export const parseDictionaryFile = (
  source: string,
): ParsedFile<{ readonly dictionary: CompetencyDictionary }> => {
  const parsed = contentOf(source)
  if ('faults' in parsed) return parsed
  const { content } = parsed
  if (!compiled.Check(content)) return { faults: faultsOf(content) }
  return { dictionary: dictionaryIn(content) }
}

const contentOf = (source: string): ParsedFile<{ readonly content: unknown }> => {
  const bytes = Buffer.byteLength(source)
  if (bytes > dictionaryFileBytesMax) {
    const fault = { key: 'file-bytes', values: { bytes, most: dictionaryFileBytesMax } } as const
    return { faults: [{ path: '', fault }] }
  }
  const document = parseDocument(source, { prettyErrors: false })
  if (document.errors.length > 0) {
    return {
      faults: document.errors.slice(0, faultsMax).map(({ message, pos }) => {
        const line = source.slice(0, pos[0]).split('\n').length
        return { path: '', fault: { key: 'not-yaml', values: { line, why: message } } }
      }),
    }
  }
  try {
    // An alias may be written out without end.
    return { content: document.toJS({ maxAliasCount: 0 }) }
  } catch (error) {
    const values = { line: 1, why: (error as Error).message }
    return { faults: [{ path: '', fault: { key: 'not-yaml', values } }] }
  }
}

const faultsMax = 100

const faultsOf = (content: unknown): readonly FileFault[] => {
  const found = new Map<string, FileFault>()
  for (const { instancePath, message, keyword, params } of compiled.Errors(content)) {
    const path = instancePath.slice(1).replaceAll('/', '.')
    const given = params as { readonly allowedValues?: readonly string[] }
    const extra = (params as { readonly additionalProperties?: readonly string[] })
      .additionalProperties
    const fault: Faulty =
      keyword === 'enum' && given.allowedValues
        ? { key: 'one-of', values: { known: given.allowedValues } }
        : keyword === 'additionalProperties' && extra
          ? { key: 'unknown-fields', values: { fields: extra } }
          : { key: 'wrong-form', values: { why: message } }
    if (!found.has(path)) found.set(path, { path, fault })
    if (found.size === faultsMax) break
  }
  return [...found.values()]
}

const dictionaryIn = ({ id, series = id, scale = [...officialScale()], ...rest }: File) => {
  const { competencies, ...header } = rest
  return {
    ...header,
    frameworkId: id,
    series,
    scale,
    competencies: competencies.map(({ levels, ...competency }) => ({
      ...competency,
      ...(levels && { levels: levelsOf(levels) }),
    })),
  }
}

const levelsOf = (
  levels: NonNullable<File['competencies'][number]['levels']>,
): readonly DescribedLevel[] =>
  Object.entries(levels)
    .map(([level, described]) => ({
      level: Number(level),
      ...(Array.isArray(described) ? { indicators: described } : described),
    }))
    .toSorted((a, b) => a.level - b.level)

export const faultText = ({ path, fault }: FileFault): string =>
  [path, frameworkFault(fault)].filter(Boolean).join(': ')
