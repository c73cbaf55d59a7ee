import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// The clock of a service that runs as its own `main.ts`: a file says how far it is off.

const lookEveryMs = 20

/** Makes `Date` go by a clock that is off by what the file says, in milliseconds, now and later. */
export const moveClock = (file: string): void => {
  const TrueDate = Date
  const offset = () => Number(readFileSync(file, 'utf8')) || 0
  let offMs = offset()
  setInterval(() => {
    offMs = offset()
  }, lookEveryMs).unref()
  const now = () => TrueDate.now() + offMs
  globalThis.Date = class extends TrueDate {
    constructor(...given: readonly unknown[]) {
      super(...((given.length > 0 ? given : [now()]) as [number]))
    }
    static override now() {
      return now()
    }
  } as DateConstructor
}

const clockFile = (folder: string, service: string) => join(folder, `${service}.clock`)

/** Sets the clock of a service that was written by `writeMainWithClock`. */
export const setClock = (folder: string, service: string, offMs: number): void =>
  writeFileSync(clockFile(folder, service), String(offMs))

/** Writes what runs a service by a clock of its own, and answers its path. */
export const writeMainWithClock = (folder: string, service: string): string => {
  setClock(folder, service, 0)
  const main = new URL(`../../../../services/${service}/src/main.ts`, import.meta.url).href
  const lines = [
    `import { moveClock } from ${JSON.stringify(import.meta.url)}`,
    `moveClock(${JSON.stringify(clockFile(folder, service))})`,
    `await import(${JSON.stringify(main)})`,
  ]
  const path = join(folder, `${service}-main.mjs`)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}
