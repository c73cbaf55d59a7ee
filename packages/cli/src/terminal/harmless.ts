/** Without control characters: a text from others must not steer the terminal. */
export const harmless = (line: string): string => line.replace(/\p{Cc}/gu, ' ')
