/** What a certificate is known by, whoever enters it: number, organiser and last day. */
export type Certified = {
  readonly certificateNumber?: string | undefined
  readonly organiser: string
  readonly endsOn: string
}

/**
 * The same for each entry of one certificate, however it is spelled in blanks and capitals.
 * Undefined if it has no number: nothing says then that two are the same.
 */
export const certificateKey = (of: Certified): string | undefined => {
  const { certificateNumber, organiser, endsOn } = of
  return certificateNumber && [certificateNumber, organiser, endsOn].map(plain).join('\n')
}

const plain = (text: string) => text.trim().replaceAll(/\s+/g, ' ').toLowerCase()
