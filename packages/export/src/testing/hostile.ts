import fc from 'fast-check'

const pieces = [
  ...['=', '+', '-', '@', '\t', '\r', '\n', '\r\n', "'", '"', '""', ',', ';', ' ', '＝', '|'],
  ...['\0', '\x0b', '\x1f', '\x7f', '\x85', '\u2028', '\ufeff', '\ufffe', '\uffff', '😀', 'é'],
  ...['_x', '_x0041_', '_x0041', 'x000D_', '_', '&amp;', '<c>', ']]>', '=cmd|" /C calc"!A0'],
]

/** Texts that somebody could put in the name of a course. */
export const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map(parts => parts.join('')),
)
