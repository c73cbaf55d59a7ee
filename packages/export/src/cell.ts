/**
 * How text stands in a cell, so that it stays text: a spreadsheet that opens a CSV file takes what
 * begins with one of these for a formula and computes it (OWASP, CSV injection). The wide ones it
 * takes as well.
 */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/

/**
 * Puts an apostrophe before text that could be a formula, also if apostrophes are before it
 * already, so that `fromCsv` gives back what was written.
 */
export const toCsv = (text: string): string => (formula.test(text) ? `'${text}` : text)

/** Reads a cell of the CSV file: removes the apostrophe before a formula. */
export const fromCsv = (cell: string): string =>
  cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell

// Characters that XML can't have, that its parsers change, or that ExcelJS leaves out.
const unwritable = '\\0-\\x08\\x0b-\\x1f\\x7f\\ufffe\\uffff'
const escaped = new RegExp(`[${unwritable}]|_(?=x[0-9A-Fa-f]{4}[_${unwritable}])`, 'g')

/** Escapes as workbooks do (ECMA-376 part 1, 22.9.2.19, ST_Xstring): a control is `_x000D_`. */
export const toXlsx = (text: string): string =>
  text.replace(escaped, character => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    return `_x${code}_`
  })

export const fromXlsx = (cell: string): string =>
  cell.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
