// The gateways of all boxes of a fleet in one process, so that hundreds fit on one machine: each has its own lock file,
// port, state and config, takes a changed config at once, and is ready. Asked by `push-fleet.ts` over IPC.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const account = { accountId: 'default', enabled: true, configured: true, running: true, connected: true }

/** @param home of the box; its config names the port. */
function runOne(home) {
  const stateDir = path.join(home, '.openclaw')
  const configPath = path.join(stateDir, 'openclaw.json')
  const lockFile = path.join(stateDir, 'tmp', 'openclaw', 'gateway.bench.lock')
  mkdirSync(path.join(stateDir, 'state'), { recursive: true })
  mkdirSync(path.dirname(lockFile), { recursive: true })
  const database = new DatabaseSync(path.join(stateDir, 'state', 'openclaw.sqlite'), { timeout: 5000 })
  database.exec(
    'pragma synchronous = off; create table if not exists diagnostic_events (scope text, event_key text, payload_json text, created_at integer, primary key (scope, event_key))',
  )
  const note = database.prepare("insert or replace into diagnostic_events values ('config-snapshot', 'latest', ?, ?)")
  let taken = ''
  const take = () => {
    const bytes = readFileSync(configPath)
    const rawHash = createHash('sha256').update(bytes).digest('hex')
    if (rawHash === taken) return
    JSON.parse(bytes.toString())
    taken = rawHash
    note.run(JSON.stringify({ configPath, rawHash }), Date.now())
  }
  const { port } = JSON.parse(readFileSync(configPath, 'utf8')).gateway
  const server = createServer((request, response) => {
    const answer =
      request.url === '/readyz'
        ? { ready: true, failing: [], suppressed: [], uptimeMs: 1000, rawHash: taken }
        : { channelAccounts: { telegram: [account] } }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answer))
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      take()
      const lock = { pid: process.pid, configPath, stateDir, port, createdAt: new Date() }
      writeFileSync(lockFile, JSON.stringify(lock))
      watch(stateDir, () => {
        try {
          take()
        } catch {
          // Half written by somebody who does not rename: the next event has it whole.
        }
      })
      resolve()
    })
  })
}

process.on('message', async ({ homes }) => {
  for (const home of homes) await runOne(home)
  process.send({ ready: true })
})

// Who asked for them is gone.
process.on('disconnect', () => process.exit(0))
