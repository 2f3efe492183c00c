import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadProgramForTests } from '../testing/box-program.ts'
import { treeState } from '../testing/openclaw.ts'
import { Observed, type ObservedAgent } from './observed.ts'
import { run } from './reading.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'wh-observe-'))
  mkdirSync(path.join(home, '.openclaw/state'), { recursive: true })
  writeFileSync(path.join(home, '.openclaw/openclaw.json'), '{}')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const database = () => path.join(home, '.openclaw/state/openclaw.sqlite')

/** Runs the built probe in a worker thread, after `before` (JavaScript) has changed its world. */
async function observe(before = ''): Promise<Observed> {
  const request = {
    fingerprintKey: 'ab'.repeat(32),
    testHandles: [],
    validate: false,
    ownCommandMs: 20_000,
    stateDirs: [],
    entries: [],
    folders: [],
  }
  const program = loadProgramForTests('probe', 'n')
  const worker = new Worker(
    `${before}\nconst rest = ${JSON.stringify(`${JSON.stringify({ id: 1, op: 'probe', request })}\n`)}\n${program}`,
    {
      eval: true,
      stdin: true,
      stdout: true,
      env: { ...process.env, HOME: home },
    },
  )
  let text = ''
  for await (const chunk of worker.stdout) {
    text += chunk
    const line = text.split('\n').find((candidate) => candidate.startsWith('n {"id":1'))
    if (line !== undefined && text.endsWith('\n')) {
      await worker.terminate()
      return Observed.parse((JSON.parse(line.slice(2)) as { ok: unknown }).ok)
    }
  }
  throw new Error(`no answer: ${text.slice(0, 500)}`)
}

async function agent(before = ''): Promise<ObservedAgent> {
  const [found] = (await observe(before)).agents
  if (found === undefined) throw new Error('no agent')
  return found
}

describe('the probe in a worker thread', () => {
  it('answers, and names no agent where there is none', async () => {
    rmSync(path.join(home, '.openclaw'), { recursive: true })
    expect((await observe()).agents).toEqual([])
  })

  it('finds several agents on one box', async () => {
    for (const name of ['.openclaw-shop', '.clawdbot', '.openclaw-empty', '.openclawx'])
      mkdirSync(path.join(home, name))
    writeFileSync(path.join(home, '.openclaw-shop/openclaw.json'), '{}')
    writeFileSync(path.join(home, '.clawdbot/clawdbot.json'), '{}')
    expect((await observe()).agents.map(({ profile }) => profile)).toEqual(['clawdbot', 'default', 'shop'])
  })

  it('answers with the clock of the box', async () => {
    const { machine } = await observe('{ const now = Date.now; Date.now = () => now() + 7_200_000 }')
    expect(machine.nowMs - Date.now()).toBeGreaterThan(7_100_000)
  })

  it('passes a hostile host name on as text, cut', async () => {
    const evil = '<img src=x onerror=alert(1)>\u001b[31m\u202e'
    const { machine } = await observe(
      `require('node:os').hostname = () => ${JSON.stringify(evil + 'x'.repeat(10_000))}`,
    )
    expect(machine.hostName.startsWith(evil)).toBe(true)
    expect(machine.hostName).toHaveLength(500)
  })

  it('says how little room is left on a full disk', async () => {
    const { machine } = await observe(
      "require('node:fs').statfsSync = () => ({ bavail: 0, blocks: 1000, bsize: 4096 })",
    )
    expect(machine.disk).toMatchObject({ read: true, value: { freeBytes: 0, totalBytes: 4_096_000 } })
  })
})

