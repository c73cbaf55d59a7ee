import {
  type MongoClientOptions,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb'

export const duplicateKey = 11_000

/** No URL may change these: what logs, read models and tokens promise depends on them. */
export const promises: MongoClientOptions = {
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  // Both spellings: those of a connection string would win over the two above.
  journal: true,
  readConcernLevel: 'majority',
  retryWrites: true,
  promoteBuffers: true,
  ignoreUndefined: true,
}

/** A primary that died or was paused is noticed within these. */
export const patience: MongoClientOptions = {
  serverSelectionTimeoutMS: 5_000,
  connectTimeoutMS: 5_000,
  heartbeatFrequencyMS: 1_000,
  socketTimeoutMS: 20_000,
}

// PrimarySteppedDown, ShutdownInProgress, NotWritablePrimary, InterruptedDueToReplStateChange,
// NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary: https://www.mongodb.com/docs/manual/reference/error-codes
const movingCodes = [189, 91, 10_107, 11_602, 13_435, 13_436]

/** Another primary is on its way, or will be: the driver has tried again once itself. */
export const isAway = (error: unknown): boolean =>
  error instanceof MongoNetworkError ||
  error instanceof MongoServerSelectionError ||
  (error instanceof MongoServerError && movingCodes.includes(Number(error.code))) ||
  (error instanceof MongoError && error.hasErrorLabel('TransientTransactionError'))

export const ignoreDuplicates = (error: unknown) => {
  if (!(error instanceof MongoServerError && error.code === duplicateKey)) throw error
}
