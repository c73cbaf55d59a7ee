/** What people read, in each language of Jejak: a text that lacks one does not compile. */
export type Text = { readonly en: string; readonly id: string }

export type Language = keyof Text

/** A text, or one that takes values. */
export type Template = Text | ((values: never) => Text)

/** Texts by a stable name. */
export type Texts = Readonly<Record<string, Template>>

/** The names of the texts that need no values. */
export type PlainKey<C extends Texts> = {
  [K in keyof C & string]: C[K] extends (...values: infer V) => Text
    ? [] extends V
      ? K
      : never
    : K
}[keyof C & string]

/** One text of a catalogue: its name, with the values that it takes. */
export type Filled<C extends Texts> =
  | PlainKey<C>
  | {
      [K in keyof C & string]: C[K] extends (values: infer V) => Text
        ? { readonly key: K; readonly values: V }
        : never
    }[keyof C & string]

/** English is shown until a caller can ask for another language. */
const shown: Language = 'en'

export const localise = (text: Text, language: Language = shown): string => text[language]

/** The words of one text of a catalogue. */
export const wording = <C extends Texts>(
  catalogue: C,
  filled: Filled<C>,
  language: Language = shown,
): string => {
  const { key, values } =
    typeof filled === 'string' ? { key: filled, values: undefined } : (filled as Chosen)
  const template = catalogue[key] as Template
  return localise(typeof template === 'function' ? template(values as never) : template, language)
}

type Chosen = { readonly key: string; readonly values: unknown }
