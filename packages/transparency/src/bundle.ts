/**
 * Reads an entry bundle: exactly `width` entries, each after its length in 16 bits, and nothing
 * more. Undefined where the bytes are not that. The entries are views of the bundle.
 */
export const decodeBundle = (bundle: Uint8Array, width: number): Uint8Array[] | undefined => {
  const entries: Uint8Array[] = []
  let at = 0
  while (entries.length < width) {
    const high = bundle[at]
    const low = bundle[at + 1]
    if (high === undefined || low === undefined) return undefined
    const start = at + 2
    at = start + high * 256 + low
    entries.push(bundle.subarray(start, at))
  }
  return at === bundle.length ? entries : undefined
}
