import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const exec = promisify(execFile)

/** Runs a program to its end. What it said is in the error when it fails. */
export const runProgram = async (
  command: string,
  args: readonly string[],
  cwd?: string,
  env?: NodeJS.ProcessEnv,
) => {
  try {
    return await exec(command, args, { cwd, env, maxBuffer: 64 << 20 })
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as NodeJS.ErrnoException & Output
    if (code === 'ENOENT') throw new Error(`${command} is not installed`, { cause: error })
    const said = (stderr.trim() || stdout.trim()).split('\n').slice(-5).join('\n')
    throw new Error(`${command} ${args.join(' ')} failed: ${said}`, { cause: error })
  }
}

type Output = { readonly stdout?: string; readonly stderr?: string }
