import { existsSync, realpathSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'

/**
 * The path as its author meant it: npm runs scripts in the folder of the package, and says where
 * the user was. A process further down the line inherits that, and must not believe it.
 */
export const userPath = (path: string): string => {
  const { INIT_CWD: user, npm_package_json: script } = process.env
  const folder = script && existsSync(script) && realpathSync(dirname(script))
  const byNpm = user && folder === process.cwd()
  return resolve(byNpm ? user : process.cwd(), path)
}

/** A path as the user would write it. */
export const relativePath = (path: string): string => relative(userPath('.'), path) || '.'
