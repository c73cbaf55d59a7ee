// tidy: gRPC beside the directory, served only where services have processes of their own.
import type { SubjectKeys } from '@jejak/privacy/vault'
import { DirectoryService } from '@jejak/proto/jejak/enrollment/v1/directory'
import { authorise } from '@jejak/rpc/authorise'
import type { AdoptedRules, Employees, OpenClaims, Registers } from '@jejak/rpc/directory-client'
import { implement } from '@jejak/rpc/implement'
import { type FieldProblem, validate } from '@jejak/rpc/validate'

const askedMax = 1_000

type Asked = Employees & OpenClaims & Registers & AdoptedRules

/** What other services may ask, each in a process of its own. */
export const directoryRpc = (directory: Asked, vault: SubjectKeys) =>
  implement(DirectoryService, {
    async resolveEmployees(
      { asnIds, nips, enrollmentIds, agencies, assessorIds, ruleKinds },
      call,
    ) {
      authorise(call, 'enrollment.ResolveEmployees', {})
      const asked = [asnIds, nips, enrollmentIds, agencies, assessorIds, ruleKinds]
      validate({ asn_ids: tooMany(asked.flat().length) })
      const { resolve, byNip, owners, successors, assessors, ruleSets } = directory
      const found = [...(await resolve(asnIds)), ...(await byNip(nips))]
      const employees = found.map(person => {
        if (!person) return {}
        const { status, records, ...rest } = person
        return { ...rest, records: [...records], erased: status === 'erased' }
      })
      return {
        employees,
        enrollmentOwners: (await owners(enrollmentIds)).map(owner => owner ?? ''),
        successors: [...(await successors(agencies))],
        assessors: (await assessors(assessorIds)).map(
          ({ accreditations = [], ...assessor } = { since: '' }) => ({
            ...assessor,
            accreditations: [...accreditations],
          }),
        ),
        ruleSets: (await ruleSets(ruleKinds)).map(adopted => ({ adopted: [...adopted] })),
      }
    },

    async getSubjectKeys({ subjects }, call) {
      authorise(call, 'enrollment.GetSubjectKeys', {})
      validate({ subjects: tooMany(subjects.length) })
      const found = await vault.keys(subjects)
      const keys = found.map((key, at) =>
        key === 'erased' ? { subject: subjects[at] ?? '' } : key,
      )
      return { keys: keys.map(key => key ?? {}) }
    },

    async findOpenClaims({ claimed }, call) {
      authorise(call, 'enrollment.FindOpenClaims', {})
      validate({ claimed: tooMany(claimed.length) })
      const claims = await directory.openClaims(claimed)
      return { claimIds: claims.map(claimId => claimId ?? '') }
    },
  })

const tooMany = (count: number): FieldProblem =>
  count > askedMax ? { key: 'too-many-questions', values: { most: askedMax } } : undefined
