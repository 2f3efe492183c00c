import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadProgramForTests } from '../testing/box-program.ts'
import { Observed, type ObservedAgent } from './observed.ts'

let home: string
let probe: Worker
const open: DatabaseSync[] = []
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'wh-again-'))
  fill()
  probe = start()
})
afterEach(async () => {
  await probe.terminate()
  for (const database of open.splice(0)) database.close()
  rmSync(home, { recursive: true, force: true })
})

const at = (name: string) => path.join(home, name)
function put(name: string, text: string): void {
  mkdirSync(path.dirname(at(name)), { recursive: true })
  writeFileSync(at(name), text)
}
function database(name: string, sql: string): DatabaseSync {
  mkdirSync(path.dirname(at(name)), { recursive: true })
  const made = new DatabaseSync(at(name))
  made.exec(sql)
  return made
}
const message = (role: string, text: string) =>
  JSON.stringify({ type: 'message', message: { role, content: text, timestamp: Date.now() - 3_600_000 } })
const stateDatabase = '.openclaw/state/openclaw.sqlite'
const agentDatabase = '.openclaw/agents/main/agent/openclaw-agent.sqlite'
const manifest = '.npm-global/lib/node_modules/openclaw/package.json'
const unit = '.config/systemd/user/openclaw-gateway.service'

function fill(): void {
  put(
    '.openclaw/openclaw.json',
    '{ "$include": "more.json", "channels": { "telegram": { "dmPolicy": "pairing" }, "imessage": { "dmPolicy": "pairing" } } }',
  )
  put('.openclaw/more.json', '{ "gateway": { "port": 18001 } }')
  put('.openclaw/credentials/telegram-allowFrom.json', '{ "allowFrom": ["111"] }')
  put(manifest, '{ "name": "openclaw", "version": "2026.9.5" }')
  put(unit, '[Service]\nExecStart=/usr/bin/node /nowhere/openclaw.mjs gateway\n')
  const state = database(
    stateDatabase,
    `create table gateway_boot_lifecycle(pid int, started_at_ms int, completed_at_ms int, outcome text, reason text);
     insert into gateway_boot_lifecycle values (1, 1000, 2000, 'clean_stop', '');`,
  )
  state.close()
  // As a running gateway holds it: what is new stands in the write-ahead log.
  const turns = database(
    agentDatabase,
    `pragma journal_mode = wal; pragma wal_autocheckpoint = 0;
     create table transcript_events(session_id text, event_json text, created_at int);`,
  )
  turns.prepare('insert into transcript_events values (?, ?, ?)').run('s', message('user', 'hello'), Date.now())
  open.push(turns)
}

/** The built probe in a worker thread. Its clock is a minute ahead, so that files of just now count as settled; as its name it says how many files of the home it opened. */
function start(): Worker {
  const world = `
    { const now = Date.now; Date.now = () => now() + 60_000
      const fs = require('node:fs'); let opened = 0
      for (const name of ['openSync', 'readFileSync']) { const real = fs[name]; fs[name] = (file, ...rest) => { const found = real(file, ...rest); opened += String(file).startsWith(${JSON.stringify(home)}); return found } }
      require('node:os').hostname = () => { const count = opened; opened = 0; return String(count) } }`
  return new Worker(`${world}\nconst rest = ''\n${loadProgramForTests('probe', 'n')}`, {
    eval: true,
    stdin: true,
    stdout: true,
    env: { PATH: '/usr/bin', HOME: home },
  })
}

let nextId = 1
let heard = ''
async function ask(): Promise<{ agent: ObservedAgent; opened: number }> {
  const id = nextId++
  const request = {
    fingerprintKey: 'ab'.repeat(32),
    testHandles: [],
    validate: false,
    ownCommandMs: 20_000,
    stateDirs: [],
    entries: [],
    folders: [],
  }
  probe.stdin?.write(`${JSON.stringify({ id, op: 'probe', request })}\n`)
  heard = ''
  for (;;) {
    const line = heard.split('\n').find((candidate) => candidate.startsWith(`n {"id":${id},`))
    if (line !== undefined && heard.endsWith('\n')) {
      const observed = Observed.parse((JSON.parse(line.slice(2)) as { ok: unknown }).ok)
      const [agent] = observed.agents
      if (agent === undefined) throw new Error('no agent')
      return { agent, opened: Number(observed.machine.hostName) }
    }
    heard += String(await new Promise((resolve) => probe.stdout.once('data', resolve)))
  }
}

