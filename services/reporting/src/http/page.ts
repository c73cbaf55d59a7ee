import { afterOf, pageTokenOf, pageTokenProblem, validate } from '@jejak/rpc/validate'
import { type Static, Type } from 'typebox'
import type { PageQuery } from '../read-model/queries.ts'
import { closed } from './fields.ts'

const limitMax = 200
const limitDefault = 50

/** A page is short enough to be put together while somebody waits. */
const page = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: limitMax,
      default: limitDefault,
      title: `a whole number from 1 to ${limitMax}`,
    }),
  ),
  after: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_-]{1,512}$',
      title: 'next of the page before, of the same list',
      description: 'where the page goes on; not of the first page',
    }),
  ),
}

export const next = Type.Optional(
  Type.String({ description: 'after of the next page; absent from the last one' }),
)

export const pages = Type.Object(page, closed)

/** The page of a list that is asked for. The token of another list is refused. */
export const pageQueryOf = (
  { limit = limitDefault, after = '' }: Static<typeof pages>,
  list: readonly string[],
): PageQuery => {
  validate({ after: pageTokenProblem(after, list) })
  const behind = afterOf(after)
  return { limit, ...(behind !== undefined && { after: behind }) }
}

/** The token of the next page of a list, if there is one. */
export const nextOf = (list: readonly string[], next: string | undefined) =>
  next ? { next: pageTokenOf(list, next) } : {}
