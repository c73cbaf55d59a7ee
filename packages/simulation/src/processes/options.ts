/** Options of a writer process. */
export type WriterOptions = {
  readonly store: StorePlace
  /** The name of the service whose log it is. */
  readonly service: string
  /** The folder of the log's key, its last head and its MACs. */
  readonly keys: string
  /** Whether it signs: one process does, which makes the log and its keys. */
  readonly signs: boolean
  /** The file of its history. First it sends the requests again that have no answer there. */
  readonly history: string
  readonly clients: number
  /** The history of another writer: it sends some of that one's requests again. */
  readonly doubles?: string
  /** It kills itself at this step of its start, counted from 1, or of what it writes then. */
  readonly crash?: number
  /** On MongoDB: whether it puts fences into the log where other commits should be. */
  readonly fences?: boolean
  /** What it leaves out: a log of before had no MACs, and a forger has no key for them. */
  readonly without?: 'macs' | 'macs-of-fences'
}

export type StorePlace =
  /** The data folder. */
  { readonly data: string } | { readonly url: string; readonly isWeak?: true }

export const logOrigin = (service: string): string => `simulation.example/${service}`

export const logDatabase = (service: string): string => `jejak-${service}`

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
