import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import JSON5 from 'json5'
import { readGateway } from './machine.ts'

const configFile = (home: string): string => path.join(home, '.openclaw/openclaw.json')

function configOnDisk(home: string): { bytes: Buffer; config: Record<string, unknown> } | null {
  try {
    const bytes = readFileSync(configFile(home))
    return { bytes, config: JSON5.parse(bytes.toString('utf8')) }
  } catch {
    return null
  }
}

/**
 * The made-up gateway looks at its file, as the real one does all the time: what it can read it takes, and says so in its
 * state database. A version that does not write that down writes nothing here either.
 */
export function takeConfig(home: string, nowMs: number): void {
  const state = path.join(home, '.openclaw/state/openclaw.sqlite')
  const found = readGateway(home).running && existsSync(state) ? configOnDisk(home) : null
  if (found === null) return
  const rawHash = createHash('sha256').update(found.bytes).digest('hex')
  const database = new DatabaseSync(state, { timeout: 2000 })
  try {
    database
      .prepare(
        `update diagnostic_events set payload_json = ?, created_at = ?
         where scope = 'config-snapshot' and event_key = 'latest' and json_extract(payload_json, '$.rawHash') is not ?`,
      )
      .run(JSON.stringify({ configPath: configFile(home), rawHash }), nowMs, rawHash)
  } finally {
    database.close()
  }
}

/** The gateway is started, or ended and started again. A config that it cannot read keeps it from starting. */
export function startGateway(home: string, nowMs: number): void {
  const running = configOnDisk(home) !== null
  write(home, '.demo/gateway.json', { ...readGateway(home), running, startedAtMs: nowMs })
  const lock = path.join(home, '.openclaw/tmp/openclaw/gateway.main.lock')
  if (!running || !existsSync(lock)) return
  const before = JSON.parse(readFileSync(lock, 'utf8')) as object
  write(home, path.relative(home, lock), { ...before, createdAt: new Date(nowMs).toISOString() })
  takeConfig(home, nowMs)
}

function write(home: string, name: string, value: unknown): void {
  writeFileSync(path.join(home, name), `${JSON.stringify(value, null, 2)}\n`)
}

/** What `channels status --json` prints: each account that the config has, and whether it runs. */
export function channelStatus(home: string): unknown {
  const { running, answers } = readGateway(home)
  const ready = answers['/readyz'] as { suppressed?: readonly unknown[] } | undefined
  const channels = configOnDisk(home)?.config.channels ?? {}
  if (!running) return { gatewayReachable: false, configuredChannels: Object.keys(channels) }
  const accounts = Object.entries(channels as Record<string, { enabled?: boolean } | null>).map(([channel, own]) => {
    const enabled = own?.enabled !== false
    const up = enabled && ready?.suppressed?.includes(channel) !== true
    return [channel, [{ accountId: 'default', enabled, configured: true, running: up, connected: up }]]
  })
  return { gatewayReachable: true, channelAccounts: Object.fromEntries(accounts) }
}