const said = <T>(part: { read: true; value: T } | { read: false; why: string }): T => {
  if (!part.read) throw new Error(part.why)
  return part.value
}

describe('a probe that stays and is asked again', () => {
  it('opens no file of an agent that is as it was, and says the same', async () => {
    const [first, second, third] = [await ask(), await ask(), await ask()]
    expect([second.agent, third.agent]).toEqual([first.agent, first.agent])
    expect(first.opened + second.opened).toBeGreaterThan(5)
    expect(third.opened).toBe(0)
  })

  it.each<[string, () => void, (agent: ObservedAgent) => unknown, unknown]>([
    [
      'the config',
      () => put('.openclaw/openclaw.json', '{ "channels": { "telegram": { "dmPolicy": "disabled" } } }'),
      (agent) => said(agent.doors)[0]?.direct,
      'nobody',
    ],
    [
      'an included file',
      () => put('.openclaw/more.json', '{ "gateway": { "port": 18002 } }'),
      (agent) => said(agent.service).port,
      18_002,
    ],
    [
      'the config, which goes',
      () => rmSync(at('.openclaw/openclaw.json')),
      (agent) => agent.config,
      { read: false, why: 'There is no such file.', source: expect.any(String) },
    ],
    [
      'the pairing store, at the same size',
      () => put('.openclaw/credentials/telegram-allowFrom.json', '{ "allowFrom": ["222"] }'),
      (agent) => said(agent.doors)[0]?.listed,
      ['222'],
    ],
    [
      'the pairing store, which gets a file',
      () => put('.openclaw/credentials/imessage-allowFrom.json', '{ "allowFrom": ["333"] }'),
      (agent) => said(agent.doors)[1]?.listed,
      ['333'],
    ],
    [
      'the package, at the same size and dated back',
      () => {
        put(`${manifest}.new`, '{ "name": "openclaw", "version": "2026.9.6" }')
        utimesSync(at(`${manifest}.new`), 1, 1)
        renameSync(at(`${manifest}.new`), at(manifest))
      },
      (agent) => said(agent.install).version,
      '2026.9.6',
    ],
    [
      'the package, which stands at an earlier place now',
      () => {
        put('node_modules/openclaw/package.json', '{ "name": "openclaw", "version": "2026.9.4" }')
        rmSync(at(manifest))
      },
      (agent) => said(agent.install).version,
      '2026.9.4',
    ],
    [
      'the package, which becomes a checkout',
      () => mkdirSync(path.join(path.dirname(at(manifest)), '.git')),
      (agent) => said(agent.install).kind,
      'git',
    ],
    ['the service file, which goes', () => rmSync(at(unit)), (agent) => said(agent.service).kind, 'none'],
    [
      'the state database',
      () =>
        database(
          stateDatabase,
          "insert into gateway_boot_lifecycle values (2, 3000, 4000, 'crash', 'a fault')",
        ).close(),
      (agent) => said(agent.boots).map(({ clean }) => clean),
      [false, true],
    ],
    [
      'the write-ahead log of a database that is open',
      () =>
        open[0]
          ?.prepare('insert into transcript_events values (?, ?, ?)')
          .run('t', message('user', 'and you'), Date.now()),
      (agent) => said(agent.activity).unanswered,
      2,
    ],
    [
      'the older audit of the config',
      () => {
        mkdirSync(at('.openclaw/logs'))
        appendFileSync(
          at('.openclaw/logs/config-audit.jsonl'),
          `${JSON.stringify({ event: 'config.external', ts: new Date().toISOString() })}\n`,
        )
      },
      (agent) => said(agent.configWrites).map(({ by }) => by),
      ['edited by hand'],
    ],
  ])('says what changed at once: %s', async (_what, change, pick, changed) => {
    await ask()
    const before = pick((await ask()).agent)
    change()
    const after = pick((await ask()).agent)
    expect(after).toEqual(changed)
    expect(before).not.toEqual(after)
  })

  it('finds an agent that comes', async () => {
    await ask()
    put('.openclaw-shop/openclaw.json', '{}')
    put('.openclaw-aaa/openclaw.json', '{}')
    expect((await ask()).agent.profile).toBe('default')
    rmSync(at('.openclaw'), { recursive: true })
    expect((await ask()).agent.profile).toBe('aaa')
  })
})
