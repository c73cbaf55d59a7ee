import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { implement } from '@jejak/rpc/implement'
import type { RecordRead } from '@jejak/rpc/read-audit'
import { gettingEmployee, listingEmployees, lookingUp } from './employee-reads.ts'
import {
  changingNip,
  type EmployeePorts,
  erasing,
  merging,
  posting,
  registering,
} from './employee-writes.ts'
import type { Lists } from './lists.ts'

type Ports = EmployeePorts & { readonly lists: Lists; readonly recordRead: RecordRead }

export const employeeRpc = (ports: Ports) =>
  implement(EmployeeService, {
    registerEmployee: registering(ports),
    changeNip: changingNip(ports),
    mergeEmployees: merging(ports),
    postEmployee: posting(ports),
    eraseEmployee: erasing(ports),
    getEmployee: gettingEmployee(ports),
    lookUpEmployee: lookingUp(ports),
    listEmployees: listingEmployees(ports),
  })
