// tidy: how what comes with the program gets into the log, once.
import { archives } from '@jejak/competency/archives'
import { dictionaries } from '@jejak/frameworks/built-in'
import { sampleStandards } from '@jejak/frameworks/standards'
import { builtInRequest } from '@jejak/rpc/request'
import { recordedOf } from '@jejak/rpc/write'
import { registerArchive } from './archive.ts'
import { publishFramework } from './framework.ts'
import { setStandard } from './standard.ts'
import type { AssessmentStreams } from './streams.ts'

const attributes = { actor: 'assessment' }

/**
 * Records the dictionaries, standards and archives that come with the program, so that all that an
 * assessment refers to is in its log. Each is recorded once: the first stays, even if a later
 * version of the program has another, or somebody has set another since.
 */
export const recordBuiltIn = async ({
  frameworks,
  standards: positions,
  archives: registered,
}: AssessmentStreams) => {
  const published = dictionaries.map(async dictionary => {
    const { frameworkId } = dictionary
    const transacted = await frameworks.transact(frameworkId, {
      decide: state => publishFramework(state, dictionary),
      request: builtInRequest(`framework/${frameworkId}`),
      attributes,
    })
    if ('refused' in transacted && transacted.refused === 'PublishedOtherwise') return
    await recordedOf(transacted)
  })
  const kept = archives.map(async archive => {
    const transacted = await registered.transact(archive.code, {
      decide: state => (state.status === 'absent' ? registerArchive(state, archive) : []),
      request: builtInRequest(`archive/${archive.code}`),
      attributes,
    })
    if ('refused' in transacted && transacted.refused === 'RegisteredOtherwise') return
    await recordedOf(transacted)
  })
  const required = sampleStandards().map(async ({ requirements, ...standard }) => {
    const { position, validFrom } = standard
    const transacted = await positions.transact(position, {
      decide: state =>
        state.some(known => known.validFrom === validFrom)
          ? []
          : setStandard(state, { ...standard, requirements: [...requirements] }),
      request: builtInRequest(`standard/${position}/${validFrom}`),
      attributes,
    })
    await recordedOf(transacted)
  })
  await Promise.all([...published, ...required, ...kept])
}
