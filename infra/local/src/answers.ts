import { connect } from 'node:net'

// ApiVersions, version 0, without a client name: the request that every client begins with.
const apiVersions = Buffer.from('0000000a00120000000000010000', 'hex')

/** Whether a Kafka broker serves requests on this address. */
export const answersKafka = (host: string, port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ host, port, timeout: 1_000 })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => socket.write(apiVersions))
    socket.once('data', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
    socket.once('close', () => end(false))
  })
