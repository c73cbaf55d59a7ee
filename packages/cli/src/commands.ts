// tidy: every command by its name, for main and for the test of their help
import type { Command } from 'commander'

/** Every command by its name. Most take longer to load than to do what they are for. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./commands/up.ts')).upCommand,
  token: async () => (await import('./commands/token.ts')).tokenCommand,
  rules: async () => (await import('./registers/rules.ts')).rulesCommand,
  agencies: async () => (await import('./registers/agencies.ts')).agenciesCommand,
  archives: async () => (await import('./registers/archives.ts')).archivesCommand,
  assessors: async () => (await import('./registers/assessors.ts')).assessorsCommand,
  claim: async () => (await import('./commands/claim.ts')).claimCommand,
  contest: async () => (await import('./registers/contest.ts')).contestCommand,
  learning: async () => (await import('./training/learning.ts')).learningCommand,
  attend: async () => (await import('./training/attend.ts')).attendCommand,
  hours: async () => (await import('./training/hours.ts')).hoursCommand,
  find: async () => (await import('./commands/find.ts')).findCommand,
  post: async () => (await import('./commands/post.ts')).postCommand,
  'change-nip': async () => (await import('./commands/change-nip.ts')).changeNipCommand,
  merge: async () => (await import('./commands/merge.ts')).mergeCommand,
  framework: async () => (await import('./framework/framework.ts')).frameworkCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  template: async () => (await import('./commands/template.ts')).templateCommand,
  submit: async () => (await import('./commands/submit.ts')).submitCommand,
  'why-not': async () => (await import('./commands/why-not.ts')).whyNotCommand,
  correct: async () => (await import('./commands/correct.ts')).correctCommand,
  'subject-request': async () =>
    (await import('./commands/subject-request.ts')).subjectRequestCommand,
  erase: async () => (await import('./commands/erase.ts')).eraseCommand,
  generate: async () => (await import('./generate/generate.ts')).generateCommand,
  replay: async () => (await import('./commands/replay.ts')).replayCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  rebuild: async () => (await import('./commands/rebuild.ts')).rebuildCommand,
  parked: async () => (await import('./commands/parked.ts')).parkedCommand,
  backup: async () => (await import('./commands/backup.ts')).backupCommand,
  restore: async () => (await import('./commands/restore.ts')).restoreCommand,
  audit: async () => (await import('./commands/audit.ts')).auditCommand,
  log: async () => (await import('./log/log.ts')).logCommand,
}
