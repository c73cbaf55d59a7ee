import { terminalText } from '@jejak/texts/terminal'
import { Presets, SingleBar } from 'cli-progress'

export type ProgressBar = { readonly to: (done: number) => void; readonly stop: () => void }

/** A bar on the terminal; nothing if standard error is a file or a pipe. */
export const progressBar = (what: string, total: number): ProgressBar => {
  if (!process.stderr.isTTY || total === 0) return { to: () => {}, stop: () => {} }
  const bar = new SingleBar(
    {
      format: terminalText({ key: 'progress-bar', values: { what } }),
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      etaBuffer: 50,
    },
    Presets.shades_classic,
  )
  const start = performance.now()
  const rateOf = (done: number) => Math.round((1_000 * done) / (performance.now() - start))
  bar.start(total, 0, { rate: 0 })
  return { to: done => bar.update(done, { rate: rateOf(done) }), stop: () => bar.stop() }
}

/** Shows a bar while the work calls `progress`, a new one for each total. */
export const withProgress = async <Result>(
  what: string,
  work: (progress: (done: number, total: number) => void) => Promise<Result>,
): Promise<Result> => {
  let shown: { readonly bar: ProgressBar; readonly total: number } | undefined
  try {
    return await work((done, total) => {
      if (shown?.total !== total) {
        shown?.bar.stop()
        shown = { bar: progressBar(what, total), total }
      }
      shown.bar.to(done)
    })
  } finally {
    shown?.bar.stop()
  }
}
