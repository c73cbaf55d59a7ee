import { setTimeout as sleep } from 'node:timers/promises'
import { RpcError } from '@jejak/rpc/error'
import { expect } from 'vitest'
import { type AskedRead, type AskHttp, askedReads, inPages, mayRead } from './asked-reads.ts'
import { type ExpectedReads, lineText, type ReadLine, readFaults } from './expected-reads.ts'
import type { Step } from './game-steps.ts'
import { type Caller, type Installation, services } from './installation.ts'
import type { GamePeople, ModelPerson } from './person-model.ts'

const againAfterMs = 200

class HttpRefused extends Error {}

/** Its answer, or undefined if it was refused. Whatever else fails is a failure of the test. */
const unlessRefused = <T>(call: Promise<T>): Promise<T | undefined> =>
  call.catch(error => {
    if (error instanceof HttpRefused) return undefined
    if (error instanceof RpcError && error.reason !== '') return undefined
    throw error
  })

/** Reads what the services give out, with the tokens of several callers. */
export class PersonReads {
  readonly #installation: Installation
  readonly #expected: ExpectedReads
  readonly #game: GamePeople
  readonly #callers: Caller[] = []
  readonly #own = new Map<string, Caller>()
  /** How long each log was before the game, by its name. */
  readonly #sizes = new Map<string, number>()

  constructor(installation: Installation, expected: ExpectedReads, game: GamePeople) {
    this.#installation = installation
    this.#expected = expected
    this.#game = game
  }

  async begin() {
    const { issue, as } = this.#installation
    const offices = [
      { role: 'hr' },
      { role: 'hr' },
      { role: 'auditor' },
      { role: 'ministry' },
    ] as const
    const agencies = this.#game.agencies.map(agency => ({ role: 'agency', agency }) as const)
    for (const grant of [...offices, ...agencies]) this.#callers.push(await issue(grant))
    const { history } = as(this.auditor)
    for (const log of services) {
      this.#sizes.set(log, Number((await history.getCheckpoint({ log })).size))
    }
  }

  get hr(): Caller {
    return this.#callers[0] as Caller
  }

  get auditor(): Caller {
    return this.#callers[2] as Caller
  }

  /** One of the offices and agencies, or mostly the civil servant. */
  async #caller(asnId: string, { by, what }: Step): Promise<Caller> {
    const office = this.#callers[by]
    if (office) return office
    const { records } = this.#game
    const who = by < 9 ? asnId : (records[what % records.length] as string)
    const known = this.#own.get(who)
    // No token is issued for somebody who was erased.
    if (known || this.#game.personOf(who).erased) return known ?? this.hr
    const own = await this.#installation.issue({ role: 'asn', asnId: who })
    this.#own.set(who, own)
    return own
  }

  async read(asnId: string, step: Step): Promise<void> {
    const reader = await this.#caller(asnId, step)
    const asking = {
      ...{ game: this.#game, reader, clients: this.#installation.as(reader), asnId },
      ...{ http: this.#http(reader), person: this.#game.personOf(asnId), other: step.other },
    }
    const asked = askedReads(asking)
    await this.#ask(reader, asked[step.what % asked.length] as AskedRead)
  }

  /** Certificates of a record, by a call of whoever wants more of the answer. */
  async ofCertificates(reader: Caller, asnId: string, call: AskedRead['call']): Promise<void> {
    const person = this.#game.personOf(asnId)
    await this.#ask(reader, {
      ...{ service: 'certification', fields: ['certificates'], call },
      ...{
        may: mayRead(this.#game, reader, person),
        whom: person.certified.size > 0 ? [person] : [],
      },
    })
  }

  async #ask(reader: Caller, { call, may, whom, ...read }: AskedRead) {
    const from = this.#installation.now()
    const answered = await unlessRefused(call())
    const to = this.#installation.now()
    expect(answered !== undefined).toBe(may)
    if (!answered) return
    const given = new Set(answered.map(record => this.#game.personOf(record)))
    const named = (people: Iterable<ModelPerson>) =>
      [...people].map(each => each.records).toSorted()
    expect([read.fields, named(given)]).toEqual([read.fields, named(whom)])
    const records = whom.map(({ records: [first] }) => first as string)
    this.#expected.people({ ...read, reader, records, from, to })
  }

  /** Entries as they are stored: of a log since the game began, or of a stream. */
  async readEntries(asnId: string, { one, other, by }: Step): Promise<void> {
    const reader = by % 2 === 0 ? this.auditor : this.hr
    const { history } = this.#installation.as(reader)
    const log = services[other % 8]
    const stream = `employee/${asnId}`
    const from = log ? (this.#sizes.get(log) ?? 0) : 1
    let to = from
    const call = async () => {
      if (log) {
        for await (const page of history.readLog({ log, fromPosition: BigInt(from) })) {
          to += page.entries.length
        }
      } else {
        for await (const _ of history.readStream({ log: 'enrollment', stream })) to++
      }
      return one
    }
    const answered = await unlessRefused(call())
    expect(answered !== undefined).toBe(!(log && reader === this.hr))
    if (answered === undefined) return
    if (log) this.#expected.entries({ log, reader, from, to })
    else this.#expected.entries({ log: 'enrollment', stream, reader, from, to }, asnId)
  }

  /** Reports tell who has read somebody, and record that they have told it. */
  async askWhoReads(asnId: string, step: Step): Promise<void> {
    const person = this.#game.personOf(asnId)
    const asked = await this.#caller(asnId, step)
    const reader = asked.role === 'agency' ? this.hr : asked
    const expected = this.#expected.linesOf(person.records, false)
    const http = this.#http(reader)
    const lines: ReadLine[] = []
    await this.#ask(reader, {
      ...{ service: 'reporting', fields: ['reads'], may: mayRead(this.#game, reader, person) },
      whom: expected.size > 0 ? [person] : [],
      call: async () => {
        await inPages(async after => {
          const path = `/people/${asnId}/reads?limit=3${after && `&after=${after}`}`
          const { reads, next = '' } = await http(path)
          lines.push(...reads)
          return [[], next]
        })
        return lines.length > 0 ? [asnId] : []
      },
    })
    if (!mayRead(this.#game, reader, person)) return
    // Its own line may be on a later page of it.
    const after = this.#expected.linesOf(person.records, false)
    const wanted = new Map([...after.keys()].map(line => [line, expected.get(line) ?? false]))
    expect(readFaults(wanted, lines.map(lineText)).join('\n')).toBe('')
  }

  #http(reader: Caller): AskHttp {
    return async (path, { purpose, body, headers = {} } = {}) => {
      const answer = await fetch(`http://${this.#installation.http}/v1${path}`, {
        method: body ? 'POST' : 'GET',
        ...(body && { body: JSON.stringify(body) }),
        headers: {
          authorization: `Bearer ${reader.token}`,
          ...(purpose !== undefined && { 'x-purpose': purpose }),
          ...(body && { 'content-type': 'application/json' }),
          ...headers,
        },
      })
      const text = await answer.text()
      if (answer.status === 503) {
        await sleep(againAfterMs) // A busy machine has no answer yet.
        return this.#http(reader)(path, { purpose, body, headers })
      }
      if (answer.status >= 500) throw new Error(`${path}: ${answer.status} ${text}`)
      if (answer.status >= 400) throw new HttpRefused(text)
      const isJson = answer.headers.get('content-type')?.includes('json')
      return { ...(isJson && JSON.parse(text)), text }
    }
  }
}
