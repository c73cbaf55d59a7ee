import { readFile } from 'node:fs/promises'

export const lastLines = async (log: string, count: number): Promise<string> =>
  (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-count).join('\n')
