import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  BadSettings,
  type Environment,
  listVariables,
  readSettings,
  type SettingVariables,
  settingsHelp,
} from './read-settings.ts'
import {
  address,
  integer,
  optionalSetting,
  secretFile,
  textSetting,
  url,
  withDefault,
} from './setting-kinds.ts'

const dir = mkdtempSync(join(tmpdir(), 'jejak-config-'))
afterAll(() => rmSync(dir, { recursive: true }))

const fileOf = (content: string) => {
  const path = join(dir, String(content.length))
  writeFileSync(path, content, { mode: 0o600 })
  return path
}

const spec = {
  mongo: url('JEJAK_MONGO_URL', 'the replica set', ['mongodb']),
  replicas: withDefault(integer('JEJAK_REPLICAS', 'of a topic', { min: 1, max: 9 }), '3'),
  peer: optionalSetting(address('JEJAK_PEER', 'who is asked')),
  token: secretFile('JEJAK_TOKEN_FILE', 'the secret', { charactersMin: 32 }),
}

const good = {
  JEJAK_MONGO_URL: 'mongodb://a:1,b:2/?replicaSet=rs0',
  JEJAK_TOKEN_FILE: fileOf(`${'x'.repeat(32)}\n`),
}

const problems = (spec: SettingVariables, env: Environment, known: readonly string[] = []) => {
  try {
    readSettings(spec, env, known)
    return []
  } catch (error) {
    if (error instanceof BadSettings) return error.problems
    throw error
  }
}

describe('a configuration', () => {
  test('has values of the types that its spec says', () => {
    const config = readSettings(spec, { ...good, PATH: '/bin' })
    const mongo: string = config.mongo
    const replicas: number = config.replicas
    const peer: string | undefined = config.peer
    expect([mongo, replicas, peer]).toEqual([good.JEJAK_MONGO_URL, 3, undefined])
    expect(config.token).toBe('x'.repeat(32))
    expect(readSettings(spec, { ...good, JEJAK_REPLICAS: '1' }).replicas).toBe(1)
  })

  test('counts what is set to nothing as not set', () => {
    expect(readSettings(spec, { ...good, JEJAK_REPLICAS: '', JEJAK_PEER: '' })).toMatchObject({
      replicas: 3,
      peer: undefined,
    })
  })

  test('tells every problem at once, and how each is put right', () => {
    const short = fileOf('hunter2')
    const env = { JEJAK_REPLICAS: 'ten', JEJAK_PEER: 'nowhere', JEJAK_TOKEN_FILE: short }
    expect(problems(spec, env)).toEqual([
      'JEJAK_MONGO_URL is not set: set it to a URL that begins with mongodb:// (the replica set)',
      'JEJAK_REPLICAS is "ten": set it to a whole number from 1 to 9 (of a topic)',
      'JEJAK_PEER is "nowhere": set it to host:port (who is asked)',
      `JEJAK_TOKEN_FILE is "${short}", which has only 7 characters: ` +
        'set it to the path of a file of 32 characters or more (the secret)',
    ])
  })

  test('never tells a secret', () => {
    const env = {
      JEJAK_MONGO_URL: 'postgres://jejak:hunter2@db/',
      JEJAK_TOKEN_FILE: fileOf('hunter2'),
    }
    expect(problems(spec, env)).toHaveLength(2)
    expect(problems(spec, env).join()).not.toContain('hunter2')
  })

  test.each([
    ['JEJAK_MONGO_URI', 'JEJAK_MONGO_URL'],
    ['JEJAK_MONGO', 'JEJAK_MONGO_URL'],
    ['JEJAK_REPLICA', 'JEJAK_REPLICAS'],
    ['JEJAK_PERE', 'JEJAK_PEER'],
  ])('takes %s for a misspelling', (wrong, meant) => {
    const did = `${wrong} is not known: did you mean ${meant}?`
    expect(problems(spec, { ...good, [wrong]: 'a:1' })).toEqual([did])
    expect(problems(spec, { ...good, [wrong]: 'a:1' }, [wrong])).toEqual([])
  })

  test('leaves what is nothing like its own alone', () => {
    const others = {
      JEJAK_TEST_MONGO_URL: 'x',
      JEJAK_: 'x',
      JEJAK_ARCHIVE: 'x',
      JEJAK_BEER_MAT: 'x',
    }
    expect(problems(spec, { ...good, ...others })).toEqual([])
  })

  test('is listed for documents, and printed for --help', () => {
    expect(
      listVariables({ note: textSetting('JEJAK_NOTE', 'a note'), replicas: spec.replicas }),
    ).toEqual([
      { name: 'JEJAK_NOTE', meaning: 'a note', form: 'a text', required: true },
      {
        name: 'JEJAK_REPLICAS',
        meaning: 'of a topic',
        form: 'a whole number from 1 to 9',
        required: false,
        default: '3',
      },
    ])
    const printed = settingsHelp('enrollment', spec)
    expect(printed).toContain('  JEJAK_MONGO_URL (required)\n      the replica set: a URL')
    expect(printed).toContain('  JEJAK_REPLICAS (default 3)\n')
    expect(printed).toContain('  JEJAK_PEER (optional)\n')
  })
})
