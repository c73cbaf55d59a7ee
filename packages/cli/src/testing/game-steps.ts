import fc from 'fast-check'

const stepNames = [
  ...['register', 'merge', 'merge', 'nominate', 'nominate', 'approve', 'approve', 'approve'],
  ...['attend', 'attend', 'attend', 'complete', 'complete', 'complete', 'assess', 'assess'],
  ...['correct', 'contest', 'transfer', 'changeNip', 'erase', 'passTime'],
  ...['read', 'read', 'read', 'read', 'read', 'read', 'read', 'read', 'readEntries', 'askWhoReads'],
] as const

/** What is read in these is all that was recorded before: nothing else may happen meanwhile. */
const alone: ReadonlySet<Step['name']> = new Set(['readEntries', 'askWhoReads'])
export const isAlone = ({ name }: Step): boolean => alone.has(name)

/** A step names a record, something else and a caller by numbers, of those that there are. */
export const someSteps = fc.array(
  fc.record({
    ...{ name: fc.constantFrom(...stepNames), one: fc.nat(9), other: fc.nat(9) },
    ...{ by: fc.nat(9), what: fc.nat(99) },
  }),
  { minLength: 25, maxLength: 70 },
)
export type Step = ReturnType<typeof someSteps.generate>['value'][number]
