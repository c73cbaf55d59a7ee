/** Holds from a day on, RFC 3339 full-date, until the next of its kind: a posting, a NIP. */
type Since = { readonly since: string }

/** In the order of their days, from that of their recording. A later one of the same day counts. */
export const inOrderOfDays = <T extends Since>(recorded: readonly T[]): readonly T[] =>
  [...new Map(recorded.map(each => [each.since, each])).values()].toSorted((a, b) =>
    a.since < b.since ? -1 : 1,
  )

/**
 * The posting that somebody has on a day; `postings` are in the order of their days. Before the
 * first one begins, it is the first.
 */
export const postingOn = <T extends Since>(postings: readonly T[], day: string): T | undefined =>
  postings.findLast(({ since }) => since <= day) ?? postings[0]
