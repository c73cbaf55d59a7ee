import type { LogContents } from './installation-logs.ts'

type Streams = LogContents['streams']

/** Differences between two installations after the same requests. */
export const differences = (one: Streams, other: Streams): string[] => {
  const sorted = (streams: Streams, name: string) => {
    const events = streams.get(name) ?? []
    return name.startsWith('cohort/') ? events.toSorted() : events
  }
  // A retried read or export is recorded again.
  const names = [...one.keys(), ...other.keys()].filter(name => !/^(access|export)\//.test(name))
  return [...new Set(names)].flatMap(name => {
    const [mine, theirs] = [sorted(one, name), sorted(other, name)]
    const at = mine.findIndex((event, i) => event !== theirs[i])
    if (at === -1 && mine.length === theirs.length) return []
    const place = at === -1 ? mine.length : at
    return [`${name} differs: ${mine[place] ?? 'nothing'} instead of ${theirs[place] ?? 'nothing'}`]
  })
}

/** Enrollments without the one certificate that they deserve, and those that deserve none. */
export const certificateDifferences = (
  deserving: readonly string[],
  certified: readonly string[],
): string[] => {
  const [wanted, issued] = [new Set(deserving), new Set(certified)]
  return [
    ...certified
      .filter((id, at) => certified.indexOf(id) !== at)
      .map(id => `enrollment ${id} has two certificates`),
    ...[...issued].filter(id => !wanted.has(id)).map(id => `enrollment ${id} deserves none`),
    ...[...wanted].filter(id => !issued.has(id)).map(id => `enrollment ${id} has no certificate`),
  ]
}

/** Certificates have the date of the run, and midnight may be between two runs. */
export const undated = (text: string): string =>
  text.replaceAll(/\b\d{4}-\d{2}-\d{2}\b/g, 'a day').replaceAll(/\/\d{4}\//g, '/a year/')

export const undatedCertificates = (streams: Streams): Streams =>
  new Map(
    [...streams].map(([name, events]) => [
      name,
      name.startsWith('certificate/') ? events.map(undated) : events,
    ]),
  )
