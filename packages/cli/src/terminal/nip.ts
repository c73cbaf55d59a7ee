import { createInterface } from 'node:readline'
import { terminalText } from '@jejak/texts/terminal'
import { CommandFailed } from './exit.ts'
import { givenFile } from './given-file.ts'

const nipBytesMax = 1_024

/** A NIP: of a file, or else the first line that is typed or piped in. */
export const askedNip = async (file: string | undefined): Promise<string> => {
  refuseNip(file)
  return nipIn(file)
}

/** Who types it there has it in the history of their shell: let them know, and go no further. */
const refuseNip = (file = ''): void => {
  if (file.replaceAll(/\D/g, '').length >= 16) {
    throw new CommandFailed('NipTyped', terminalText('nip-typed'))
  }
}

/** The first line of the file, or of what is typed or piped in. */
const nipIn = async (file: string | undefined): Promise<string> => {
  if (file !== undefined) {
    return (await givenFile('file', file, nipBytesMax)).toString().trim()
  }
  if (process.stdin.isTTY) process.stderr.write('NIP: ')
  const lines = createInterface({ input: process.stdin })
  for await (const line of lines) return line.trim()
  return ''
}