describe('a state database', () => {
  const boots =
    'create table gateway_boot_lifecycle(boot_id text, pid int, started_at_ms int, completed_at_ms int, outcome text, reason text)'
  const make = (setup: string) => {
    const made = new DatabaseSync(database())
    made.exec(setup)
    return made
  }

  it('that is locked is unread, with a sentence', async () => {
    const holder = make(`pragma locking_mode=exclusive; ${boots}; begin exclusive`)
    const found = await agent()
    holder.close()
    expect(found.boots).toMatchObject({ read: false, why: 'The database is locked by another program.' })
    expect(found.config.read).toBe(true)
  })

  it('that is damaged is unread, with a sentence', async () => {
    writeFileSync(database(), Buffer.alloc(8192, 'SQLite format 3\0 and then nothing of the kind'))
    expect((await agent()).boots).toMatchObject({ read: false, why: 'The database is damaged.' })
  })

  it('that is torn in the middle is unread, not an exception', async () => {
    const made = make(`${boots}; insert into gateway_boot_lifecycle values('a', 1, 2, 3, 'clean_stop', '')`)
    made.close()
    const bytes = readFileSync(database())
    writeFileSync(database(), bytes.subarray(0, 4096).fill(255, 100))
    expect((await agent()).boots).toMatchObject({ read: false })
  })

  it('of another shape says what it lacks', async () => {
    make('pragma user_version=99; create table other(a)').close()
    expect((await agent()).boots).toMatchObject({
      read: false,
      why: 'This version keeps no gateway_boot_lifecycle (schema 99).',
    })
  })

  it('left by a killed writer is read whole, and nothing beside it changes', async () => {
    const script = `const {DatabaseSync}=require('node:sqlite');const d=new DatabaseSync(${JSON.stringify(database())});d.exec(${JSON.stringify(`pragma journal_mode=wal; ${boots}; insert into gateway_boot_lifecycle values('a', 1, 2, null, null, null)`)});process.kill(process.pid,'SIGKILL')`
    spawnSync(process.execPath, ['-e', script])
    const before = treeState(home)
    expect(before.has('.openclaw/state/openclaw.sqlite-wal')).toBe(true)
    expect((await agent()).boots).toMatchObject({
      read: true,
      value: [{ startedAtMs: 2, clean: false, reason: 'ended without saying so' }],
    })
    expect(treeState(home)).toEqual(before)
  })

  it('closed cleanly is read, and no file appears beside it', async () => {
    make(`pragma journal_mode=wal; ${boots}`).close()
    const before = treeState(home)
    expect((await agent()).boots).toMatchObject({ read: true, value: [] })
    expect(treeState(home)).toEqual(before)
  })
})

describe('session files', () => {
  it('of the older era are counted, without what was said', async () => {
    const folder = path.join(home, '.openclaw/agents/main/sessions')
    mkdirSync(folder, { recursive: true })
    const at = Date.now() - 3_600_000
    const line = (message: object, later: number) =>
      appendFileSync(
        path.join(folder, 's1.jsonl'),
        `${JSON.stringify({ type: 'message', timestamp: new Date(at + later).toISOString(), message: { timestamp: at + later, ...message } })}\n`,
      )
    line({ role: 'user', content: 'the secret recipe' }, 0)
    line({ role: 'assistant', content: [{ type: 'text', text: 'Two eggs.' }], stopReason: 'stop' }, 4000)
    line({ role: 'user', content: 'and butter?' }, 60_000)
    const found = await agent()
    expect(found.activity).toMatchObject({
      read: true,
      value: {
        source: 'session files',
        lastInboundAtMs: at + 60_000,
        lastReplyAtMs: at + 4000,
        unanswered: 1,
        droppedStrangers: null,
      },
    })
    expect(JSON.stringify(found)).not.toMatch(/recipe|eggs|butter/)
  })
})

describe('people let in by a pairing code', () => {
  it('are found in the database of newer versions and the files of older ones', async () => {
    writeFileSync(
      path.join(home, '.openclaw/openclaw.json'),
      "{ channels: { telegram: { accounts: { shop: {}, desk: { dmPolicy: 'allowlist' } } } } }",
    )
    const made = new DatabaseSync(database())
    made.exec(`create table channel_pairing_allow_entries(channel_key text, account_id text, entry text, sort_order int, updated_at int);
      insert into channel_pairing_allow_entries values('telegram', 'shop', '111', 0, 0), ('telegram', 'desk', '333', 0, 0)`)
    made.close()
    mkdirSync(path.join(home, '.openclaw/credentials'))
    writeFileSync(
      path.join(home, '.openclaw/credentials/telegram-shop-allowFrom.json'),
      '{"version":1,"allowFrom":["222"]}',
    )
    expect((await agent()).doors).toMatchObject({
      read: true,
      value: [
        { account: 'shop', direct: 'pairing-code', listed: ['222', '111'] },
        { account: 'desk', direct: 'nobody', listed: [] },
      ],
    })
  })

  it('are not taken for nobody where a list is too large to be read', async () => {
    writeFileSync(path.join(home, '.openclaw/openclaw.json'), '{ channels: { telegram: {} } }')
    mkdirSync(path.join(home, '.openclaw/credentials'))
    const allowFrom = Array.from({ length: 200_000 }, (_, at) => `${100_000_000 + at}`)
    writeFileSync(path.join(home, '.openclaw/credentials/telegram-allowFrom.json'), JSON.stringify({ allowFrom }))
    const { doors } = await agent()
    expect(JSON.stringify(doors)).toContain('larger than 2 MB')
  })
})

