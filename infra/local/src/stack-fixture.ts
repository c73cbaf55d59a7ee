import { createServer } from 'node:http'
import { env, exit } from 'node:process'

// Stands for a service: answers with its variables, ends on request, and ends well by SIGTERM.
const { JEJAK_LISTEN_HTTP = '', STACK_FIXTURE_FAILS: fails } = env
if (fails) {
  console.error('it can not start')
  exit(1)
}
const [host, port] = JEJAK_LISTEN_HTTP.split(':')
const server = createServer((request, answer) => {
  if (request.url === '/end') exit(3)
  answer.end(JSON.stringify(env))
})
server.listen(Number(port), host)
process.once('SIGTERM', () => {
  console.log('finished what was under way')
  server.close()
  server.closeAllConnections()
})
