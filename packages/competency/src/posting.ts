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

/**
 * The NIP that somebody has on a day: that of the change which began last by then, and of those of
 * one day that which was recorded last. Before the first change it is the one they were registered
 * with. `changes` are in the order of their recording.
 */
export const nipOn = <N>(
  registered: N,
  changes: readonly (Since & { readonly nip: N })[],
  day: string,
): N => inOrderOfDays(changes).findLast(({ since }) => since <= day)?.nip ?? registered
