import { type Language, localise, type Text } from './text.ts'

/** The help of one command. */
export type CommandHelp = {
  readonly description: Text
  /** Its own arguments and options, by name. */
  readonly inputs?: Readonly<Record<string, Text>>
  /** Paragraphs below. Examples are strings: they are the same in every language. */
  readonly after: readonly (Text | string)[]
}

/** The help of a command in one language. */
export type LocalHelp<H extends CommandHelp> = {
  readonly description: string
  readonly inputs: { readonly [Name in keyof H['inputs']]: string }
  readonly after: string
}

export const localiseHelp = <H extends CommandHelp>(
  { description, inputs = {}, after }: H,
  language?: Language,
): LocalHelp<H> => {
  const named = Object.entries(inputs).map(([name, text]) => [name, localise(text, language)])
  const paragraphs = after.map(it => (typeof it === 'string' ? it : localise(it, language)))
  return {
    description: localise(description, language),
    inputs: Object.fromEntries(named),
    after: `\n${paragraphs.join('\n\n')}`,
  }
}
