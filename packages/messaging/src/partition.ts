// tidy: Kafka's own hash, beside its test
/**
 * The partition of a stream: the one that Kafka's own Java client gives its key. We compute it
 * ourselves, so that no client library can put the same stream elsewhere.
 */
export const partitionOf = (stream: string, partitions: number): number =>
  (murmur2(Buffer.from(stream)) & 0x7fffffff) % partitions

const m = 0x5bd1e995

/** As `org.apache.kafka.common.utils.Utils.murmur2`, a signed 32-bit number. */
export const murmur2 = (bytes: Buffer): number => {
  const whole = bytes.length & ~3
  let h = 0x9747b28c ^ bytes.length
  for (let at = 0; at < whole; at += 4) {
    const k = Math.imul(bytes.readInt32LE(at), m)
    h = Math.imul(h, m) ^ Math.imul(k ^ (k >>> 24), m)
  }
  if (whole < bytes.length) {
    h = Math.imul(h ^ bytes.readUIntLE(whole, bytes.length - whole), m)
  }
  h = Math.imul(h ^ (h >>> 13), m)
  return h ^ (h >>> 15)
}
