import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { implement } from '@jejak/rpc/implement'
import { type EnrollmentPorts, gettingEnrollment, listingEnrollments } from './enrollment-reads.ts'
import {
  approving,
  attending,
  completing,
  nominating,
  refusing,
  withdrawing,
} from './enrollment-writes.ts'

export const enrollmentRpc = (ports: EnrollmentPorts) =>
  implement(EnrollmentService, {
    nominate: nominating(ports),
    approve: approving(ports),
    refuse: refusing(ports),
    recordAttendance: attending(ports),
    complete: completing(ports),
    withdraw: withdrawing(ports),
    getEnrollment: gettingEnrollment(ports),
    listEnrollments: listingEnrollments(ports),
  })
