/**
 * What a suite may need, by the function of `suites.ts` that declares it. A suite that needs a
 * broker of its own starts and kills it, and can do so only with the programs of this machine.
 */
export const needs = {
  mongo: { declaredBy: 'describeMongo', title: 'MongoDB', nowhere: 'mongodb://none.invalid' },
  kafka: { declaredBy: 'describeKafka', title: 'Kafka', nowhere: 'none.invalid:9092' },
  ownMongo: { declaredBy: 'describeOwnMongo', title: 'a mongod to start and kill', nowhere: '' },
  ownKafka: { declaredBy: 'describeOwnKafka', title: 'a Kafka to start and kill', nowhere: '' },
} as const

export type Need = keyof typeof needs

/** What `setup.ts` found: an address, or why there is none. */
export type Supply = string | { readonly missing: readonly string[] }

/** Nothing stands for a need that no chosen test file declares. */
export type Supplies = Partial<Record<Need, Supply>>

declare module 'vitest' {
  interface ProvidedContext {
    readonly supplies: Supplies
    /** In CI a suite without its broker fails. */
    readonly supplied: 'if there is one' | 'always'
  }
  interface TaskMeta {
    need?: Need
  }
}
