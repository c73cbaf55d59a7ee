import { join } from 'node:path'

/** In the order in which they start: each asks only those before it. */
export const serviceNames = ['enrollment', 'assessment', 'certification', 'reporting'] as const
export type StackServiceName = (typeof serviceNames)[number]

/** The ports on which a service takes calls on this machine. */
export type Ports = { readonly grpc: number; readonly http: number }

/** What `jejak --endpoints` reads. */
export type Endpoints = {
  readonly grpc: Readonly<Record<StackServiceName, string>>
  /** Address of the reports. */
  readonly http: string
  /** Address of the health and metrics of each. */
  readonly ops: Readonly<Record<StackServiceName, string>>
}

export type Setting = {
  readonly folder: string
  readonly ports: Readonly<Record<StackServiceName, Ports>>
  readonly mongoUrl: string
  /** `host:port`, with commas between. */
  readonly brokers: string
}

export const tokenFile = (folder: string): string => join(folder, 'service-token')

/** An object with an entry for each service. */
export const each = <T>(
  of: (service: StackServiceName, at: number) => T,
): Record<StackServiceName, T> =>
  Object.fromEntries(serviceNames.map((service, at) => [service, of(service, at)])) as Record<
    StackServiceName,
    T
  >

export const usualPorts = each((_, at): Ports => ({ grpc: 50_051 + at, http: 8_080 + at }))

const local = (port: number) => `127.0.0.1:${port}`

export const endpointsOf = (ports: Setting['ports']): Endpoints => ({
  grpc: each(service => local(ports[service].grpc)),
  http: `http://${local(ports.reporting.http)}`,
  ops: each(service => `http://${local(ports[service].http)}`),
})

/** The variables of a service's process. */
export const environmentOf = (
  service: StackServiceName,
  setting: Setting,
): Record<string, string> => {
  const { folder, ports, mongoUrl, brokers } = setting
  const asked = serviceNames.slice(0, serviceNames.indexOf(service))
  return {
    JEJAK_MONGO_URL: mongoUrl,
    JEJAK_KAFKA: brokers,
    JEJAK_KAFKA_REPLICAS: String(brokers.split(',').length),
    JEJAK_KEYS: join(folder, 'keys'),
    JEJAK_SERVICE_TOKEN_FILE: tokenFile(folder),
    JEJAK_LISTEN_GRPC: local(ports[service].grpc),
    JEJAK_LISTEN_HTTP: local(ports[service].http),
    ...Object.fromEntries(
      asked.map(name => [`JEJAK_${name.toUpperCase()}`, local(ports[name].grpc)]),
    ),
    ...(service === 'reporting' && { JEJAK_EXPORTS: join(folder, 'exports') }),
  }
}
