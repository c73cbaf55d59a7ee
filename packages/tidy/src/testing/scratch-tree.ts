import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** A copy of the tree, to be changed and checked: it has the packages that are installed here. */
export class ScratchTree {
  readonly #root: string
  readonly folder = mkdtempSync(join(tmpdir(), 'jejak-scratch-'))

  /** `paths` are all files of the tree; `more` are files and folders beside them. */
  constructor(root: string, paths: readonly string[], more: readonly string[]) {
    this.#root = root
    for (const path of more) cpSync(join(root, path), join(this.folder, path), { recursive: true })
    for (const path of paths) {
      mkdirSync(join(this.folder, dirname(path)), { recursive: true })
      cpSync(join(root, path), join(this.folder, path))
    }
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'))
    const packages = paths.filter(path => path.endsWith('/package.json')).map(dirname)
    for (const folder of packages) {
      const installed = join(root, folder, 'node_modules')
      // Links to other packages are relative, and so lead to those of the copy.
      if (!existsSync(installed)) continue
      cpSync(installed, join(this.folder, folder, 'node_modules'), {
        recursive: true,
        verbatimSymlinks: true,
      })
    }
  }

  /** Puts a text before the last place where `anchor` is. */
  insert(path: string, text: string, anchor: string): void {
    const file = join(this.folder, path)
    const before = readFileSync(file, 'utf8')
    const at = before.lastIndexOf(anchor)
    if (at < 0) throw new Error(`${path} has no ${JSON.stringify(anchor)}: mend the recipe`)
    writeFileSync(file, before.slice(0, at) + text + before.slice(at))
  }

  /** Runs a program of the tree in the copy, and returns its output. */
  run(program: string, ...args: readonly string[]): string {
    const binaries = ['node_modules/.bin', 'proto/node_modules/.bin'].map(path =>
      join(this.#root, path),
    )
    const PATH = [...binaries, process.env['PATH']].join(delimiter)
    const { stdout, stderr } = spawnSync(program, args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...process.env, PATH, NO_COLOR: '1', FORCE_COLOR: '0' },
    })
    return `${stdout}${stderr}`
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}
