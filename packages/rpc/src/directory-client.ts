import { status } from '@grpc/grpc-js'
import type { DirectoryService } from '@jejak/proto/jejak/enrollment/v1/directory'
import { delays } from '@jejak/texts/delays'
import type { Client } from './client.ts'
import { RpcError, tryLater } from './error.ts'

/** A person, as enrollment knows of one today. */
export type Resolved = {
  /** The surviving record's, of one that was merged. */
  readonly asnId: string
  /** All of the person, this one first. */
  readonly records: readonly string[]
  readonly agency: string
  readonly position: string
  readonly status: 'active' | 'erased'
}

type Key = { readonly subject: string; readonly keyId: string; readonly key: Uint8Array }

/** What enrollment tells other services of people. Answers stand in the order of the questions. */
export type Directory = {
  readonly resolve: (asnIds: readonly string[]) => Promise<readonly (Resolved | undefined)[]>
  readonly byNip: (nips: readonly string[]) => Promise<readonly (Resolved | undefined)[]>
  /** Of what is sealed of them; undefined of one that never had a key. */
  readonly keys: (subjects: readonly string[]) => Promise<readonly (Key | 'erased' | undefined)[]>
}

/** As many as one request may ask for. */
const askedMax = 1_000
const retryAfterMs = 1_000

export const remoteDirectory = (directory: Client<typeof DirectoryService>): Directory => {
  const resolved = async (question: { asnIds: string[] } | { nips: string[] }) => {
    const { employees } = await directory.resolveEmployees(question)
    return employees.map(({ asnId, records, agency, position, erased }) =>
      asnId === ''
        ? undefined
        : ({ asnId, records, agency, position, status: erased ? 'erased' : 'active' } as const),
    )
  }
  return {
    resolve: inParts(asnIds => resolved({ asnIds })),
    byNip: inParts(nips => resolved({ nips })),
    keys: inParts(async subjects => {
      const { keys } = await directory.getSubjectKeys({ subjects })
      return keys.map(({ subject, keyId, key }) => {
        if (subject === '') return undefined
        return keyId === '' ? 'erased' : { subject, keyId, key }
      })
    }),
  }
}

const inParts =
  <Answer>(ask: (questions: string[]) => Promise<readonly Answer[]>) =>
  async (questions: readonly string[]): Promise<readonly Answer[]> => {
    const answers: Answer[] = []
    for (let at = 0; at < questions.length; at += askedMax)
      answers.push(...(await ask(questions.slice(at, at + askedMax)).catch(ours)))
    return answers
  }

/** How enrollment has answered us is not how we answer our own caller. */
const ours = (error: unknown): never => {
  if (!(error instanceof RpcError)) throw error
  if ([status.UNAVAILABLE, status.DEADLINE_EXCEEDED].includes(error.code))
    throw tryLater(delays.directoryAway, retryAfterMs)
  throw new Error(`enrollment has refused a question of ours: ${error.message}`, { cause: error })
}
