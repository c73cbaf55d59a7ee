import { expect, test } from 'vitest'
import { correctedFields } from './personal-data.ts'

const registered = { nip: '1', name: 'Siti', phone: '+62811' }

test('the newest value of each field counts, and an empty one takes it away', () => {
  expect(correctedFields(registered, [])).toEqual(registered)
  const corrections = [{ name: 'Sitti' }, { phone: '', email: 'siti@x.id' }, { name: 'Sitti A.' }]
  expect(correctedFields(registered, corrections)).toEqual({
    nip: '1',
    name: 'Sitti A.',
    email: 'siti@x.id',
  })
})
