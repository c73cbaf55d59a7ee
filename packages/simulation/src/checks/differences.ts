import type { Outcome } from './outcome.ts'

type Streams = Outcome['streams']

/** Where two installations that were told the same came to something else. */
export const differences = (one: Streams, other: Streams): string[] => {
  const sorted = (streams: Streams, name: string) => {
    const events = streams.get(name) ?? []
    return name.startsWith('cohort/') ? events.toSorted() : events
  }
  // Who asks again reads again, and who did not get a file has another made: each is recorded.
  const names = [...one.keys(), ...other.keys()].filter(name => !/^(access|export)\//.test(name))
  return [...new Set(names)].flatMap(name => {
    const [mine, theirs] = [sorted(one, name), sorted(other, name)]
    const at = mine.findIndex((event, i) => event !== theirs[i])
    if (at === -1 && mine.length === theirs.length) return []
    const place = at === -1 ? mine.length : at
    return [`${name} differs: ${mine[place] ?? 'nothing'} instead of ${theirs[place] ?? 'nothing'}`]
  })
}

/** Enrollments that have not the one certificate that they deserve, or have one and do not. */
export const misissued = (deserving: readonly string[], certified: readonly string[]): string[] => {
  const [wanted, issued] = [new Set(deserving), new Set(certified)]
  return [
    ...certified
      .filter((id, at) => certified.indexOf(id) !== at)
      .map(id => `enrollment ${id} has two certificates`),
    ...[...issued].filter(id => !wanted.has(id)).map(id => `enrollment ${id} deserves none`),
    ...[...wanted].filter(id => !issued.has(id)).map(id => `enrollment ${id} has no certificate`),
  ]
}

/** Certificates are of the day of the run, and two runs may have midnight between them. */
export const undated = (text: string): string => text.replaceAll(/\b\d{4}-\d{2}-\d{2}\b/g, 'a day')

export const undatedCertificates = (streams: Streams): Streams =>
  new Map(
    [...streams].map(([name, events]) => [
      name,
      name.startsWith('certificate/') ? events.map(undated) : events,
    ]),
  )
