import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { BoxId, RolloutRun } from '../../shared/contract/index.ts'
import { sha256Of } from '../runtimes/runtimes.ts'
import { faultInTheEnd } from '../testing/overlay-lab.ts'
import { type RunBox, runLab } from '../testing/run-lab.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 })

let lab: ReturnType<typeof runLab>
beforeEach(() => {
  lab = runLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

const levelOf = (box: RunBox): unknown => JSON.parse(box.text()).logging?.level
const levels = () => Object.fromEntries(lab.boxes.map((box) => [box.name, levelOf(box)]))
const outcomes = ({ lanes }: RolloutRun) => Object.fromEntries(lanes.map(({ name, outcome }) => [name, outcome]))
/** Of every change that was begun on a machine, in order. */
const begun = ({ rolloutId }: RolloutRun) =>
  lab.house.runs
    .report({ rolloutId })
    .markdown.split('\n')
    .flatMap((line) => /^\| \S+ \| (\S+) \| Its change is begun/.exec(line)?.[1] ?? [])
const fleetRevision = () => lab.house.overlay.layer({ layer: { kind: 'fleet', key: '' } }).revision
const nobody = (): never => {
  throw new Error('a machine and its client')
}
const debug = { 'sections.logging.level': 'debug' }
const never = { 'raw.openclaw.standIn.never': true }

/** Ends the connection it came by, so nobody sees how it ends. */
const cutsOff = { kind: 'command' as const, run: 'kill -9 $PPID' }

async function boxesOf(...names: string[]): Promise<RunBox[]> {
  for (const name of names)
    await lab.add(name, name.startsWith('lab') ? 'lab' : name.startsWith('canary') ? 'canary' : 'rest')
  return lab.boxes
}

test('reaches 12 machines: the lab, the canary, then the rest in waves; the layers say it once the canary has passed', async () => {
  await boxesOf('rest-0', 'rest-1', 'canary', 'rest-2', 'lab', ...[3, 4, 5, 6, 7, 8, 9].map((at) => `rest-${at}`))
  const patchId = await lab.patch(debug)
  const before = fleetRevision()
  const started = await lab.start(patchId)
  const seen: { layers: string; under: string[]; changed: number }[] = []
  for await (const { layers, lanes } of lab.house.runs.watch(started.rolloutId))
    seen.push({
      layers,
      under: lanes.filter(({ state }) => state === 'running').map(({ name }) => name),
      changed: lanes.filter(({ outcome }) => outcome === 'changed').length,
    })
  const ended = lab.house.runs.get(started)
  expect(ended).toMatchObject({ state: 'ended', words: 'Changed 12 of 12.', done: 12, total: 12, layers: 'saved' })
  expect(Object.values(levels())).toEqual(Array(12).fill('debug'))
  expect(ended.waves.map(({ kind, agentIds, state }) => [kind, agentIds.length, state])).toEqual([
    ['lab', 1, 'passed'],
    ['canary', 1, 'passed'],
    ['rest', 4, 'passed'],
    ['rest', 6, 'passed'],
  ])
  const order = begun(ended)
  expect(order.slice(0, 2)).toEqual(['lab', 'canary'])
  expect(order.slice(2, 6).toSorted()).toEqual(['rest-0', 'rest-1', 'rest-2', 'rest-3'])
  expect(order.slice(6).toSorted()).toEqual(['rest-4', 'rest-5', 'rest-6', 'rest-7', 'rest-8', 'rest-9'])
  // The layers are saved between the canary's verdict and the first of the rest.
  expect(fleetRevision()).toBe(before + 1)
  for (const { layers, under, changed } of seen) {
    if (changed < 2) expect(layers).toBe('not-saved')
    if (under.some((name) => name.startsWith('rest'))) expect(layers).toBe('saved')
    if (under.includes('lab') || under.includes('canary')) expect(under).toHaveLength(1)
  }
  expect(ended.lanes.every(({ seen: said }) => said.includes('Ready: ready.'))).toBe(true)
  // Nothing drifts afterwards.
  for (const { boxId } of lab.boxes) await lab.lookAt(boxId)
  const { agents } = lab.house.overlay.plans.of({})
  expect(agents.map(({ state }) => state)).toEqual(Array(12).fill('same'))
})

describe('a run that does not just go well', () => {
  test('a canary that never gets ready keeps everybody else from being touched, and stopping says what each is', async () => {
    const boxes = await boxesOf('canary', 'rest-1', 'rest-2')
    const before = boxes.map((box) => box.text())
    const asks = await lab.settled(await lab.start(await lab.patch(never, { class: 'behavioural' })))
    expect(asks).toMatchObject({ state: 'paused', question: { kind: 'failed' }, layers: 'not-saved' })
    expect(asks.question?.evidence.join()).toContain('canary: ')
    expect(asks.question?.evidence.join()).toContain('not ready: standIn')
    expect(outcomes(asks)).toEqual({ canary: 'reverted', 'rest-1': null, 'rest-2': null })
    const other = await lab.patch(debug, { name: 'another' })
    expect(await faultInTheEnd(() => lab.start(other))).toMatchObject({ code: 'in-use' })

    const stopped = await lab.house.runs.stop(asks)
    expect(outcomes(stopped)).toEqual({ canary: 'reverted', 'rest-1': 'not-attempted', 'rest-2': 'not-attempted' })
    expect(stopped).toMatchObject({ state: 'ended', question: null, layers: 'not-saved' })
    expect(boxes.map((box) => box.text())).toEqual(before)
    expect(begun(stopped)).toEqual(['canary'])
  })

  test('what nobody can tell pauses; taken as good enough it goes on', async () => {
    await boxesOf('canary', 'rest-1')
    const asks = await lab.settled(await lab.start(await lab.patch(debug, { verify: [cutsOff] })))
    expect(asks).toMatchObject({ state: 'paused', question: { kind: 'inconclusive' }, layers: 'not-saved' })
    expect(asks.question?.evidence).toEqual([
      expect.stringMatching(/^canary: The command kill -9 \$PPID was not answered: /),
    ])
    expect(levels()).toEqual({ canary: 'debug', 'rest-1': undefined })
    expect(await faultInTheEnd(() => lab.house.runs.retry(asks))).toMatchObject({
      detail: expect.stringContaining('Look again'),
    })
    // What it asks outlives the console.
    await lab.again()
    expect(lab.house.runs.get(asks)).toMatchObject({ state: 'paused', question: { kind: 'inconclusive' } })
    await lab.house.runs.continue({ rolloutId: asks.rolloutId, how: 'look-again' })
    expect((await lab.settled(asks)).question?.kind).toBe('inconclusive')
    await lab.house.runs.continue({ rolloutId: asks.rolloutId, how: 'go-on' })
    const second = await lab.settled(asks)
    expect(second).toMatchObject({ state: 'paused', layers: 'saved' })
    expect(levels()).toEqual({ canary: 'debug', 'rest-1': 'debug' })
    await lab.house.runs.continue({ rolloutId: asks.rolloutId, how: 'go-on' })
    expect(await lab.settled(asks)).toMatchObject({ state: 'ended', words: 'Changed 2 of 2.' })
    expect(begun(asks)).toEqual(['canary', 'rest-1'])
  })

  test('stopped in mid-wave those under way end whole and the others are untouched; a retry touches only these', async () => {
    await boxesOf('canary', 'rest-1', 'rest-2', 'rest-3', 'rest-4')
    const started = await lab.start(await lab.patch(debug))
    const under = await lab.until(started, ({ lanes }) =>
      lanes.some(({ wave, state }) => wave === 2 && state === 'running'),
    )
    await lab.house.runs.stop(under)
    const stopped = await lab.settled(under)
    const changed = stopped.lanes.filter(({ outcome }) => outcome === 'changed').map(({ name }) => name)
    const untouched = stopped.lanes.filter(({ outcome }) => outcome === 'not-attempted').map(({ name }) => name)
    expect(untouched).toEqual(expect.arrayContaining(['rest-3', 'rest-4']))
    expect([...changed, ...untouched].toSorted()).toEqual(lab.boxes.map(({ name }) => name).toSorted())
    for (const box of lab.boxes) expect(levelOf(box)).toBe(changed.includes(box.name) ? 'debug' : undefined)

    const firstJobs = new Map(stopped.lanes.map(({ name, applyId }) => [name, applyId]))
    await lab.house.runs.retry(stopped)
    const ended = await lab.settled(stopped)
    expect(ended).toMatchObject({ state: 'ended', words: 'Changed 5 of 5.' })
    expect(Object.values(levels())).toEqual(Array(5).fill('debug'))
    for (const { name, applyId } of ended.lanes) if (changed.includes(name)) expect(applyId).toBe(firstJobs.get(name))
    expect(begun(ended)).toHaveLength(5)
    expect(await faultInTheEnd(() => lab.house.runs.retry(ended))).toMatchObject({ code: 'invalid-input' })
  })

  test('taken back, every machine has its bytes of before and the layers say what they said', async () => {
    const boxes = await boxesOf('canary', 'rest-1', 'rest-2')
    const before = boxes.map((box) => box.text())
    const done = await lab.settled(await lab.start(await lab.patch(debug)))
    expect(done.layers).toBe('saved')
    const [first] = done.lanes
    const one = await lab.settled(await lab.house.runs.revert({ ...done, agentIds: first ? [first.agentId] : [] }))
    expect(one).toMatchObject({ revertOf: done.rolloutId, state: 'ended', words: 'Took back 1 of 1.' })
    expect(boxes.map((box) => box.text() === before[boxes.indexOf(box)])).toEqual([true, false, false])
    expect(lab.house.runs.get(done)).toMatchObject({ layers: 'saved', words: 'Changed 2 of 3; 1 went back.' })

    const all = await lab.settled(await lab.house.runs.revert(done))
    expect(outcomes(all)).toEqual({ 'rest-1': 'reverted', 'rest-2': 'reverted' })
    expect(boxes.map((box) => box.text())).toEqual(before)
    expect(lab.house.runs.get(done).layers).toBe('put-back')
    const { content } = lab.house.overlay.layer({ layer: { kind: 'fleet', key: '' } })
    expect(content.sections).toEqual({})
    for (const { boxId } of boxes) await lab.lookAt(boxId)
    expect(lab.house.overlay.plans.of({}).agents.map(({ changes }) => changes)).toEqual([[], [], []])
  })

  test('a console that ended in the middle says how each machine stands, and goes on by a word alone', async () => {
    await boxesOf('canary', 'rest-1', 'rest-2', 'rest-3')
    const started = await lab.start(await lab.patch(debug))
    await lab.until(started, ({ lanes }) => lanes.some(({ wave, state }) => wave === 2 && state === 'running'))
    await lab.again()
    const found = lab.house.runs.get(started)
    expect(found).toMatchObject({ state: 'interrupted', question: { kind: 'interrupted' } })
    expect(found.words).toMatch(/^Interrupted at \d of 4\.$/)
    const asIs = levels()
    for (const { name, outcome } of found.lanes) expect(outcome === 'changed').toBe(asIs[name] === 'debug')
    expect(await faultInTheEnd(() => lab.house.runs.retry(found))).toMatchObject({ code: 'invalid-input' })
    await lab.house.runs.continue({ rolloutId: found.rolloutId, how: 'go-on' })
    expect(await lab.settled(found)).toMatchObject({ state: 'ended', words: 'Changed 4 of 4.' })
    expect(Object.values(levels())).toEqual(Array(4).fill('debug'))
    expect(begun(found).toSorted()).toEqual(['canary', 'rest-1', 'rest-2', 'rest-3'])
  })

  test('a machine that is away waits and the others go on; back again it is a finding, and is sent by a word alone', async () => {
    const [, gone, there] = await boxesOf('canary', 'rest-1', 'rest-2')
    if (!gone || !there) throw new Error('three boxes')
    const patchId = await lab.patch(debug)
    lab.away.add(gone.sshd.port)
    lab.house.ssh.drop()
    const ended = await lab.settled(await lab.start(patchId))
    expect(ended).toMatchObject({ state: 'ended', words: 'Changed 2 of 3; 1 waits until it is back.' })
    expect(outcomes(ended)).toEqual({ canary: 'changed', 'rest-1': 'waits-for-return', 'rest-2': 'changed' })
    const waits = () => lab.house.findings.open().filter(({ cause }) => cause === 'rollout-waits')
    expect(waits()).toEqual([])

    lab.away.clear()
    await lab.lookAt(gone.boxId)
    expect(waits()).toMatchObject([{ boxName: 'rest-1', severity: 'attention' }])
    expect(levelOf(gone)).toBeUndefined()
    const bytes = there.text()
    await lab.house.runs.retry(ended)
    expect(await lab.settled(ended)).toMatchObject({ state: 'ended', words: 'Changed 3 of 3.' })
    expect([levelOf(gone), there.text()]).toEqual(['debug', bytes])
    await lab.lookAt(gone.boxId)
    expect(waits()).toEqual([])
  })

  test('a client who went away after the start is left out at its turn', async () => {
    const [, gone] = await boxesOf('canary', 'rest-1', 'rest-2')
    const started = await lab.start(await lab.patch(debug))
    await lab.until(started, ({ lanes }) => lanes.some(({ state }) => state === 'running'))
    const { clientId } = lab.house.inventory.box(gone?.boxId ?? nobody())
    const nowMs = Date.now()
    lab.house.inventory.pauseClient({
      clientId: clientId ?? nobody(),
      reason: 'On a journey',
      untilMs: nowMs + 86_400_000,
    })
    const ended = await lab.settled(started)
    expect(outcomes(ended)).toEqual({ canary: 'changed', 'rest-1': 'left-out', 'rest-2': 'changed' })
    expect(ended.lanes[1]?.words).toMatch(/^The client is away until /)
    expect(gone && levelOf(gone)).toBeUndefined()
  })

  test('paused, those under way end and nothing further is begun until somebody says so', async () => {
    await boxesOf('canary', 'rest-1', 'rest-2')
    const started = await lab.start(await lab.patch(debug))
    const under = await lab.until(started, ({ lanes }) => lanes.some(({ state }) => state === 'running'))
    lab.house.suspend()
    const paused = await lab.settled(under)
    expect(paused).toMatchObject({ state: 'paused', question: null })
    expect(levels()).toEqual({ canary: 'debug', 'rest-1': undefined, 'rest-2': undefined })
    await lab.house.runs.continue({ rolloutId: paused.rolloutId, how: 'go-on' })
    expect(await lab.settled(paused)).toMatchObject({ state: 'ended', words: 'Changed 3 of 3.' })
  })
})

test('what is not what was previewed, or what no run carries yet, is not begun', async () => {
  const [box] = await boxesOf('canary')
  const before = box?.text()
  const patchId = await lab.patch(debug)
  const start = (hash: string, id = patchId) =>
    faultInTheEnd(() => lab.house.runs.start({ patchId: id, hash, options: { when: 'now' } }))
  expect(await start('0'.repeat(64))).toMatchObject({ code: 'plan-stale' })
  const checkout = await lab.patch(debug, {
    name: 'to-a-commit',
    class: 'fix',
    parts: [{ kind: 'update', from: 'git', to: 'a'.repeat(40) }],
  })
  expect(await start('0'.repeat(64), checkout)).toMatchObject({
    code: 'invalid-input',
    detail: expect.stringContaining('It has an update to a commit of git, which a run cannot carry out yet'),
  })
  expect(lab.house.runs.list({ limit: 10 })).toEqual([])
  expect(box?.text()).toBe(before)
})

test('after hours, each machine waits for its own client; the lab has none', async () => {
  const [, canary] = await boxesOf('lab', 'canary')
  const { clientId } = lab.house.inventory.box(canary?.boxId as BoxId)
  if (clientId === null) throw new Error('a canary has a client')
  const hours = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, fromMinute: 0, toMinute: 1439 }))
  lab.house.inventory.editClient({ clientId, fields: { hours } })
  const started = await lab.start(await lab.patch(debug), 'after-hours')
  const waits = await lab.until(started, ({ lanes }) => lanes.some(({ beginsAtMs }) => beginsAtMs !== null))
  expect(levels()).toEqual({ lab: 'debug', canary: undefined })
  expect(waits.lanes[1]).toMatchObject({ state: 'waiting', words: expect.stringMatching(/business hours are over/) })
  expect(waits.lanes[1]?.beginsAtMs).toBeGreaterThan(Date.now())
  await lab.house.runs.stop(waits)
  expect(outcomes(await lab.settled(waits))).toEqual({ lab: 'changed', canary: 'not-attempted' })
  expect(levels()).toEqual({ lab: 'debug', canary: undefined })
})

