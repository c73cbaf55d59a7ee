/** What a writer process is told to do. */
export type WriterOptions = {
  readonly store: Place
  readonly origin: string
  /** Absent in a writer that doesn't sign. */
  readonly keys?: { readonly signer: string; readonly head?: string }
  /** The file that it writes its history to; what is open there it sends again first. */
  readonly history: string
  readonly clients: number
  /** The history of another writer, some of whose requests it sends as well. */
  readonly doubles?: string
}

export type Place =
  | { readonly path: string }
  | { readonly url: string; readonly database: string; readonly careless?: true }

/** What a process with all services is told to do. */
export type ServerOptions = {
  readonly data: string
  readonly port: number
  /** Where its clock stands still, so that two runs date things alike. */
  readonly nowMs: number
  /** The step of the process manager after which it kills itself, and the how manieth time. */
  readonly crash?: { readonly step: string; readonly time: number }
}

/** What a process is told that has documents together with others. */
export type HearerOptions = {
  /** Of MongoDB. */
  readonly url: string
  readonly brokers: readonly string[]
  /** After so long without a sign of life others have its share. */
  readonly sessionMs: number
}

export type TaskOptions = WriterOptions | ServerOptions | HearerOptions
