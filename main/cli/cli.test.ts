import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { faultText } from '../../shared/fault-text.ts'
import { cliLab } from '../testing/cli-lab.ts'
import { startSshFault } from '../testing/fault-server.ts'
import { freePort } from '../testing/sshd-box.ts'
import { testEngine } from '../testing/test-engine.ts'
import { handedFinding } from './notifier.ts'
import { Failure, rowShapes, shapes } from './shapes.ts'

const at = cliLab()
const { boxWords, json, run } = at

test('from nothing to findings: client, machine, sweep, facts, diary', async () => {
  const client = await json(
    'client add',
    0,
    '--name',
    'Peak Realty',
    '--region',
    'US-CA',
    '--time-zone',
    'America/Los_Angeles',
  )
  expect(client).toMatchObject({ name: 'Peak Realty', region: 'US-CA' })
  expect(await json('client list', 0)).toHaveLength(1)

  const shown = await json('box add', 3, ...boxWords('peak-mini'), '--client', 'peak realty')
  expect(shown).toMatchObject({
    box: null,
    accepted: false,
    offeredKey: { fingerprint: expect.stringMatching(/^SHA256:[\w+/]{43}$/) },
  })
  expect(await json('box list', 0)).toHaveLength(0)
  const { fingerprint } = shown.offeredKey

  const wrong = `SHA256:${'A'.repeat(43)}`
  expect(await json('box add', 3, ...boxWords('peak-mini'), '--accept-host-key', wrong)).toMatchObject({
    accepted: false,
    box: null,
  })
  expect(await json('box list', 0)).toHaveLength(0)

  const added = await json(
    'box add',
    0,
    ...boxWords('peak-mini'),
    '--client',
    'peak realty',
    '--accept-host-key',
    fingerprint,
  )
  expect(added).toMatchObject({
    accepted: true,
    enrolled: true,
    box: { name: 'peak-mini', pinned: fingerprint, clientId: client.clientId },
  })
  expect(added.steps.map((step) => [step.step, step.state])).toContainEqual(['login', 'ok'])
  const [listed] = await json('box list', 0)
  expect(listed).toMatchObject({
    name: 'peak-mini',
    clientName: 'Peak Realty',
    pinned: fingerprint,
    launcher: expect.any(String),
  })

  const swept = await json('sweep', 0, '--box', 'PEAK-mini')
  expect(swept).toMatchObject({
    sweep: { total: 1, swept: 1, state: 'done', reason: 'cli' },
    boxes: [{ outcome: 'swept' }],
  })
  expect(swept.err).toContain('1 of 1  peak-mini: swept')
  const facts = await json('facts', 0, '--box', 'peak-mini')
  expect(facts.find((one) => one.fact.key === 'system.node')?.fact.text).toContain(process.version.slice(1))
  expect(await json('facts', 0)).toHaveLength(facts.length)
  expect(await json('channels', 0, '--box', 'peak-mini')).toHaveLength(0)
  await json('findings', 0)
  const why = await json('triage', 0, '--box', 'peak-mini')
  expect(why).toMatchObject({ boxName: 'peak-mini', state: 'read' })
  expect(why.probes[0]?.key).toBe('version-gap')
  expect(why.probes.find(({ key }) => key === 'reach')).toMatchObject({ answer: 'yes', nextStep: '' })
  const [newest] = await json('ledger list', 0, '--limit', '1')
  expect(newest).toMatchObject({ kind: 'sweep.ended', sentence: expect.stringContaining('answered') })
  const ofPeak = await json('ledger list', 0, '--box', 'peak-mini')
  expect(ofPeak.length).toBeGreaterThan(0)
  expect(ofPeak.every(({ boxId }: { boxId: string | null }) => boxId === why.boxId)).toBe(true)
  const diary = await json('ledger verify', 0)
  expect(diary).toMatchObject({ intact: true, problem: null })
  expect(diary.entries).toBeGreaterThan(3)

  const ran = await run('exec', '--box', 'peak-mini', '--json', '--', 'echo "$0" done; exit 3')
  expect(ran.code).toBe(8)
  expect(shapes.exec.parse(JSON.parse(ran.out))).toMatchObject([
    { boxName: 'peak-mini', state: 'failed', exitCode: 3, attempts: 1, output: expect.stringMatching(/ done\n$/) },
  ])
  const folded = await run('exec', '--box', 'peak-mini', '--', 'echo', 'two words')
  expect(folded).toMatchObject({ code: 0, out: '== 1 machine, 1 line, exit 0: peak-mini\ntwo words\n' })
})

