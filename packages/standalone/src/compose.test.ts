import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentOf, serviceNames, usualPorts } from '@jejak/local/stack-environment'
import { BadSettings, listVariables, readSettings } from '@jejak/runtime/read-settings'
import { serviceSettings } from '@jejak/runtime/service-settings'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '..', '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

type Container = {
  readonly image?: string
  readonly environment: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes: readonly string[]
  readonly depends_on: Readonly<Record<string, { readonly condition: string }>>
  readonly [option: string]: unknown
}
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Container>>
  readonly volumes: Readonly<Record<string, null>>
}
const container = (name: string): Container => {
  const found = compose.services[name]
  if (!found) throw new Error(`docker-compose.yml has no ${name}`)
  return found
}
const containers = Object.entries(compose.services)

/** What the process would say of its variables. */
const problemsOf = (
  service: keyof typeof serviceSettings,
  environment: Readonly<Record<string, string>>,
) => {
  try {
    readSettings(serviceSettings[service], environment)
    return []
  } catch (error) {
    if (error instanceof BadSettings) return error.problems
    throw error
  }
}

const known = (service: keyof typeof serviceSettings) =>
  listVariables(serviceSettings[service]).map(({ name }) => name)

const portOf = (address = '') => Number(address.split(':').at(-1))

describe.each(serviceNames)('%s in docker-compose.yml', service => {
  const { environment, depends_on, ports, ...options } = container(service)
  // A container's variables, as Compose sets them if nobody sets another log level.
  const variables = { ...environment, JEJAK_LOG_LEVEL: 'info' }

  test('has every variable that it needs, in its form, and none that it does not know', () => {
    // The secret is in the container only.
    expect(problemsOf(service, variables)).toEqual([
      expect.stringMatching(/^JEJAK_SERVICE_TOKEN_FILE .*ENOENT/),
    ])
    expect(known(service)).toEqual(expect.arrayContaining(Object.keys(environment)))
  })

  test('takes calls on its own ports, which only this machine reaches', () => {
    const { listenGrpc, listenHttp } = serviceSettings[service]
    const own = [listenGrpc.default, listenHttp.default].map(portOf)
    const { JEJAK_LISTEN_GRPC, JEJAK_LISTEN_HTTP } = environment
    expect([JEJAK_LISTEN_GRPC, JEJAK_LISTEN_HTTP].map(portOf)).toEqual(own)
    expect(ports).toEqual(own.map(port => `127.0.0.1:${port}:${port}`))
  })

  test('finds those it asks where they listen, and starts after them', () => {
    const asked = serviceNames.filter(name => `JEJAK_${name.toUpperCase()}` in environment)
    for (const name of asked) {
      const port = portOf(serviceSettings[name].listenGrpc.default)
      expect(environment[`JEJAK_${name.toUpperCase()}`]).toBe(`${name}:${port}`)
    }
    const healthy = ['mongo', 'kafka', ...asked].map(name => [
      name,
      { condition: 'service_healthy' },
    ])
    expect(depends_on).toEqual(Object.fromEntries(healthy))
  })

  test('can write to its volumes and to /tmp only, and gets no secret but by a file', () => {
    expect(options).toMatchObject({ read_only: true, tmpfs: ['/tmp'], secrets: ['service-token'] })
    const secret = /TOKEN$|SECRET|PASSWORD|_KEY$/
    expect(Object.keys(environment).filter(name => secret.test(name))).toEqual([])
  })

  test('is started by the stack with variables that it knows and on the same ports', () => {
    const setting = {
      folder: join(root, 'data'),
      ports: usualPorts,
      mongoUrl: 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
      brokers: '127.0.0.1:9092',
    }
    const local = environmentOf(service, setting)
    expect(known(service)).toEqual(expect.arrayContaining(Object.keys(local)))
    const { listenGrpc, listenHttp } = serviceSettings[service]
    expect(local).toMatchObject({
      JEJAK_LISTEN_GRPC: listenGrpc.default,
      JEJAK_LISTEN_HTTP: listenHttp.default,
    })
    const missing = problemsOf(service, local).filter(problem => problem.includes('is not set'))
    expect(missing).toEqual([])
  })
})

describe('every container in docker-compose.yml', () => {
  test.each(containers)('%s has no rights to spare, and comes back', (_, options) => {
    expect(options).toMatchObject({
      restart: 'unless-stopped',
      init: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
    for (const port of options.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/)
    if (options.image) expect(options.image).toMatch(/^[a-z/]+:\d+\.\d+\.\d+$/)
  })

  test('keeps what it writes in a volume that has a name', () => {
    const used = containers.flatMap(([, { volumes }]) =>
      volumes.map(volume => volume.split(':')[0]),
    )
    expect(used.toSorted()).toEqual(Object.keys(compose.volumes).toSorted())
  })

  test('leaves it to the services what topics there are', () => {
    const { environment } = container('kafka')
    expect(environment['KAFKA_AUTO_CREATE_TOPICS_ENABLE']).toBe('false')
    expect(Object.keys(environment).filter(name => /PARTITIONS/.test(name))).toEqual([])
  })
})

describe('the Dockerfile', () => {
  const dockerfile = read('infra/Dockerfile')
  const workspace = parse(read('pnpm-workspace.yaml'))

  test('has the versions that the tree has', () => {
    expect(dockerfile).toContain(`FROM node:${workspace.nodeVersion}-`)
    expect(dockerfile).toContain(`turbo@${workspace.catalog.turbo} `)
    const { devEngines } = JSON.parse(read('package.json'))
    expect(dockerfile).toContain(`pnpm@${devEngines.packageManager.version} `)
  })

  test('ends with a process that is nobody, receives SIGTERM and says whether it is ready', () => {
    expect(dockerfile).toMatch(/^USER 65532:65532$/m)
    expect(dockerfile).toMatch(/^STOPSIGNAL SIGTERM$/m)
    expect(dockerfile).toMatch(/^HEALTHCHECK [\s\S]*\/readyz/m)
    expect(dockerfile.trimEnd().split('\n').at(-1)).toBe('CMD ["node", "src/main.ts"]')
  })
})
