import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { env, execPath } from 'node:process'
import exported from '@balena/dockerignore'
import { runProgram } from './processes.ts'

const root = join(import.meta.dirname, '..', '..', '..')
// Its types declare the function as `default`; at run time the module is the function.
const dockerignore = exported as unknown as typeof exported.default
const dockerfile = join(root, 'infra', 'Dockerfile')

/** The files of an image, and the command that starts its process. */
export type Image = {
  /** Stands for `/` of the image. */
  readonly folder: string
  readonly workdir: string
  readonly environment: Readonly<Record<string, string>>
  readonly command: readonly string[]
}

type Stage = { folder: string; workdir: string; environment: Record<string, string> }

/**
 * Goes through the steps of `infra/Dockerfile` without Docker, in an empty folder. It does not
 * check the base image, the owners of files and the limits of a container.
 */
export const makeImage = async (service: string, folder: string): Promise<Image> => {
  const stages = new Map<string, Stage>()
  const context = join(folder, 'context')
  await copyContext(context)
  let stage: Stage = { folder, workdir: '/', environment: {} }
  let command: readonly string[] = []
  for (const { name, rest } of instructionsOf(await readFile(dockerfile, 'utf8'))) {
    if (name === 'FROM') {
      const [from = '', , as = 'image'] = rest.split(' ')
      stage = await begin(stages.get(from), join(folder, as))
      stages.set(as, stage)
    } else if (name === 'ARG') stage.environment[rest] = service
    else if (name === 'ENV') Object.assign(stage.environment, assignments(rest))
    else if (name === 'WORKDIR') stage.workdir = resolve('/', expand(rest, stage.environment))
    else if (name === 'COPY') await copy(stage, rest, from => stages.get(from)?.folder ?? context)
    else if (name === 'RUN') await perform(stage, rest)
    else if (name === 'CMD') command = JSON.parse(rest)
    else if (!aboutContainers.includes(name)) throw new Error(`Dockerfile has ${name}`)
  }
  const { folder: files, workdir, environment } = stage
  return { folder: files, workdir: join(files, workdir), environment, command }
}

/** The answer of a service's image to `--help`. Throws if it can't be made or lacks a package. */
export const tryImage = async (service: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'jejak-image-'))
  try {
    const { workdir, environment, command } = await makeImage(service, folder)
    const [, ...args] = command // `node`: this one.
    const { stdout } = await runProgram(execPath, [...args, '--help'], workdir, environment)
    return stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}

const aboutContainers = ['USER', 'STOPSIGNAL', 'HEALTHCHECK']

const begin = async (base: Stage | undefined, folder: string): Promise<Stage> => {
  await mkdir(folder, { recursive: true })
  if (base) await cp(base.folder, folder, { recursive: true, verbatimSymlinks: true })
  return { folder, workdir: base?.workdir ?? '/', environment: { ...base?.environment } }
}

const assignments = (text: string): Record<string, string> =>
  Object.fromEntries(text.split(/\s+/).map(pair => pair.split(/=(.*)/s, 2)))

const copy = async ({ folder, workdir }: Stage, rest: string, from: (stage: string) => string) => {
  const words = rest.split(' ')
  const stage = words.find(word => word.startsWith('--from='))?.slice('--from='.length) ?? ''
  const [source = '', target = ''] = words.filter(word => !word.startsWith('--'))
  const to = join(folder, resolve(workdir, target))
  await cp(join(from(stage), source), to, { recursive: true, verbatimSymlinks: true })
}

const perform = async ({ folder, workdir, environment }: Stage, script: string) => {
  const cwd = join(folder, workdir)
  await mkdir(cwd, { recursive: true })
  await runProgram('sh', ['-c', script], cwd, { ...env, ...environment })
}

/** Copies what Docker would send to a build: the files that git knows and `.dockerignore` keeps. */
const copyContext = async (folder: string) => {
  const ignore = dockerignore().add(await readFile(join(root, '.dockerignore'), 'utf8'))
  const listed = await runProgram(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard'],
    root,
  )
  const files: string[] = ignore.filter(listed.stdout.split('\n').filter(Boolean))
  for (const file of files) await cp(join(root, file), join(folder, file))
}

/** An instruction of a Dockerfile, as `COPY` and what follows it on its line. */
type Instruction = { readonly name: string; readonly rest: string }

const instructionsOf = (text: string): readonly Instruction[] =>
  text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => {
      const [name = '', ...rest] = line.trim().split(' ')
      return { name, rest: rest.join(' ').trim() }
    })

/** Replaces `$NAME` and `${NAME}` as Docker does; an unknown one by nothing. */
const expand = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\$\{?(\w+)\}?/g, (_, name) => variables[name] ?? '')
