export type Location = {
  readonly service?: string
  readonly commit?: number
  /** Position of an entry in its log. */
  readonly index?: number
  readonly tile?: string
  readonly file?: string
}

/** What was looked at is not what it should be, and where. */
export class LogRefused extends Error {
  readonly problem: string
  readonly where: Location

  constructor(problem: string, where: Location, detail: string) {
    super(detail)
    this.problem = problem
    this.where = where
  }
}

/** There is nothing to work on, or nothing to do it with: the message says what to do. */
export class LogUnusable extends Error {
  readonly problem: string

  constructor(problem: string, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.problem = problem
  }
}

export const describeLocation = (where: Location): string =>
  Object.entries(where)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
