import { openOneProcess } from './testing/installation.ts'
import { testHistories } from './testing/person-histories.ts'

testHistories(openOneProcess, { count: 12, together: 1, stepsMax: 70 }, 600_000)
