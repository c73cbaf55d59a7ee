/** Options of a writer process. */
export type WriterOptions = {
  readonly store: StorePlace
  readonly origin: string
  /** Absent for a writer that doesn't sign. */
  readonly keys?: { readonly signer: string; readonly head?: string }
  /** The file of its history. First it sends the requests again that have no answer there. */
  readonly history: string
  readonly clients: number
  /** The history of another writer: it sends some of that one's requests again. */
  readonly doubles?: string
}

export type StorePlace =
  | { readonly path: string }
  | { readonly url: string; readonly database: string; readonly isWeak?: true }

/** Options of a process with all services. */
export type ServerOptions = {
  readonly data: string
  readonly port: number
  /** Its clock stands still at this time, so that two runs have the same dates. */
  readonly nowMs: number
  /** It kills itself after this step of the process manager, at its `time`-th occurrence. */
  readonly crash?: { readonly step: string; readonly time: number }
}

/** Options of one of several processes of one consumer. */
export type ConsumerProcessOptions = {
  /** The URL of MongoDB. */
  readonly url: string
  readonly brokers: readonly string[]
  /** After so long without a heartbeat its partitions go to others. */
  readonly sessionMs: number
}

export type ProcessOptions = WriterOptions | ServerOptions | ConsumerProcessOptions
