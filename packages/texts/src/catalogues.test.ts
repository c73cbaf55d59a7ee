import { describe, expect, test } from 'vitest'
import { auditTexts } from './audit.ts'
import type { CommandHelp } from './command-help.ts'
import { delays } from './delays.ts'
import { fileTexts } from './files.ts'
import { helps, optionTexts } from './help.ts'
import { exportHelp } from './help-run.ts'
import { importTexts } from './imports.ts'
import { ipAsnTexts } from './ip-asn.ts'
import { logFaults } from './log-faults.ts'
import { notes } from './notes.ts'
import { pageTexts, startHelp } from './page.ts'
import { type ReasonEntry, reasons } from './reasons.ts'
import { terminalTexts } from './terminal.ts'
import type { Text, Texts } from './text.ts'
import { violations } from './violations.ts'

const entries: readonly (readonly [string, ReasonEntry])[] = Object.entries(reasons)

/** The texts of every command's help, by their places in it. */
const helpTexts: Texts = Object.fromEntries(
  Object.entries<CommandHelp>({
    ...helps,
    start: startHelp,
    'export <kind>': exportHelp('kind', helps.export.description),
  }).flatMap(([command, { description, inputs = {}, after }]) => [
    [`${command}: description`, description],
    ...Object.entries(inputs).map(([input, text]) => [`${command}: ${input}`, text]),
    ...after.flatMap((it, i) => (typeof it === 'string' ? [] : [[`${command}: after ${i}`, it]])),
  ]),
)

const catalogues: Readonly<Record<string, Texts>> = {
  auditTexts,
  delays,
  fileTexts,
  helpTexts,
  importTexts,
  ipAsnTexts,
  logFaults,
  notes,
  optionTexts,
  pageTexts,
  terminalTexts,
  violations,
  fixes: Object.fromEntries(entries.flatMap(([reason, { fix }]) => (fix ? [[reason, fix]] : []))),
  messages: Object.fromEntries(
    entries
      // Their texts are those of `delays` and of faults of days.
      .filter(([reason]) => !['TRY_LATER', 'DAYS_CONTRADICT'].includes(reason))
      .map(([reason, { message }]) => [reason, message]),
  ),
}

/** Stands for any value, and is its own name in a text. */
const placeholder = (name: string): unknown =>
  new Proxy(() => placeholder(name), {
    get: (_, key) => (key === Symbol.toPrimitive ? () => `‹${name}›` : placeholder(name)),
  })

/** Stands for the values of any text. */
const anyValues = new Proxy(() => {}, {
  get: (_, key) => (key === Symbol.toPrimitive ? () => '‹value›' : placeholder(String(key))),
})

const placeholders = /‹\w+›/g

const valuesIn = (text: string) => [...new Set(text.match(placeholders))].toSorted()

const hasWords = (text: string) => /\p{L}/u.test(text.replaceAll(placeholders, ''))

describe.each(Object.entries(catalogues))('the catalogue %s', (_, catalogue) => {
  test.each(Object.entries(catalogue))('has %s in both languages', (_, template) => {
    const { en, id }: Text =
      typeof template === 'function' ? template(anyValues as never) : template
    for (const text of [en, id]) expect(text.trim()).not.toBe('')
    if (hasWords(en)) expect(id).not.toBe(en)
    expect(valuesIn(id)).toEqual(valuesIn(en))
  })
})
