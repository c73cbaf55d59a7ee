import { describe, expect, test } from 'vitest'
import { openLogger } from './logging.ts'

const logged = (work: (logger: ReturnType<typeof openLogger>) => void) => {
  const lines: string[] = []
  work(openLogger('enrollment', 'info', { write: line => lines.push(line) }))
  return lines.map(line => JSON.parse(line))
}

describe('a log line', () => {
  test('says when, of which service and how grave', () => {
    const [line] = logged(logger => logger.warn({ log: 'enrollment' }, 'a log is behind'))
    expect(line).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'enrollment',
      log: 'enrollment',
      msg: 'a log is behind',
    })
  })

  test('has the message of an error and of its cause', () => {
    const cause = new Error('connection refused')
    const [line] = logged(logger => logger.error({ err: new Error('no answer', { cause }) }, 'x'))
    expect(line.err).toMatchObject({ type: 'Error', message: 'no answer: connection refused' })
    expect(line.err.stack).toContain('logging.test.ts')
  })

  test('hides what is a person’s or a secret, also deep down and in an error', () => {
    const nip = '198609262015051001'
    const err = Object.assign(new Error('refused'), { detail: { person: { nip } } })
    const lines = logged(logger => {
      logger.info({ nip, token: nip, at: { name: nip, deeper: { email: nip } } }, 'x')
      logger.info({ req: { headers: { authorization: nip } }, people: [{ birthDate: nip }] }, 'x')
      logger.child({ phone: nip }).error({ err }, 'x')
    })
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatchObject({ nip: '[hidden]', at: { name: '[hidden]' } })
    expect(JSON.stringify(lines)).not.toContain(nip)
  })

  test('is not written below the level', () => {
    expect(logged(logger => logger.debug('x'))).toEqual([])
  })
})
