/** A page, with what stands around its items, stays under 1 MiB: a message of gRPC may have 4. */
export const pageBytesMax = 900 * 1024

/** What is answered, each with the key that a next page goes on behind. */
type Keyed<Item> = readonly [key: string, item: Item]

export type ListPage<Item> = {
  readonly items: readonly Item[]
  /** The key that the next page goes on behind; empty of the last page. */
  readonly next: string
}

/**
 * The first items of a list: as many as are wanted, and fewer if they are large. One that is larger
 * than a page is a page of its own, so that a list always ends. Reads no further than it must.
 */
export const cutPage = async <Item>(
  list: Iterable<Keyed<Item>> | AsyncIterable<Keyed<Item>>,
  most: number,
): Promise<ListPage<Item>> => {
  const items: Item[] = []
  let bytes = 0
  let last = ''
  for await (const [key, item] of list) {
    bytes += bytesOf(item)
    if (items.length === most || (items.length > 0 && bytes > pageBytesMax)) {
      return { items, next: last }
    }
    items.push(item)
    last = key
  }
  return { items, next: '' }
}

/** In JSON, which is longer than the same as a message of gRPC. */
const bytesOf = (item: unknown): number => Buffer.byteLength(JSON.stringify(item))
