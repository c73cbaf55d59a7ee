import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { logFault } from '@jejak/texts/log-faults'

/** Others than its owner can read a secret, or change what is trusted. */
export class SecretExposed extends Error {
  override name = 'SecretExposed'
}

const groupOrOthers = 0o077
const others = 0o007
const writableByOthers = 0o022

/**
 * Reads a secret that we keep in a file for its owner alone. Throws `SecretExposed` if others can
 * read it, or write to its folder.
 */
export const readSecret = (file: string): string => {
  mustBeClosed(file, groupOrOthers)
  mustNotBeWritable(dirname(file))
  return readFileSync(file, 'utf8')
}

/**
 * Reads a secret that somebody else has put in place. A group may read it, as of a file that
 * Kubernetes mounts with an fsGroup; anybody, only if it lies in a read-only mount, as a secret of
 * Docker does: then only this container sees it.
 */
export const readGivenSecret = (file: string, mounts = readMounts()): string => {
  const mode = modeOf(file)
  if ((mode & writableByOthers) !== 0 || ((mode & others) !== 0 && !isReadOnly(file, mounts))) {
    throw exposed(file, mode)
  }
  return readFileSync(file, 'utf8')
}

/** Throws `SecretExposed` if others than the owner can change a file, or what is in a folder. */
export const mustNotBeWritable = (path: string): void => {
  const mode = modeOf(path)
  if ((mode & writableByOthers) === 0) return
  const values = { path, mode: octal(mode) }
  throw new SecretExposed(logFault({ key: 'writable-by-others', values }))
}

const mustBeClosed = (file: string, to: number) => {
  const mode = modeOf(file)
  if ((mode & to) !== 0) throw exposed(file, mode)
}

const exposed = (path: string, mode: number) => {
  const values = { path, mode: octal(mode) }
  return new SecretExposed(logFault({ key: 'readable-by-others', values }))
}

/** Windows has no such bits, and says that everybody may everything. */
const modeOf = (path: string) => (process.platform === 'win32' ? 0 : statSync(path).mode & 0o777)

const octal = (mode: number) => mode.toString(8).padStart(4, '0')

/** What this process sees mounted, in the form of proc(5); empty where there is no such file. */
const readMounts = (): string => {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8')
  } catch {
    return ''
  }
}

/** Whether the innermost mount that has a file is read-only. */
const isReadOnly = (file: string, mounts: string): boolean => {
  const path = resolve(file)
  let innermost = { at: '', isReadOnly: false }
  for (const line of mounts.split('\n')) {
    const [, , , , place = '', options = ''] = line.split(' ')
    const at = place.replaceAll('\\040', ' ')
    const has = path === at || path.startsWith(at.endsWith(sep) ? at : `${at}${sep}`)
    // A later mount on the same place hides an earlier one.
    if (place && has && at.length >= innermost.at.length) {
      innermost = { at, isReadOnly: options.split(',').includes('ro') }
    }
  }
  return innermost.isReadOnly
}
