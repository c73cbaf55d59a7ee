import { daysFrom } from '@jejak/competency/calendar'
import type { AssessmentService } from '@jejak/proto/jejak/assessment/v1/assessment'
import { authorise } from '@jejak/rpc/authorise'
import type { Handlers } from '@jejak/rpc/implement'
import { cutPage } from '@jejak/rpc/page'
import {
  afterOf,
  codeProblem,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  unlessEmpty,
  validate,
} from '@jejak/rpc/validate'
import type { People } from '../people.ts'
import { isOverdueOn, type WaitingContest } from './contest-clock.ts'

type Handler = Handlers<typeof AssessmentService>

export type ContestReadPorts = {
  readonly people: Pick<People, 'persons' | 'successorOf'>
  readonly waiting: () => Promise<readonly WaitingContest[]>
  readonly today: () => string
}

/** Of those who serve at an agency today, wherever they did when they filed. */
export const listingContests = (ports: ContestReadPorts) =>
  (async ({ agency, overdue, pageSize: size, pageToken: token }, call) => {
    const filter = ['contests', agency, String(overdue)]
    validate({
      agency: unlessEmpty(agency, codeProblem),
      page_size: pageSizeProblem(size),
      page_token: pageTokenProblem(token, filter),
    })
    const holder = agency && (await ports.people.successorOf(agency, ''))
    authorise(call, 'assessment.ListContests', holder ? { agency: holder } : {})
    const after = afterOf(token) ?? ''
    const found = (await openContests(ports, holder)).filter(
      each => keyOf(each) > after && (!overdue || each.overdue),
    )
    const { items, next } = await cutPage(
      found.map(each => [keyOf(each), each] as const),
      pageSizeOf(size),
    )
    return {
      answer: { contests: [...items], nextPageToken: next && pageTokenOf(filter, next) },
      asnIds: [...new Set(items.map(({ asnId }) => asnId))],
    }
  }) satisfies Handler['listContests']

/** In the order of their last days; those without one come last. */
const openContests = async ({ people, waiting, today }: ContestReadPorts, agency: string) => {
  const all = await waiting()
  const persons = await people.persons(all.map(({ asnId }) => asnId))
  const day = today()
  return all
    .flatMap(({ isOverdue: _, ...contest }, at) => {
      const person = persons[at]
      // One of an erased person is about to end.
      if (person?.status !== 'active' || (agency && person.agency !== agency)) return []
      const overdue = isOverdueOn(contest, day)
      const daysLeft = contest.dueOn === '' ? 0 : daysFrom(day, contest.dueOn)
      return [{ ...contest, asnId: person.asnId, agency: person.agency, daysLeft, overdue }]
    })
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

const keyOf = ({ dueOn, contestId }: Pick<WaitingContest, 'dueOn' | 'contestId'>): string =>
  `${dueOn || '9999-12-31'}/${contestId}`

export type OpenContests = { readonly open: number; readonly overdue: number }

export const countContests = async (ports: ContestReadPorts): Promise<OpenContests> => {
  const all = await openContests(ports, '')
  return { open: all.length, overdue: all.filter(({ overdue }) => overdue).length }
}