test('a canary that dies after its change fails; taken back from there the rest was never touched', async () => {
  const boxes = await boxesOf('canary', 'rest-1')
  const before = boxes.map((box) => box.text())
  const asks = await lab.settled(await lab.start(await lab.patch(debug, { verify: [cutsOff] })))
  const gateway = boxes[0]?.gateway
  if (!gateway) throw new Error('it runs')
  const died = once(gateway, 'exit')
  gateway.kill('SIGKILL')
  await died
  await lab.house.runs.continue({ rolloutId: asks.rolloutId, how: 'look-again' })
  const failed = await lab.settled(asks)
  expect(failed).toMatchObject({ state: 'paused', question: { kind: 'failed' }, layers: 'not-saved' })
  expect(failed.question?.evidence.join('\n')).toContain('canary: Ready: not running.')

  const back = await lab.settled(await lab.house.runs.revert(failed))
  expect(outcomes(back)).toEqual({ canary: 'reverted' })
  expect(outcomes(lab.house.runs.get(failed))).toEqual({ canary: 'reverted', 'rest-1': 'not-attempted' })
  expect(boxes.map((box) => box.text())).toEqual(before)
})

test('what a patch is to be shown by is asked of each machine after its change: a command, and a line of its log', async () => {
  const [canary, rest] = await boxesOf('canary', 'rest-1')
  if (!canary || !rest) throw new Error('two boxes')
  const run = 'cat "$HOME/said"; test -f "$HOME/orders"'
  const line = { kind: 'log' as const, words: 'orders loaded', withinMinutes: 5 }
  const verify = [
    { kind: 'command' as const, run },
    { ...line, is: 'there' as const },
  ]
  for (const box of [canary, rest]) {
    const file = path.join(box.home, 'openclaw.log')
    writeFileSync(box.configPath, JSON.stringify({ ...JSON.parse(box.text()), logging: { file } }))
    writeFileSync(path.join(box.home, 'said'), 'password=hunter2hunter2\n')
    await lab.lookAt(box.boxId)
  }
  writeFileSync(path.join(rest.home, 'orders'), '')
  const saysSo = ({ home }: RunBox) => {
    const time = new Date().toISOString()
    appendFileSync(
      path.join(home, 'openclaw.log'),
      `${JSON.stringify({ 0: 'Orders loaded from disk', _meta: { logLevelName: 'INFO', date: time }, time })}\n`,
    )
  }
  const started = await lab.start(await lab.patch(debug, { verify }))
  await lab.until(started, ({ lanes }) => lanes.some(({ begunAtMs }) => begunAtMs !== null))
  saysSo(canary)
  const asks = await lab.settled(started)
  expect(asks).toMatchObject({ state: 'paused', question: { kind: 'failed' }, layers: 'not-saved' })
  const evidence = asks.question?.evidence.join('\n') ?? ''
  expect(evidence).toContain(`canary: The command ${run} ended with 1: password=`)
  expect(JSON.stringify(asks)).not.toContain('hunter2')
  expect(asks.lanes[0]?.seen).toContain('The log line “orders loaded” came.')
  expect(levels()).toEqual({ canary: 'debug', 'rest-1': undefined })

  writeFileSync(path.join(canary.home, 'orders'), '')
  await lab.house.runs.continue({ rolloutId: asks.rolloutId, how: 'look-again' })
  await lab.until(asks, ({ lanes }) => lanes.some(({ wave, begunAtMs }) => wave === 2 && begunAtMs !== null))
  saysSo(rest)
  const ended = await lab.settled(asks)
  expect(ended).toMatchObject({ state: 'ended', words: 'Changed 2 of 2.', layers: 'saved' })
  for (const { seen } of ended.lanes) expect(seen.join('\n')).toContain('ended with 0.')
})

