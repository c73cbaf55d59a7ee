/** What is held of a person beside the NIP: texts by the names of their fields. */
export type PersonalFields = Readonly<Record<string, string>>

/**
 * What was registered, with each correction in the order of recording: the newest value of a field
 * counts. A correction has the fields that it changes; an empty text takes a field away.
 */
export const correctedFields = <Registered extends PersonalFields>(
  registered: Registered,
  corrections: readonly PersonalFields[],
): Registered =>
  Object.fromEntries(
    Object.entries(Object.assign({}, registered, ...corrections)).filter(
      ([, value]) => value !== '',
    ),
  ) as Registered