test('words without --json: the answer on stdout, in sentences and columns', async () => {
  expect(await run('client', 'add', '--name', 'Elm Homes')).toEqual({ code: 0, out: 'Elm Homes was added.\n', err: '' })
  expect(await run('box', 'list')).toEqual({ code: 0, out: 'No machines yet.\n', err: '' })
  expect(await run('sweep')).toEqual({ code: 0, out: 'No machines to sweep yet.\n', err: '' })
  const list = await run('client', 'list')
  expect(list.out.split('\n').slice(0, 2)).toEqual(['NAME       NICHE  REGION  TIME ZONE  GO-LIVE  WAITS', 'Elm Homes'])
})

test('channels come with their machine, client and kind', async () => {
  const engine = await testEngine(at.dataDir, { host: 'cli' })
  const { client } = await engine.client.inventory.addClient({ name: 'Peak Realty' })
  const { box } = await engine.client.inventory.addBox({ name: 'peak-mini', host: 'h', clientId: client.clientId })
  await engine.client.inventory.addBox({ name: 'elm-mini', host: 'h2' })
  await engine.close()
  const db = new Database(path.join(at.dataDir, 'wheelhouse.db'))
  db.exec(`
    insert into agent values ('agent', '${box.boxId}', 'openclaw', 'default', '/s', 1);
    insert into channel values ('door', 'agent', 'telegram', 'second', 'team', 0, 1, 2, null);
    insert into channel values ('own', 'agent', 'imessage', 'default', null, 1, 1, 3, null);`)
  db.close()
  const names = { boxName: 'peak-mini', clientName: 'Peak Realty', profile: 'default' }
  expect([...(await json('channels', 0))]).toMatchObject([
    { ...names, channelId: 'own', kind: 'clients-own', seenNow: true },
    { ...names, channelId: 'door', kind: 'team', seenNow: false },
  ])
  expect((await run('channels', '--box', 'PEAK-mini')).out.split('\n').slice(0, 3)).toEqual([
    'MACHINE    CLIENT       AGENT    CHANNEL            KIND          SEEN',
    'peak-mini  Peak Realty  default  iMessage           Client’s own  yes',
    'peak-mini  Peak Realty  default  Telegram (second)  Team          no longer',
  ])
  expect(await run('channels', '--box', 'elm-mini')).toMatchObject({ code: 0, out: 'No channels yet. Sweep first.\n' })
})

test('a machine that cannot be reached is not added and exits 4', async () => {
  const port = await freePort('127.0.0.1')
  const outcome = await run('box', 'add', '--name', 'gone', '--host', '127.0.0.1', '--port', String(port), '--json')
  expect(outcome.code).toBe(4)
  expect(Failure.parse(JSON.parse(outcome.out)).fault).toMatchObject({ code: 'refused', boxName: 'gone' })
  expect(outcome.err).toContain('Nothing was added.')
  expect(outcome.err).toContain(`gone is there but takes no SSH connection on port ${port}.`)
  expect(await json('box list', 0)).toHaveLength(0)
})

test('a sweep exits 4 when some were not reached, and still brings the others', async () => {
  const refusing = await startSshFault()
  const { offeredKey } = await json('box add', 3, ...boxWords('well'))
  await json('box add', 0, ...boxWords('well'), '--accept-host-key', offeredKey.fingerprint)
  await refusing.stop()
  const file = path.join(at.homeDir, 'more.csv')
  writeFileSync(file, `name,host,port\ngone,127.0.0.1,${refusing.port}\n`)
  await json('box import', 0, file)
  const swept = await json('sweep', 4)
  expect(Object.fromEntries(swept.boxes.map((box) => [box.boxName, box.outcome]))).toMatchObject({ well: 'swept' })
  expect(swept.sweep).toMatchObject({ total: 2, swept: 1 })
})

