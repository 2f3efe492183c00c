import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { tempDir } from '../../testing/temp-store.ts'
import type { RunnableAgent } from './running-agent.ts'
import { settleConfig } from './settle-config.ts'

const open: { server: Server; database: DatabaseSync; stateDir: string }[] = []
afterEach(() => {
  for (const { server, database, stateDir } of open.splice(0)) {
    server.close()
    database.close()
    rmSync(stateDir, { recursive: true, force: true })
  }
})

/** A gateway in this process. `answersReady` is asked at each `/readyz`, and may let it take the file that lies there. */
async function gateway(answersReady: (take: () => void) => boolean): Promise<RunnableAgent> {
  const stateDir = tempDir()
  const configPath = path.join(stateDir, 'openclaw.json')
  mkdirSync(path.join(stateDir, 'state'), { recursive: true })
  const database = new DatabaseSync(path.join(stateDir, 'state', 'openclaw.sqlite'))
  database.exec(
    'create table diagnostic_events (scope text, event_key text, payload_json text, created_at integer, primary key (scope, event_key))',
  )
  const note = (rawHash: string) =>
    database
      .prepare("insert or replace into diagnostic_events values ('config-snapshot', 'latest', ?, ?)")
      .run(JSON.stringify({ configPath, rawHash }), Date.now())
  let bytes = ''
  const take = () => note(createHash('sha256').update(bytes).digest('hex'))
  const server = createServer((_request, response) => {
    const ready = answersReady(take)
    response.end(JSON.stringify({ ready, failing: ready ? [] : ['standIn'], suppressed: [], uptimeMs: 1000 }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({ server, database, stateDir })
  const { port } = server.address() as AddressInfo
  bytes = JSON.stringify({ gateway: { port } })
  writeFileSync(configPath, bytes)
  const folder = path.join(stateDir, 'tmp', 'openclaw')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = { pid: process.pid, configPath, stateDir, port, createdAt: new Date(Date.now() - 60_000) }
  writeFileSync(path.join(folder, 'gateway.test.lock'), JSON.stringify(lock))
  note('of the config before')
  return {
    stateDir,
    configPath,
    profile: 'default',
    service: null,
    entry: '',
    node: process.execPath,
    version: '2026.9.6',
    install: null,
  }
}

const settle = (agent: RunnableAgent) =>
  settleConfig(agent, {
    fingerprintKey: '5c'.repeat(32),
    waitMs: 1500,
    sinceMs: Date.now(),
    expect: [],
    ran: true,
  })

test('a gateway that is ready under the config it took is settled', async () => {
  const agent = await gateway((take) => {
    take()
    return true
  })
  expect(await settle(agent)).toMatchObject({ running: true, applied: true, ready: true, took: 'by-itself' })
})

test('that it was ready under the config before says nothing of the one that it takes meanwhile', async () => {
  let asked = 0
  const agent = await gateway((take) => {
    asked += 1
    if (asked === 1) take()
    return asked === 1
  })
  expect(await settle(agent)).toMatchObject({ running: true, applied: true, ready: false, failing: ['standIn'] })
})
