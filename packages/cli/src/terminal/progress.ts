import { Presets, SingleBar } from 'cli-progress'

export type Progress = { readonly to: (done: number) => void; readonly stop: () => void }

/** A bar on the terminal; nothing where standard error is a file or a pipe. */
export const progressBar = (what: string, total: number): Progress => {
  if (!process.stderr.isTTY || total === 0) return { to: () => {}, stop: () => {} }
  const bar = new SingleBar(
    {
      format: `${what} {bar} {percentage}% | {value} of {total} | {rate}/s | {eta_formatted} left`,
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