/** A conversation as this version keeps it. `answer`: its last word; null: there is none. */
function writes({ home }: RunBox, session: string, sender: string, answer: object | null): void {
  const folder = path.join(home, '.openclaw', 'agents', 'main', 'agent')
  mkdirSync(folder, { recursive: true })
  using database = new DatabaseSync(path.join(folder, 'openclaw-agent.sqlite'))
  database.exec(
    'create table if not exists transcript_events(session_id text, event_json text, event_zstd blob, created_at int)',
  )
  const put = (message: object, atMs: number) =>
    database
      .prepare('insert into transcript_events values (?, ?, null, ?)')
      .run(session, JSON.stringify({ type: 'message', message: { ...message, timestamp: atMs } }), atMs)
  const nowMs = Date.now()
  const from = { transport: { channel: 'telegram' }, senderId: sender }
  put({ role: 'user', content: 'the secret of the client', __openclaw: from }, nowMs)
  if (answer !== null) put({ role: 'assistant', model: 'm', stopReason: 'stop', ...answer }, nowMs + 12_000)
}

test('a message that came in after the change and was answered shows that it works; one that failed does not', async () => {
  const [canary, rest] = await boxesOf('canary', 'rest-1')
  if (!canary || !rest) throw new Error('two boxes')
  lab.house.inventory.setTestHandles({ handles: [{ kind: 'telegram', value: '999888777', label: '', trust: 'typed' }] })
  // What came before shows nothing.
  for (const box of [canary, rest]) writes(box, 'before', '111222333', { content: 'fine' })
  const verify = [{ kind: 'exchange' as const, withinMinutes: 60 }]
  const started = await lab.start(await lab.patch(debug, { verify }))
  const isChecked = (name: string) => (run: RolloutRun) =>
    run.lanes.some((lane) => lane.name === name && lane.state === 'checking')
  /** Nobody wrote yet, so it waits; what is written while it is paused, it finds. */
  const whileItWaits = async (name: string, write: () => void) => {
    await lab.until(started, isChecked(name))
    await lab.house.runs.pause(started)
    expect(await lab.settled(started)).toMatchObject({ state: 'paused', question: null })
    write()
    await lab.house.runs.continue({ rolloutId: started.rolloutId, how: 'go-on' })
    return lab.settled(started)
  }
  const failed = await whileItWaits('canary', () => {
    writes(canary, 'silence', '111222333', { content: 'NO_REPLY' })
    writes(canary, 'one', '999888777', { content: '\u26a0 Something went wrong.' })
  })
  expect(failed).toMatchObject({ state: 'paused', question: { kind: 'failed' }, layers: 'not-saved' })
  expect(failed.question?.evidence).toEqual([
    expect.stringMatching(/^canary: A test message of yours at \d\d:\d\d got an error for an answer\.$/),
  ])

  writes(canary, 'two', '111222333', { content: 'Four boxes.' })
  await lab.house.runs.continue({ rolloutId: started.rolloutId, how: 'look-again' })
  const ended = await whileItWaits('rest-1', () => writes(rest, 'one', '999888777', { content: 'Four boxes.' }))
  expect(ended).toMatchObject({ state: 'ended', words: 'Changed 2 of 2.' })
  const said = ended.lanes.map(({ seen }) => seen.join('\n'))
  expect(said[0]).toMatch(/A message at \d\d:\d\d was answered after 12 s; 1 message failed before\./)
  expect(said[1]).toMatch(/A test message of yours at \d\d:\d\d was answered after 12 s\./)
  expect(JSON.stringify(lab.house.runs.report(started))).not.toMatch(/secret of the client|Four boxes/)
})

