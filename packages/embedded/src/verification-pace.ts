import { type Environment, readSettings } from '@jejak/runtime/read-settings'
import { knownVariables, verificationSettings } from '@jejak/runtime/service-settings'
import { paceOf, type VerificationPace } from '@jejak/service-log/watch'

/** As JEJAK_VERIFY_SHARE and JEJAK_VERIFY_HOURS say. Throws `BadSettings`. */
export const verificationPace = (environment: Environment): VerificationPace =>
  paceOf(readSettings(verificationSettings, environment, knownVariables))
