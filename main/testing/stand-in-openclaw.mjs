// A small runtime that obeys the same files, exit codes and /readyz as OpenClaw 2026.9: what a change meets, in a tenth of
// the memory. `standIn.wrong` in the config is refused by its validate, `standIn.never` never becomes ready under it, and
// `standIn.dies` passes, but the gateway ends under it and does not start again. Whatever the config: while a file
// `stand-in-refuses` lies in the state folder no gateway starts, while `stand-in-unready` lies there none is ready, and while
// `stand-in-strict` lies there validate refuses what is said of logging. Of its own package: `standIn.refuses` never starts as
// a gateway, `standIn.hangs` runs and never says so, `standIn.moves` moves the form of the state to that number when it does.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { homedir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const stateDir = process.env.OPENCLAW_STATE_DIR ?? path.join(homedir(), '.openclaw')
const configPath = process.env.OPENCLAW_CONFIG_PATH ?? path.join(stateDir, 'openclaw.json')
const lockFile = path.join(stateDir, 'tmp', 'openclaw', 'gateway.stand-in.lock')
const own = JSON.parse(readFileSync(path.join(import.meta.dirname, 'package.json'), 'utf8'))
const isAsked = (what) => existsSync(path.join(stateDir, `stand-in-${what}`))
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)

function check(bytes) {
  try {
    const config = JSON.parse(bytes.toString())
    if (config.logging && isAsked('strict')) return 'logging: Unrecognized key'
    return config.standIn?.wrong ? 'standIn.wrong: Unrecognized key' : null
  } catch {
    return 'not JSON5'
  }
}

const accountsOf = (config, running) =>
  Object.fromEntries(
    Object.entries(config.channels ?? {}).map(([channel, base]) => [
      channel,
      Object.entries(base.accounts ?? { default: {} }).map(([accountId, own]) => {
        const enabled = base.enabled !== false && own.enabled !== false
        return { accountId, enabled, configured: true, running: running && enabled, connected: running && enabled }
      }),
    ]),
  )

const [area, verb] = process.argv.slice(2)
if (area === '--version') process.stdout.write(`OpenClaw ${own.version} (0123abc)\n`)
else if (area === 'config' && verb === 'validate') {
  const problem = check(readFileSync(configPath))
  say(problem ? { valid: false, issues: [{ path: 'standIn', message: problem }] } : { valid: true })
  process.exit(problem ? 1 : 0)
} else if (area === 'channels') {
  const { gateway } = JSON.parse(readFileSync(configPath, 'utf8'))
  try {
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/channels`, { signal: AbortSignal.timeout(3000) })
    say(await answer.json())
  } catch {
    say({ gatewayReachable: false, configuredChannels: [] })
  }
} else if (area === 'gateway' && verb === 'run') run()
else if (area === 'gateway' && verb === 'restart') restart()
else process.exit(1)

/** No service manager keeps it: whoever restarts it ends the old process and starts a new one. */
function restart() {
  try {
    process.kill(JSON.parse(readFileSync(lockFile, 'utf8')).pid)
  } catch {
    // None ran.
  }
  const child = spawn(process.execPath, [process.argv[1], 'gateway', 'run'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  child.once('exit', (code) => process.exit(code || 1))
  child.stdout.once('data', () => process.exit(0))
}

function run() {
  let taken = readFileSync(configPath)
  const config = () => JSON.parse(taken.toString())
  if (check(taken) || config().standIn?.dies || isAsked('refuses')) process.exit(78)
  mkdirSync(path.join(stateDir, 'state'), { recursive: true })
  // As a real one waits for whoever reads it.
  const database = new DatabaseSync(path.join(stateDir, 'state', 'openclaw.sqlite'), { timeout: 5000 })
  database.exec(
    'create table if not exists diagnostic_events (scope text, event_key text, payload_json text, created_at integer, primary key (scope, event_key))',
  )
  if (own.standIn?.moves) database.exec(`pragma user_version = ${own.standIn.moves}`)
  if (own.standIn?.refuses) process.exit(78)
  if (own.standIn?.hangs) return void setInterval(() => {}, 60_000)
  const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex')
  const take = (bytes) => {
    if (JSON.parse(bytes.toString()).standIn?.dies) process.exit(78)
    const rawHash = hashOf(bytes)
    database
      .prepare("insert or replace into diagnostic_events values ('config-snapshot', 'latest', ?, ?)")
      .run(JSON.stringify({ configPath, rawHash }), Date.now())
    // Last: what could not be written down is taken at the next look.
    taken = bytes
  }
  const server = createServer((request, response) => {
    const ready = !config().standIn?.never && !isAsked('unready')
    const answer =
      request.url === '/startupz'
        ? { ok: true, status: 'started', version: own.version }
        : request.url === '/readyz'
          ? { ready, failing: ready ? [] : ['standIn'], suppressed: [], uptimeMs: 1000, rawHash: hashOf(taken) }
          : { channelAccounts: accountsOf(config(), true) }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answer))
  })
  server.listen(config().gateway.port, '127.0.0.1', () => {
    mkdirSync(path.dirname(lockFile), { recursive: true })
    const lock = { pid: process.pid, configPath, stateDir, port: config().gateway.port, createdAt: new Date() }
    take(taken)
    writeFileSync(lockFile, JSON.stringify(lock))
    process.stdout.write('ready\n')
  })
  setInterval(() => {
    try {
      const bytes = readFileSync(configPath)
      if (!bytes.equals(taken) && !check(bytes)) take(bytes)
    } catch {
      // Between two renames there is always a file; what cannot be read is skipped, as the runtime does.
    }
  }, 30)
}
