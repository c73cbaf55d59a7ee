import { inOrderOfDays, nipOn } from '@jejak/competency/posting'
import { notes } from '@jejak/texts/notes'
import { localise, type Text } from '@jejak/texts/text'
import { type DataOf, type Fact, type FactOf, named } from './fact.ts'
import type { Validities, Validity } from './validity.ts'

/** The postings of a record's person by the day, in the order in which each began. */
export const postingsOf = (
  held: readonly Fact[],
  asnId: string,
): readonly DataOf<'EmployeePosted'>[] => {
  const own = named(held, 'EmployeePosted').filter(({ data }) => data.asnId === asnId)
  return inOrderOfDays(own.map(({ data }) => data))
}

const lastOfEachDay = <F extends FactOf<'EmployeePosted' | 'NipChanged'>>(facts: readonly F[]) =>
  inOrderOfDays(facts.map(fact => ({ fact, since: fact.data.since }))).map(({ fact }) => fact)

const ofPerson = ['EmployeeRegistered', 'NipChanged', 'PersonalDataCorrected'] as const

/** The validity of facts that say who somebody is, and where they serve. */
export const registrationValidities = (held: readonly Fact[], asOf: string): Validities => {
  const validities = new Map<Fact, Validity>()
  const personal = named(held, ...ofPerson, 'EmployeePosted')
  for (const [, own] of Map.groupBy(personal, ({ data }) => data.asnId)) {
    replaced(named(own, 'EmployeePosted'), validities, {
      sameDay: notes.sameDayPosting,
      began: notes.laterPosting,
    })
    const changes = named(own, 'NipChanged')
    replaced(changes, validities, { sameDay: notes.sameDayNip, began: notes.laterNip })
    const begun = changes.map(fact => ({ nip: fact.id, since: fact.data.since }))
    const by = nipOn(undefined, begun, asOf)
    correctedBy(own, validities)
    if (by === undefined) continue
    for (const fact of named(own, 'EmployeeRegistered')) {
      validities.set(fact, { state: 'counts', by, note: localise(notes.nipChanged) })
    }
  }
  for (const { id, data } of named(held, 'EmployeeMerged')) {
    const note = localise(notes.mergedInto(data.survivorId))
    const validity = { state: 'over', by: id, note } as const
    for (const fact of personal) if (fact.data.asnId === data.asnId) validities.set(fact, validity)
  }
  for (const { id, data } of named(held, 'SubjectErased')) {
    const note = localise(notes.erased(data.basis))
    const validity = { state: 'over', by: id, note } as const
    for (const fact of named(personal, ...ofPerson)) {
      if (fact.data.asnId === data.asnId) validities.set(fact, validity)
    }
  }
  return validities
}

/** A correction may change one field of many: what it corrects counts for the others. */
const correctedBy = (own: readonly Fact[], validities: Map<Fact, Validity>): void => {
  const said = named(own, 'EmployeeRegistered', 'PersonalDataCorrected')
  const newest = named(own, 'PersonalDataCorrected').toSorted((a, b) => b.version - a.version)[0]
  if (!newest) return
  for (const fact of said) {
    if (fact === newest) continue
    validities.set(fact, { state: 'counts', by: newest.id, note: localise(notes.dataCorrected) })
  }
}

const replaced = <F extends FactOf<'EmployeePosted' | 'NipChanged'>>(
  facts: readonly F[],
  validities: Map<Fact, Validity>,
  instead: { readonly sameDay: Text; readonly began: (day: string) => Text },
): void => {
  const inOrder = lastOfEachDay(facts)
  for (const fact of facts) {
    const place = inOrder.findIndex(({ data }) => data.since === fact.data.since)
    const [same, next] = inOrder.slice(place)
    if (same && same !== fact) {
      const note = localise(instead.sameDay)
      validities.set(fact, { state: 'superseded', by: same.id, note })
    } else if (next) {
      validities.set(fact, {
        state: 'over',
        by: next.id,
        note: localise(instead.began(next.data.since)),
      })
    }
  }
}
