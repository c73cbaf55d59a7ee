import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { describe, expect, test } from 'vitest'
import { answer, answerByWord, type FiledRequest, file, subjectRequest } from './subject-request.ts'

const requestId = '019b8bab-0680-75be-8eaf-000000000001'
const asnId = '019b8bab-0680-75be-8eaf-000000000002'
const filed = {
  requestId,
  asnId,
  kind: 'correction',
  filedBy: 'asn',
  statement: { alg: 'A256GCM', keyId: asnId, iv: '', ciphertext: '' },
  dueAt: '2026-04-04T00:00:00.000Z',
  rule: 'permintaan-subjek-data-v1',
} as const satisfies FiledRequest
const isFiled = { type: 'SubjectRequestFiled', ...filed } as const
const done = { outcome: 'done', reason: 'Menurut akta kelahiran' } as const
const isDone = {
  type: 'SubjectRequestAnswered',
  ...{ requestId, asnId, dueAt: filed.dueAt },
  ...done,
} as const

describe('a request of a data subject', () => {
  test('is filed once', () => {
    expect(given(subjectRequest).when(file, filed)).toEqual([isFiled])
    expect(given(subjectRequest, isFiled).when(file, filed)).toEqual([])
    expect(given(subjectRequest, isFiled, isDone).when(file, filed)).toEqual([])
  })

  test('is answered once, and the first answer stays', () => {
    expect(given(subjectRequest, isFiled).when(answer, done)).toEqual([isDone])
    expect(given(subjectRequest, isFiled, isDone).when(answer, done)).toEqual([])
    const refused = { outcome: 'refused', reason: 'UU 27/2022 Pasal 33' } as const
    expect(given(subjectRequest, isFiled, isDone).when(answer, refused)).toEqual(
      refuse('SubjectRequestAnswered'),
    )
  })

  test('for a correction is done by no word, and can be refused', () => {
    const open = given(subjectRequest, isFiled)
    expect(open.when(answerByWord, done)).toEqual(refuse('CorrectionNotMade'))
    const refused = { outcome: 'refused', reason: 'UU 27/2022 Pasal 33' } as const
    expect(open.when(answerByWord, refused)).toEqual([{ ...isDone, ...refused }])
    expect(given(subjectRequest, isFiled, isDone).when(answerByWord, done)).toEqual([])
    const copy = { ...isFiled, kind: 'copy' } as const
    expect(given(subjectRequest, copy).when(answerByWord, done)).toEqual([isDone])
  })

  test('can be answered only if it was filed', () => {
    expect(given(subjectRequest).when(answer, done)).toEqual(refuse('SubjectRequestUnknown'))
  })
})
