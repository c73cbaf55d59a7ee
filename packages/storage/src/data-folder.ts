import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The path of a log in a data folder. Keys and last signed heads lie outside it, so that an old
 * copy of the folder can be restored without them.
 */
export const logFile = (data: string, service: string): string => join(data, service, 'log.db')

/** The folder of a service's read models: made again from the logs, and in no backup. */
export const readFolder = (data: string, service: string): string => join(data, service, 'read')

export const vaultFile = (data: string): string => join(data, 'vault.db')

export const tokensFile = (data: string): string => join(data, 'tokens.db')

export const keysFolder = (data: string, keys?: string): string => keys ?? `${data}.keys`

/**
 * The services that have a log in the folder; throws as `readdir` does if there is no folder.
 */
export const servicesIn = (data: string): string[] =>
  readdirSync(data)
    .filter(service => existsSync(logFile(data, service)))
    .sort()

/** A service's name is part of paths and of the log's name. */
export const isServiceName = (name: string): boolean => /^[a-z][a-z0-9-]{0,62}$/.test(name)
