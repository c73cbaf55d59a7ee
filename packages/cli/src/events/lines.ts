import type { FileHandle } from 'node:fs/promises'

/** Far more than an event may have: a longer line is no event. */
export const lineBytesMax = 1024 * 1024

const chunkBytes = 1024 * 1024
const newline = 0x0a

/** One line, without its end. `bytes` is absent if it is longer than `lineBytesMax`. */
export type FileLine = { readonly number: number; readonly bytes?: Buffer }

/** Some lines, and the offset in the file after them. */
export type Lines = { readonly lines: readonly FileLine[]; readonly offset: number }

/** Reads any file line by line, in bounded memory. */
export async function* readLines(file: FileHandle): AsyncGenerator<Lines> {
  const splitter = new Splitter()
  for (let offset = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes)
    if (bytesRead === 0) break
    offset += bytesRead
    yield { lines: splitter.split(buffer.subarray(0, bytesRead)), offset }
  }
  yield { lines: splitter.end(), offset: Number.NaN }
}

class Splitter {
  #number = 0
  #rest: Buffer[] = []
  #restBytes = 0

  split(chunk: Buffer): FileLine[] {
    const lines: FileLine[] = []
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#keep(chunk.subarray(start, end))
      lines.push(this.#line())
      start = end + 1
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start))
    return lines
  }

  end(): FileLine[] {
    return this.#restBytes > 0 ? [this.#line()] : []
  }

  #keep(part: Buffer): void {
    this.#restBytes += part.length
    if (this.#restBytes <= lineBytesMax) this.#rest.push(part)
    else this.#rest = []
  }

  #line(): FileLine {
    const number = ++this.#number
    const [first, ...more] = this.#rest
    const isComplete = this.#restBytes <= lineBytesMax
    const bytes = more.length > 0 ? Buffer.concat(this.#rest) : first
    this.#rest = []
    this.#restBytes = 0
    return isComplete && bytes ? { number, bytes } : { number }
  }
}
