// tidy: what a power cut does to a file, apart from the scenarios that have one.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'

const copyEveryMs = 100
/** A kill of the machine takes so much from the head file: it is on the disk after a second. */
const lostMs = 1_000
const copiesMax = 50

type HeadCopy = { readonly atMs: number; readonly note: string }

/** Copies of a log's head file as it was lately: a power cut puts an earlier one back. */
export class HeadCopies {
  readonly #file: string
  readonly #timer: NodeJS.Timeout
  #copies: HeadCopy[] = []

  constructor(file: string) {
    this.#file = file
    this.#timer = setInterval(() => this.#copy(), copyEveryMs)
  }

  /** Puts the head of a second ago back, or the first one. */
  loseLastSecond() {
    const beforeMs = Date.now() - lostMs
    const copy = this.#copies.findLast(({ atMs }) => atMs <= beforeMs) ?? this.#copies[0]
    if (copy) this.write(copy.note)
  }

  /** The head as it is: it is overwritten in place, so that twice the same is whole. */
  whole(): string {
    for (;;) {
      const note = readFileSync(this.#file, 'utf8')
      if (note === readFileSync(this.#file, 'utf8')) return note
    }
  }

  write(note: string) {
    writeFileSync(this.#file, note)
  }

  remove() {
    rmSync(this.#file)
  }

  close() {
    clearInterval(this.#timer)
  }

  #copy() {
    try {
      const note = this.whole()
      if (note === '') return // The first head is on the disk before the log is opened.
      this.#copies = [...this.#copies.slice(1 - copiesMax), { atMs: Date.now(), note }]
    } catch {} // It is not there yet.
  }
}
