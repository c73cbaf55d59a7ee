// tidy: a file of its own form, as refused rows have one
import { importText } from '@jejak/texts/imports'
import { PartFile } from '../terminal/part-file.ts'
import type { FileLine } from './lines.ts'

/** As other files of the user: a line of an import has no personal data. */
const mode = 0o666

/** The file of lines that were not imported. It is made with the first of them. */
export class RejectedLines {
  readonly #file: PartFile
  readonly #onReject: (line: number, reason: string) => void
  #count = 0

  constructor(path: string, onReject: (line: number, reason: string) => void) {
    this.#file = new PartFile(path, { mode, advice: importText('rejects-elsewhere') })
    this.#onReject = onReject
  }

  get path(): string {
    return this.#file.path
  }

  get count(): number {
    return this.#count
  }

  add({ number, bytes }: FileLine, reason: string): void {
    const text = bytes?.toString('utf8')
    const isUtf8 = bytes && Buffer.from(text as string).equals(bytes)
    const content = isUtf8 ? { text } : bytes && { base64: bytes.toString('base64') }
    this.#file.write(`${JSON.stringify({ line: number, reason, ...content })}\n`)
    this.#count++
    this.#onReject(number, reason)
  }

  /**
   * Moves the file to its place, or removes that of an earlier run. An import that fails does not
   * call it: it does not know all rejects, and leaves those of the earlier run.
   */
  end(): void {
    this.#file.end()
  }
}
