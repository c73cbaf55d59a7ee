import type { SettingVariable } from './setting-kinds.ts'

/** The variables of a process, by the names of its settings. */
export type SettingVariables = Readonly<Record<string, SettingVariable<unknown>>>

export type Settings<S extends SettingVariables> = {
  readonly [K in keyof S]: S[K] extends SettingVariable<infer T> ? T : never
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Every problem, one a line: the variable, what is wrong with it, and its form. */
export class BadSettings extends Error {
  override name = 'BadConfig'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/**
 * Reads all variables of a process; an empty one counts as not set. `known` are the names of
 * variables of other processes: one environment may serve all.
 */
export const readSettings = <S extends SettingVariables>(
  spec: S,
  env: Environment,
  known: Iterable<string> = [],
): Settings<S> => {
  const problems: string[] = []
  const values = Object.entries(spec).map(([key, variable]) => {
    const text = env[variable.name] || variable.default
    if (text === undefined) {
      if (variable.required) problems.push(`${variable.name} is not set: ${remedy(variable)}`)
      return [key, undefined]
    }
    const read = variable.read(text)
    if ('value' in read) return [key, read.value]
    const shown = variable.secret ? 'has another form' : `is ${JSON.stringify(text)}`
    const why = read.wrong ? `${shown}, which ${read.wrong}` : shown
    problems.push(`${variable.name} ${why}: ${remedy(variable)}`)
    return [key, undefined]
  })
  problems.push(...misspelt(spec, env, new Set(known)))
  if (problems.length > 0) throw new BadSettings(problems)
  return Object.fromEntries(values) as Settings<S>
}

const remedy = ({ form, meaning }: SettingVariable<unknown>) => `set it to ${form} (${meaning})`

const prefix = 'JEJAK_'

const misspelt = (
  spec: SettingVariables,
  env: Environment,
  known: ReadonlySet<string>,
): readonly string[] => {
  const names = Object.values(spec).map(({ name }) => name)
  return Object.keys(env).flatMap(key => {
    if (!key.startsWith(prefix) || key === prefix) return []
    if (names.includes(key) || known.has(key)) return []
    const meant = names.find(name => within(2, key, name)) ?? names.find(cutOff(key))
    return meant ? [`${key} is not known: did you mean ${meant}?`] : []
  })
}

const cutOff = (key: string) => (name: string) => name.startsWith(`${key}_`)

/** Whether the words differ by at most so many inserted, removed or changed letters. */
const within = (edits: number, a: string, b: string): boolean => {
  if (a === b) return true
  if (edits === 0) return false
  const [, ...restA] = a
  const [, ...restB] = b
  const [tailA, tailB] = [restA.join(''), restB.join('')]
  if (a[0] === b[0]) return within(edits, tailA, tailB)
  return [
    [tailA, b],
    [a, tailB],
    [tailA, tailB],
  ].some(([left = '', right = '']) => within(edits - 1, left, right))
}

/** A variable as documents and `--help` show it. */
export type ListedVariable = Pick<
  SettingVariable<unknown>,
  'name' | 'meaning' | 'form' | 'required' | 'default'
>

export const listVariables = (spec: SettingVariables): readonly ListedVariable[] =>
  Object.values(spec).map(({ name, meaning, form, required, ...rest }) => ({
    name,
    meaning,
    form,
    required,
    ...(rest.default !== undefined && { default: rest.default }),
  }))

/** The text of `--help`: a line for each variable, and one for its form. */
export const settingsHelp = (service: string, spec: SettingVariables): string =>
  [
    `The ${service} service takes its settings from the environment:`,
    ...listVariables(spec).flatMap(({ name, meaning, form, required, ...rest }) => {
      const absent = rest.default !== undefined ? `default ${rest.default}` : 'optional'
      return ['', `  ${name} (${required ? 'required' : absent})`, `      ${meaning}: ${form}`]
    }),
    '',
  ].join('\n')
