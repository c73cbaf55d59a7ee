import { catalogue } from '@jejak/eventsourcing/catalogue'
import { versionDiscarded } from './discard.ts'
import { exportMade } from './export.ts'
import { personalDataRead } from './read-audit.ts'

/** What Reporting publishes. Stored for ever: add a version, never edit one. */
export const reportingEvents = catalogue('reporting', {
  PersonalDataRead: { version: 1, schema: personalDataRead },
  ExportMade: { version: 1, schema: exportMade },
  VersionDiscarded: { version: 1, schema: versionDiscarded },
})
