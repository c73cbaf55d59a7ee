import { checkKnown } from '@jejak/events/check'
import { expect, test } from 'vitest'
import { sampleLines, samplePath } from './sample.ts'

test('the sample is what its program makes: `vitest -u` writes it', async () => {
  await expect(`${sampleLines().join('\n')}\n`).toMatchFileSnapshot(samplePath)
})

test('the sample has events as they are declared, but for a line that was cut', () => {
  const whole = sampleLines().filter(line => line.endsWith('}'))
  expect(whole).toHaveLength(302)
  expect(whole.flatMap(line => checkKnown(JSON.parse(line)))).toEqual([])
})
