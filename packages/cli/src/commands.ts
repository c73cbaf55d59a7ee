import type { Command } from 'commander'

/** Every command by its name. Most take longer to load than to do what they are for. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./up.ts')).upCommand,
  token: async () => (await import('./token.ts')).tokenCommand,
  import: async () => (await import('./imports.ts')).importsCommand,
  template: async () => (await import('./template.ts')).templateCommand,
  submit: async () => (await import('./submit-file.ts')).submitCommand,
  'why-not': async () => (await import('./why-not.ts')).whyNotCommand,
  erase: async () => (await import('./erase.ts')).eraseCommand,
  replay: async () => (await import('./replay.ts')).replayCommand,
  export: async () => (await import('./export-siasn.ts')).exportCommand,
  rebuild: async () => (await import('./rebuild.ts')).rebuildCommand,
  parked: async () => (await import('./parked.ts')).parkedCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./restore.ts')).restoreCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  log: async () => (await import('./log.ts')).logCommand,
}
