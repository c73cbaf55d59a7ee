import type { DescMethod } from '@bufbuild/protobuf'
import { refusedBy } from './error.ts'

/** Addresses by service: enrollment, assessment, certification, reporting. */
export type ServiceAddresses = Readonly<Record<string, string>>

/** By the method's package; if several services implement a method, its request names the one. */
export const addressFor = (
  endpoints: ServiceAddresses,
  { parent }: DescMethod,
  request: object,
) => {
  const [, own = ''] = /^jejak\.([a-z]+)\./.exec(parent.typeName) ?? []
  const { service, log } = request as { readonly service?: string; readonly log?: string }
  const name = Object.hasOwn(endpoints, own) ? own : (service ?? log ?? own)
  const address = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined
  if (address) return address
  throw refusedBy({ key: 'SERVICE_UNKNOWN', values: Object.keys(endpoints) })
}