test('a file is imported with the keys of a known_hosts file; what is left out is named', async () => {
  const config = path.join(at.homeDir, 'config')
  const known = path.join(at.homeDir, 'known')
  writeFileSync(
    config,
    `Host real\n  HostName ${at.sshd.host}\n  Port ${at.sshd.port}\n  User ${at.sshd.user}\n  IdentityFile ${at.sshd.keyPath}\nHost broken\n  Port none\nHost unknown\n  HostName 192.0.2.7\n  ForwardAgent yes\n`,
  )
  writeFileSync(known, `[${at.sshd.host}]:${at.sshd.port} ssh-ed25519 ${await at.sshd.hostKey()}\n`)
  const done = await json('box import', 0, config, '--accept-host-keys', known)
  expect(done).toMatchObject({
    added: 2,
    leftOut: [{ line: 6, name: 'broken', reasons: [expect.stringContaining('Port none')] }],
  })
  expect(done.boxes).toEqual([
    { name: 'real', pinned: expect.stringMatching(/^SHA256:/), enrolled: true, problem: null },
    { name: 'unknown', pinned: null, enrolled: false, problem: null },
  ])
  expect(done.unsupported).toMatchObject([{ line: 10, text: 'forwardagent yes' }])
  expect(done.err).toContain('Line 6 (broken) was left out')
  const again = await json('box import', 0, config)
  expect(again).toMatchObject({
    added: 0,
    leftOut: [{ name: 'real', reasons: ['It is already here, as real.'] }, { name: 'broken' }, { name: 'unknown' }],
  })
})

test.each([
  [['bogus'], 'unknown command'],
  [['box', 'add', '--name', 'x'], '--host'],
  [['box', 'add', '--name', 'x', '--host', 'y', '--port', '70000'], '65535'],
  [['sweep', '--everything'], 'unknown option'],
  [['client'], 'Usage'],
])('bad usage %j exits 2 with words on stderr alone', async (words, part) => {
  const outcome = await run(...words)
  expect(outcome).toMatchObject({ code: 2, out: '' })
  expect(outcome.err).toContain(part)
})

test('help is no mistake', async () => {
  const outcome = await run('box', 'add', '--help')
  expect(outcome).toMatchObject({ code: 0, err: '' })
  expect(outcome.out).toContain('--accept-host-key')
})

test('a name that is not here, or is taken, exits 1 with the fault', async () => {
  const missing = await run('facts', '--box', 'nobody', '--json')
  expect(missing.code).toBe(1)
  expect(Failure.parse(JSON.parse(missing.out)).sentence).toBe('There is no such machine as "nobody".')
  await json('client add', 0, '--name', 'Peak')
  const twice = await run('client', 'add', '--name', 'peak', '--json')
  expect([twice.code, Failure.parse(JSON.parse(twice.out)).fault.code]).toEqual([1, 'already-exists'])
})

