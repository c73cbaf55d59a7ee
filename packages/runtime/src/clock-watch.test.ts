import { describe, expect, test } from 'vitest'
import { openClockWatch } from './clock-watch.ts'

const open = () => {
  const warnings: string[] = []
  const time = { wall: 1_000_000, monotonic: 500 }
  const watch = openClockWatch({
    warn: line => warnings.push(line),
    now: () => time.wall,
    monotonic: () => time.monotonic,
  })
  return { ...watch, warnings, time }
}

describe('the clock of a process', () => {
  test('is warned of once for each log that it is behind by more than clocks are', () => {
    const { read, faults, behindMs, warnings, time } = open()
    read('enrollment', time.wall + 5_000)
    read('assessment', time.wall - 3_600_000)
    expect([warnings, faults()]).toEqual([[], []])
    const behind = 'the clock here is 6 s behind the last entry of the log of enrollment'
    read('enrollment', time.wall + 6_000)
    read('enrollment', time.wall + 6_000)
    expect([warnings, faults()]).toEqual([[behind], [behind]])
    expect([...behindMs()]).toEqual([
      ['enrollment', 6_000],
      ['assessment', -3_600_000],
    ])
    read('enrollment', time.wall - 20)
    expect(faults()).toEqual([])
  })

  test('has jumped if it went on by more than one that nobody moves', () => {
    const { faults, jumpedMs, time } = open()
    time.wall += 60_000
    time.monotonic += 60_000
    expect([jumpedMs(), faults()]).toEqual([0, []])
    time.wall += 400 * 86_400_000
    expect(faults()).toEqual(['the clock here was moved by 34560000 s since the process began'])
    time.wall -= 400 * 86_400_000
    expect(faults()).toEqual([])
  })
})
