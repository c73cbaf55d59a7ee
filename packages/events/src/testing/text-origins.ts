/** Texts that no request has as they are, and what they are made of. */
export const madeHere = {
  agency: 'the code of the token, which was checked when that was issued',
  certificateNumber: 'the code of the programme, the year and 60 bits of the id',
  export: 'the kind of the export',
  log: 'the name of a log, its public key and its heads',
  policy: 'the id of a policy that is built in',
  rule: 'the id of a rule of retention that is built in',
  stream: 'the name of a stream that is parked, or nothing is stored',
} as const

const submitted = (field: string) => [
  `SubmitAssessment.assessment.${field}`,
  `SubmitAssessments.assessment.${field}`,
]

/**
 * For each text of an event that could have a NIP in it: the fields of requests that it comes from,
 * by method, which must refuse one; or what it is made of.
 */
export const textOrigins: Readonly<Record<string, string | readonly string[]>> = {
  'assessment.AssessmentCorrected.competency': ['CorrectAssessment.assessment.competency'],
  'assessment.AssessmentCorrected.evidence.uri': ['CorrectAssessment.assessment.evidence[0].uri'],
  'assessment.AssessmentCorrected.framework': ['CorrectAssessment.assessment.framework'],
  'assessment.AssessmentCorrected.method': ['CorrectAssessment.assessment.method'],
  'assessment.AssessmentCorrected.reason': ['CorrectAssessment.reason'],
  'assessment.AssessmentRecorded.competency': submitted('competency'),
  'assessment.AssessmentRecorded.evidence.uri': submitted('evidence[0].uri'),
  'assessment.AssessmentRecorded.framework': submitted('framework'),
  'assessment.AssessmentRecorded.method': submitted('method'),
  'assessment.ContestResolved.reason': ['ResolveContest.reason'],
  'assessment.FrameworkPublished.competencies.code': [
    'PublishFramework.framework.competencies[0].code',
  ],
  'assessment.FrameworkPublished.competencies.title': [
    'PublishFramework.framework.competencies[0].title',
  ],
  'assessment.FrameworkPublished.frameworkId': ['PublishFramework.framework.framework_id'],
  'assessment.FrameworkPublished.legalBasis': ['PublishFramework.framework.legal_basis'],
  'assessment.FrameworkPublished.title': ['PublishFramework.framework.title'],
  'assessment.StandardSet.legalBasis': ['SetStandard.standard.legal_basis'],
  'assessment.StandardSet.position': ['SetStandard.standard.position'],
  'assessment.StandardSet.requirements.competency': [
    'SetStandard.standard.requirements[0].competency',
  ],
  'assessment.StandardSet.requirements.framework': [
    'SetStandard.standard.requirements[0].framework',
  ],
  'certification.CertificateIssued.attainments.competency': [
    'PublishProgram.program.targets[0].competency',
  ],
  'certification.CertificateIssued.attainments.framework': [
    'PublishProgram.program.targets[0].framework',
  ],
  'certification.CertificateIssued.number': madeHere.certificateNumber,
  'certification.CertificateIssued.policy': madeHere.policy,
  'certification.CertificateRevoked.reason': ['RevokeCertificate.reason'],
  'certification.VersionDiscarded.reason': ['DiscardParked.reason'],
  'certification.VersionDiscarded.stream': madeHere.stream,
  'enrollment.AttendanceRecorded.module': ['RecordAttendance.module'],
  'enrollment.CohortOpened.title': ['OpenCohort.cohort.title'],
  'enrollment.DuplicateAbsorbed.reason': ['MergeEmployees.reason'],
  'enrollment.EmployeeMerged.reason': ['MergeEmployees.reason'],
  'enrollment.EmployeePosted.agency': [
    'RegisterEmployee.posting.agency',
    'PostEmployee.posting.agency',
  ],
  'enrollment.EmployeePosted.position': [
    'RegisterEmployee.posting.position',
    'PostEmployee.posting.position',
  ],
  'enrollment.EmployeePosted.unit': ['RegisterEmployee.posting.unit', 'PostEmployee.posting.unit'],
  'enrollment.EnrollmentRefused.reason': ['Refuse.reason'],
  'enrollment.EnrollmentWithdrawn.reason': ['Withdraw.reason'],
  'enrollment.NipChanged.reason': ['ChangeNip.reason'],
  'enrollment.PersonalDataRead.agency': madeHere.agency,
  'enrollment.PersonalDataRead.purpose': ['GET x-purpose'],
  'enrollment.ProgramPublished.code': ['PublishProgram.program.code'],
  'enrollment.ProgramPublished.field': ['PublishProgram.program.field'],
  'enrollment.ProgramPublished.modules.code': ['PublishProgram.program.modules[0].code'],
  'enrollment.ProgramPublished.modules.title': ['PublishProgram.program.modules[0].title'],
  'enrollment.ProgramPublished.targets.competency': [
    'PublishProgram.program.targets[0].competency',
  ],
  'enrollment.ProgramPublished.targets.framework': ['PublishProgram.program.targets[0].framework'],
  'enrollment.ProgramPublished.title': ['PublishProgram.program.title'],
  'enrollment.SubjectErased.basis': ['EraseEmployee.basis'],
  'enrollment.SubjectErased.override.reason': ['EraseEmployee.override_reason'],
  'enrollment.SubjectErased.override.rule': madeHere.rule,
  'log.LogContinued.checkpoint': madeHere.log,
  'log.LogContinued.givenUp': madeHere.log,
  'log.LogContinued.origin': madeHere.log,
  'log.LogContinued.vkey': madeHere.log,
  'reporting.ExportMade.files.file': madeHere.export,
  'reporting.ExportMade.heads.checkpoint': madeHere.log,
  'reporting.ExportMade.heads.log': madeHere.log,
  'reporting.ExportMade.name': madeHere.export,
  'reporting.ExportMade.query.unit': ['POST /v1/exports unit'],
  'reporting.PersonalDataRead.agency': madeHere.agency,
  'reporting.PersonalDataRead.purpose': ['GET x-purpose'],
  'reporting.VersionDiscarded.reason': ['DiscardParked.reason'],
  'reporting.VersionDiscarded.stream': madeHere.stream,
}
