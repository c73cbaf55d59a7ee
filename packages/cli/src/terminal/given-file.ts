import { readBounded } from '@jejak/storage/bounded-file'
import { CommandFailed } from './exit.ts'
import { userPath } from './paths.ts'

/** A file that the user names, and somebody else may have made; `what` names it in the refusal. */
export const givenFile = async (what: string, file: string, bytesMax: number): Promise<Buffer> => {
  try {
    return await readBounded(userPath(file), bytesMax)
  } catch (error) {
    throw new CommandFailed('Unreadable', `${what}: ${(error as Error).message}`)
  }
}
