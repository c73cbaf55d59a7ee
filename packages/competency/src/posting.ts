/** What holds from a day on, RFC 3339 full-date, until the next of its kind: a posting, a NIP. */
type Since = { readonly since: string }

/** In the order of their days, from that of their recording. A later one of the same day counts. */
export const inOrderOfDays = <T extends Since>(recorded: readonly T[]): readonly T[] =>
  [...new Map(recorded.map(each => [each.since, each])).values()].toSorted((a, b) =>
    a.since < b.since ? -1 : 1,
  )

/**
 * Where somebody serves on a day, of their postings in the order of their days. Before the first of
 * them begins, it is where they are about to serve.
 */
export const postingOn = <T extends Since>(postings: readonly T[], day: string): T | undefined =>
  postings.findLast(({ since }) => since <= day) ?? postings[0]