describe('the lock file of a gateway', () => {
  it('that another user put into the temp folder gets no token of this one', async () => {
    const headers: unknown[] = []
    const listener = createServer((request, response) => {
      headers.push(request.headers.authorization)
      response.end('{"ready":true}')
    }).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as AddressInfo
    const configPath = path.join(home, '.openclaw/openclaw.json')
    writeFileSync(configPath, '{ gateway: { auth: { token: "hunter2hunter2" } } }')
    const temp = path.join(home, 'temp')
    const asUser = (uid: number) => `process.env.TMPDIR = ${JSON.stringify(temp)}; process.getuid = () => ${uid}`
    for (const uid of [process.getuid?.() ?? 0, 765_432]) {
      const folder = path.join(temp, `openclaw-${uid}`)
      mkdirSync(folder, { recursive: true })
      writeFileSync(path.join(folder, 'gateway.a.lock'), JSON.stringify({ pid: process.pid, port, configPath }))
    }
    expect((await agent(asUser(765_432))).service).toMatchObject({ read: true, value: { running: false } })
    expect(headers).toEqual([])
    expect((await agent(asUser(process.getuid?.() ?? 0))).service).toMatchObject({ value: { running: true, port } })
    expect(headers).toContain('Bearer hunter2hunter2')
    listener.close()
  })
})

describe('a config', () => {
  it('that is not JSON5 says where, and closes no door by guess', async () => {
    writeFileSync(path.join(home, '.openclaw/openclaw.json'), '{ channels: { telegram: ')
    const found = await agent()
    expect(found.config).toMatchObject({ read: true, value: { parses: false, schemaValid: null } })
    expect(found.doors).toMatchObject({ read: false, why: 'The config on disk cannot be parsed.' })
    expect(found.channels).toMatchObject({ read: false })
  })

  it('that is missing is unread', async () => {
    rmSync(path.join(home, '.openclaw/openclaw.json'))
    new DatabaseSync(database()).exec('create table a(b)')
    expect((await agent()).config).toMatchObject({ read: false, why: 'There is no such file.' })
  })

  it('leaves the box without its secrets', async () => {
    writeFileSync(
      path.join(home, '.openclaw/openclaw.json'),
      '{ gateway: { auth: { token: "hunter2hunter2" } }, env: { vars: { X: "hunter3" } } }',
    )
    expect(JSON.stringify(await agent())).not.toMatch(/hunter/)
  })

  it('leaves the box without the secrets that a program quotes', async () => {
    writeFileSync(
      path.join(home, '.openclaw/openclaw.json'),
      '{ models: { providers: { x: { apiKey: "hunter2hunter2" } } } }',
    )
    const folder = path.join(home, '.openclaw/agents/main/sessions')
    mkdirSync(folder, { recursive: true })
    const at = Date.now() - 3_600_000
    const message = (more: object) => `${JSON.stringify({ type: 'message', message: { timestamp: at, ...more } })}\n`
    writeFileSync(
      path.join(folder, 's1.jsonl'),
      message({ role: 'user', content: 'hello' }) +
        message({
          role: 'assistant',
          stopReason: 'error',
          errorMessage: '401: hunter2hunter2, sk-hunter3hunter3hunter3',
        }),
    )
    const { activity } = await agent()
    expect(activity).toMatchObject({
      read: true,
      value: { failures: 1, lastFailure: expect.stringMatching(/^401: #/) },
    })
    expect(JSON.stringify(activity)).not.toMatch(/hunter/)
  })

  it('that includes a link to a file elsewhere is not followed there', async () => {
    writeFileSync(path.join(home, 'elsewhere.json5'), '{ gateway: { port: 19999 } }')
    symlinkSync(path.join(home, 'elsewhere.json5'), path.join(home, '.openclaw/part.json5'))
    writeFileSync(path.join(home, '.openclaw/openclaw.json'), '{ $include: "./part.json5" }')
    expect((await agent()).config).toMatchObject({
      read: true,
      value: { parses: false, problem: '$include ./part.json5 lies outside the config folder', redacted: '{}' },
    })
  })

  it('whose place holds a pipe does not keep the probe waiting', async () => {
    const file = path.join(home, '.openclaw/openclaw.json')
    rmSync(file)
    await run('mkfifo', [file], { timeoutMs: 5000 })
    expect((await agent()).config).toMatchObject({ read: false, why: 'It is no plain file.' })
  })

  it('nested without end does not spoil what the other agents say', async () => {
    mkdirSync(path.join(home, '.openclaw-shop'))
    writeFileSync(path.join(home, '.openclaw-shop/openclaw.json'), '{}')
    writeFileSync(path.join(home, '.openclaw/openclaw.json'), `{ a: ${'['.repeat(3000)}${']'.repeat(3000)} }`)
    const { agents } = await observe()
    expect(agents).toMatchObject([
      { config: { read: true, value: { parses: false, problem: 'openclaw.json: nested more than 200 deep' } } },
      { config: { read: true, value: { parses: true } } },
    ])
  })
})
