import { describe, expect, test } from 'vitest'
import { listVariables } from './read-settings.ts'
import { knownVariables, serviceSettings } from './service-settings.ts'

const namesOf = (service: keyof typeof serviceSettings) =>
  listVariables(serviceSettings[service]).map(({ name }) => name)

describe('the variables of the services', () => {
  test('say where to listen: each service at its own place', () => {
    const places = Object.values(serviceSettings).map(({ listenGrpc, listenHttp }) => [
      listenGrpc.default,
      listenHttp.default,
    ])
    expect(places).toEqual([
      ['127.0.0.1:50051', '127.0.0.1:8080'],
      ['127.0.0.1:50052', '127.0.0.1:8081'],
      ['127.0.0.1:50053', '127.0.0.1:8082'],
      ['127.0.0.1:50054', '127.0.0.1:8083'],
    ])
  })

  test('name those whom a service asks, and are all known to each', () => {
    const asked = ['JEJAK_ENROLLMENT', 'JEJAK_ASSESSMENT', 'JEJAK_CERTIFICATION']
    const of = (service: keyof typeof serviceSettings) =>
      namesOf(service).filter(name => asked.includes(name))
    expect(of('enrollment')).toEqual([])
    expect(of('assessment')).toEqual(asked.slice(0, 1))
    expect(of('certification')).toEqual(asked.slice(0, 2))
    expect(of('reporting')).toEqual(asked)
    for (const service of ['enrollment', 'assessment', 'certification', 'reporting'] as const)
      for (const name of namesOf(service)) expect(knownVariables).toContain(name)
  })

  test('have one default each', () => {
    for (const spec of Object.values(serviceSettings))
      for (const variable of listVariables(spec))
        expect(variable.required && variable.default !== undefined).toBe(false)
  })
})
