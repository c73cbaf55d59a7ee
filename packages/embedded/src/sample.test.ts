import { expect, test } from 'vitest'
import { sampleLines, samplePath } from './sample.ts'

test('the sample is what its program makes: `vitest -u` writes it', async () => {
  await expect(`${sampleLines().join('\n')}\n`).toMatchFileSnapshot(samplePath)
})