test('docs/cli.md has an example of every command, and each example has the documented shape', () => {
  const docs = readFileSync(path.resolve(import.meta.dirname, '../../docs/cli.md'), 'utf8')
  const failure = JSON.parse(/```json\n([\s\S]*?)```/.exec(docs.split(/^## /m)[0]!)![1]!)
  expect(Failure.parse(failure)).toEqual({ ...failure, ...faultText(failure.fault) })
  for (const [name, shape] of Object.entries({ ...shapes, ...rowShapes })) {
    const section = docs.split(/^## /m).find((part) => part.startsWith(`${name}\n`))
    expect(section, name).toBeDefined()
    const example = /```json\n([\s\S]*?)```/.exec(section!)?.[1]
    expect(example, name).toBeDefined()
    const parsed = JSON.parse(example!)
    expect(shape.parse(parsed)).toEqual(parsed)
  }
  const handed = JSON.parse(/on stdin: a finding[\s\S]*?```json\n([\s\S]*?)```/.exec(docs)![1]!)
  expect(handedFinding(handed)).toEqual(handed)
})

test('layers: a value saved with its reason, out to a folder, a bad file refused with its line, a plan', async () => {
  const saved = await json('overlay set', 0, 'fleet', 'sections.model.primary', 'a/one', '--because', 'one for all')
  expect(saved).toMatchObject({ revision: 1, by: 'cli', because: 'one for all', diff: [{ after: 'a/one' }] })
  const folder = path.join(at.dataDir, 'layers')
  expect(await json('overlay export', 0, folder)).toMatchObject({ files: ['fleet.yaml'], written: ['fleet.yaml'] })
  const file = path.join(folder, 'fleet.yaml')
  writeFileSync(file, `${readFileSync(file, 'utf8')}  updates:\n    automatc: false\n`)
  const refused = await run('overlay', 'import', folder, '--because', 'from git')
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('fleet.yaml:6: “automatc”') })
  writeFileSync(file, readFileSync(file, 'utf8').replace('automatc', 'automatic'))
  expect(await json('overlay import', 0, folder, '--because', 'from git')).toMatchObject({ imported: 1, problems: [] })
  expect(await json('plan', 0)).toMatchObject({ agents: [], groups: [] })
  expect(await json('plan', 0, '--files')).toMatchObject({ agents: [], fileDifferences: [] })
  const skill = path.join(at.dataDir, 'SKILL.md')
  writeFileSync(skill, '# Orders\n')
  const [kept] = await json('overlay file add', 0, 'fleet', 'skills/orders/SKILL.md', skill, '--because', 'orders')
  expect(kept).toMatchObject({ path: 'skills/orders/SKILL.md', size: 9, executable: false })
  expect(await json('overlay file list', 0, 'fleet')).toHaveLength(1)
  const content = path.join(folder, 'fleet.files/skills/orders/SKILL.md')
  expect(await json('overlay export', 0, folder)).toMatchObject({
    written: ['fleet.yaml', 'fleet.files/skills/orders/SKILL.md'],
    missing: [],
  })
  expect(readFileSync(content, 'utf8')).toBe('# Orders\n')
  expect(await json('overlay export', 0, folder)).toMatchObject({ written: [], others: [] })
  writeFileSync(content, '# Other\n')
  expect(await run('overlay', 'import', folder, '--because', 'from git')).toMatchObject({
    code: 1,
    err: expect.stringContaining('and no file of fleet.yaml has that one'),
  })
  rmSync(content)
  symlinkSync(skill, content)
  for (const way of [
    ['import', folder, '--because', 'from git'],
    ['export', folder],
  ])
    expect(await run('overlay', ...way)).toMatchObject({ code: 1, err: expect.stringContaining('This is a link') })
  rmSync(content)
  expect(await run('overlay', 'file', 'add', 'fleet', 'openclaw.json', skill, '--because', 'no')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Only AGENTS.md, SOUL.md, TOOLS.md'),
  })
  expect(await json('overlay file remove', 0, 'fleet', 'skills/orders/SKILL.md', '--because', 'gone')).toEqual([])
  expect(await json('overlay restore', 0, 'fleet', '1', '--because', 'too early')).toMatchObject({
    revision: 5,
    how: 'restored',
    ofRevision: 1,
  })
})

test('a patch: made with what it needs, out to a folder, edited there, in again', async () => {
  const script = path.join(at.dataDir, 'run.mjs')
  mkdirSync(at.dataDir, { recursive: true })
  writeFileSync(script, 'import { send } from "sheets"\nsend()\n')
  const words = ['orders', '--why', 'orders were lost', '--file', `skills/orders/run.mjs=${script}`]
  const made = await json('patch new', 0, ...words, '--run', 'jq .', '--cannot-be-undone', 'cannot be undone')
  expect(made).toMatchObject({
    revision: 1,
    by: 'cli',
    open: 2,
    content: { class: 'fix', needs: [{ need: { name: 'sheets' } }, { need: { kind: 'command', name: 'jq' } }] },
  })
  const folder = path.join(at.dataDir, 'orders')
  const exported = { files: ['patch.yaml', 'files/skills/orders/run.mjs'] }
  expect(await json('patch export', 0, 'orders', folder)).toMatchObject(exported)
  const file = path.join(folder, 'patch.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('class: fix', 'class: neutral'))
  const refused = await run('patch', 'import', folder, '--because', 'from git')
  expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/patch\.yaml:\d+: It is at least fix/) })
  writeFileSync(file, readFileSync(file, 'utf8').replace('class: neutral', 'class: security'))
  expect(await json('patch import', 0, folder, '--because', 'from git')).toMatchObject({ patch: { revision: 2 } })
  expect(await json('rollout preview', 3, '--patch', 'orders')).toMatchObject({ targets: [], hash: '', choicesLeft: 1 })
})
