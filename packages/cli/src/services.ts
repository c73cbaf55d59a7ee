import { Command } from 'commander'
import { auditCommand } from './audit.ts'
import { backupCommand } from './backup.ts'
import { eraseCommand } from './erase.ts'
import { exportCommand } from './export-siasn.ts'
import { importProgrammeCommand } from './import-programme.ts'
import { parkedCommand } from './parked.ts'
import { rebuildCommand } from './rebuild.ts'
import { replayCommand } from './replay.ts'
import { restoreCommand } from './restore.ts'
import { importEmployeesCommand, submitCommand } from './submit-file.ts'
import { templateCommand } from './template.ts'
import { tokenCommand } from './token.ts'
import { upCommand } from './up.ts'
import { whyNotCommand } from './why-not.ts'

const imports = new Command('import')
  .description('employees and programmes from files')
  .addCommand(importEmployeesCommand)
  .addCommand(importProgrammeCommand)
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- import employees pegawai.csv --token token.txt
  $ npm run -s jejak -- import programme mrs-2026.json --token token.txt`,
  )

/** The commands that run services, or call them. */
export const serviceCommands = [
  upCommand,
  tokenCommand,
  imports,
  templateCommand,
  submitCommand,
  whyNotCommand,
  eraseCommand,
  replayCommand,
  exportCommand,
  rebuildCommand,
  parkedCommand,
  backupCommand,
  restoreCommand,
  auditCommand,
]
