import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CompetencyDictionary } from '@jejak/competency/dictionary'
import { faultText, parseDictionaryFile } from './dictionary-file.ts'

const folder = join(import.meta.dirname, '../dictionaries')

const read = (id: string): CompetencyDictionary => {
  const path = join(folder, `${id}.yaml`)
  const parsed = parseDictionaryFile(readFileSync(path, 'utf8'))
  if ('dictionary' in parsed) return parsed.dictionary
  throw new Error(`${path}: ${parsed.faults.map(faultText).join('; ')}`)
}

/** The dictionaries that come with Jejak, each from its file. */
export const dictionaries: readonly CompetencyDictionary[] = [
  'permenpanrb-38-2017',
  'sampel-manajemen-rumah-sakit',
  'sampel-kesehatan-masyarakat',
  'sampel-pencatatan-sipil',
  'sampel-perilaku-berakhlak',
].map(read)