test('where no canary could be changed the rest waits for a person', async () => {
  const [canary] = await boxesOf('canary', 'rest-1')
  if (!canary) throw new Error('two boxes')
  const patchId = await lab.patch(debug)
  lab.away.add(canary.sshd.port)
  lab.house.ssh.drop()
  const asks = await lab.settled(await lab.start(patchId))
  expect(asks).toMatchObject({ state: 'paused', question: { kind: 'inconclusive' }, layers: 'not-saved' })
  expect(levels()).toEqual({ canary: undefined, 'rest-1': undefined })
  await lab.house.runs.continue({ rolloutId: asks.rolloutId, how: 'go-on' })
  const ended = await lab.settled(asks)
  expect(ended).toMatchObject({ words: 'Changed 1 of 2; 1 waits until it is back.', layers: 'saved' })
  expect(levels()).toEqual({ canary: undefined, 'rest-1': 'debug' })
})

test('files of a patch are carried, and taken back where nothing stood before', async () => {
  const boxes = await boxesOf('canary', 'rest-1')
  const workspaces = boxes.map(({ home }) => path.join(home, '.openclaw', 'workspace'))
  for (const workspace of workspaces) mkdirSync(workspace)
  const bytes = Buffer.from('# Orders\n')
  const skill = 'skills/orders/SKILL.md'
  const sha256 = sha256Of(bytes)
  const parts = [
    {
      kind: 'files' as const,
      files: [{ path: skill, sha256, bytes: bytes.length, mode: '0644' as const, back: 'restore' as const }],
    },
  ]
  for (const { boxId } of boxes) await lab.lookAt(boxId)
  const patchId = await lab.patch({}, { parts, class: 'behavioural' }, [
    { path: skill, base64: bytes.toString('base64') },
  ])
  const done = await lab.settled(await lab.start(patchId))
  expect(done).toMatchObject({ state: 'ended', words: 'Changed 2 of 2.', layers: 'none' })
  const there = () => workspaces.map((workspace) => existsSync(path.join(workspace, skill)))
  expect(there()).toEqual([true, true])
  const back = await lab.settled(await lab.house.runs.revert(done))
  expect(back.words).toBe('Took back 2 of 2.')
  expect(there()).toEqual([false, false])
})
