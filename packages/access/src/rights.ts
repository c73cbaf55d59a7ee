import type { Principal } from './principal.ts'

/**
 * `own`: the agency of the person or thing is the principal's, or the person is the principal.
 * The agency of a person is that of the present posting.
 */
export type Right = 'all' | 'own'

type Rights = Readonly<Partial<Record<Principal['role'], Right>>>

const byHr = { hr: 'all' } as const
const byServices = { service: 'all' } as const
const byAuditor = { auditor: 'all', service: 'all' } as const
const byAgency = { agency: 'own', hr: 'all' } as const
const readByOffices = { agency: 'own', hr: 'all', auditor: 'all' } as const
const readByPerson = { ...readByOffices, asn: 'own' } as const
/** HR and auditors, and the person: no agency of theirs. */
const readByOfficeOrPerson = { hr: 'all', auditor: 'all', asn: 'own' } as const
const readByAll = { agency: 'all', hr: 'all', auditor: 'all', ministry: 'all', asn: 'all' } as const

/** The rights of each role, by call. A role that is not named has no right. */
export const rights = {
  'enrollment.RegisterEmployee': byAgency,
  'enrollment.ChangeNip': byHr,
  'enrollment.CorrectPersonalData': byHr,
  'enrollment.MergeEmployees': byHr,
  'enrollment.PostEmployee': byHr,
  'enrollment.EraseEmployee': byHr,
  'enrollment.GetEmployee': readByPerson,
  'enrollment.LookUpEmployee': readByPerson,
  'enrollment.ListEmployees': readByOffices,

  'enrollment.FileSubjectRequest': { hr: 'all', asn: 'own' },
  'enrollment.AnswerSubjectRequest': byHr,
  'enrollment.ListSubjectRequests': readByOfficeOrPerson,

  'enrollment.RegisterAgency': byHr,
  'enrollment.RenameAgency': byHr,
  'enrollment.CloseAgency': byHr,
  'enrollment.ListAgencies': readByAll,

  'enrollment.RegisterAssessor': byHr,
  'enrollment.AccreditAssessor': byHr,
  'enrollment.EndAssessor': byHr,
  'enrollment.EraseAssessor': byHr,
  // Agencies name any of them in their assessments.
  'enrollment.ListAssessors': { agency: 'all', hr: 'all', auditor: 'all' },
  'enrollment.AdoptRuleSet': byHr,
  'enrollment.GetRuleSet': readByAll,
  'enrollment.ListRuleSets': readByAll,

  'enrollment.FileClaim': { agency: 'own' },
  'enrollment.ListClaims': byAgency,
  'enrollment.DecideClaim': byHr,

  'enrollment.RecordCareer': byHr,
  'enrollment.ListCareer': readByPerson,
  // Punishments are for HR and the person alone.
  'enrollment.StateDiscipline': byHr,
  'enrollment.GetDiscipline': { hr: 'all', asn: 'own' },

  'enrollment.PublishProgram': byHr,
  'enrollment.GetProgram': readByAll,
  'enrollment.ListPrograms': readByAll,
  'enrollment.OpenCohort': byHr,
  'enrollment.GetCohort': readByAll,

  'enrollment.Nominate': byAgency,
  'enrollment.Approve': byHr,
  'enrollment.Refuse': byHr,
  'enrollment.RecordAttendance': byAgency,
  'enrollment.Complete': byHr,
  'enrollment.Withdraw': byAgency,
  'enrollment.GetEnrollment': readByPerson,
  'enrollment.ListEnrollments': readByPerson,

  'enrollment.RecordLearning': byAgency,
  'enrollment.RevokeLearning': byAgency,
  'enrollment.ListLearning': readByPerson,

  'assessment.SubmitAssessment': { agency: 'own' },
  'assessment.SubmitAssessments': { agency: 'own' },
  // Own is here the agency that submitted it and whose person it is: both are asked.
  'assessment.CorrectAssessment': { agency: 'own' },
  'assessment.ContestAssessment': { asn: 'own' },
  'assessment.AllowLateContest': byHr,
  'assessment.ResolveContest': byHr,
  'assessment.ListContests': readByOffices,
  'assessment.ListAssessments': readByPerson,
  'assessment.GetCompetencyProfile': readByPerson,

  'assessment.RegisterArchive': byHr,
  'assessment.ListArchives': readByAll,
  'assessment.PublishFramework': byHr,
  'assessment.GetFramework': readByAll,
  'assessment.ListFrameworks': readByAll,
  'assessment.RetireCompetency': byHr,
  'assessment.EquateCompetencies': byHr,
  'assessment.ResolveCompetency': readByAll,
  'assessment.SetStandard': byHr,
  'assessment.GetStandard': readByAll,

  'certification.GetCertificate': readByPerson,
  'certification.ListCertificates': readByPerson,
  'certification.RevokeCertificate': byHr,
  'certification.ExplainCertification': readByPerson,

  'enrollment.ResolveEmployees': byServices,
  'enrollment.GetSubjectKeys': byServices,
  'enrollment.FindOpenClaims': byServices,

  'history.ReadStream': { ...byAuditor, hr: 'all' },
  'history.ReadLog': byAuditor,
  // Heads are kept wherever people are: the more of them, the less can be rewritten.
  'history.GetCheckpoint': { ...readByAll, service: 'all' },
  'history.GetInclusionProof': byAuditor,
  'history.GetConsistencyProof': byAuditor,

  'parked.ListParked': { hr: 'all', auditor: 'all' },
  'parked.GetParked': { hr: 'all', auditor: 'all' },
  'parked.RetryParked': byHr,
  'parked.DiscardParked': byHr,

  'reporting.GetPerson': readByPerson,
  'reporting.GetHistory': readByPerson,
  // Whom else an agency's people are read by is not the agency's to know.
  'reporting.ListReads': readByOfficeOrPerson,
  'reporting.ListPeople': readByOffices,
  'reporting.GetGap': readByPerson,
  'reporting.GetGaps': readByOffices,
  'reporting.ListContests': readByOffices,
  'reporting.ListCityContests': { hr: 'all', auditor: 'all' },
  'reporting.GetHours': readByPerson,
  'reporting.ListHours': readByOffices,
  'reporting.GetCityGaps': { hr: 'all', auditor: 'all', ministry: 'all' },
  'reporting.PreviewRules': byHr,
  // Discipline, and what would show it, is for those who may ask for GetDiscipline.
  'reporting.GetIpAsn': readByPerson,
  'reporting.GetIpAsnSums': readByOffices,
  'reporting.Rebuild': byHr,
  'reporting.Export': { hr: 'all', auditor: 'all', ministry: 'all' },
} as const satisfies Readonly<Record<string, Rights>>

/** The service, and the name of the call. */
export type Action = keyof typeof rights

/** The agency and the person that a call concerns. */
export type Touched = { readonly agency?: string | undefined; readonly asnId?: string | undefined }

export const may = (principal: Principal, action: Action, touched: Touched): boolean => {
  const { [principal.role]: right }: Rights = rights[action]
  if (right !== 'own') return right === 'all'
  return principal.role === 'asn'
    ? principal.asnId !== undefined && principal.asnId === touched.asnId
    : principal.agency !== undefined && principal.agency === touched.agency
}
