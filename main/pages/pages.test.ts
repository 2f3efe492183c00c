import { afterEach, expect, test } from 'vitest'
import type { BoxId } from '../../shared/contract/index.ts'
import { createActivity } from '../activity/activity.ts'
import { createChanges } from '../base/changes.ts'
import { FaultError } from '../base/fault-error.ts'
import { silentLog } from '../base/log.ts'
import { createFacts } from '../facts/facts.ts'
import { createFindings } from '../findings/findings.ts'
import { createInventory } from '../inventory/inventory.ts'
import { createLogs } from '../logs/logs.ts'
import { createOutside } from '../outside/outside.ts'
import { createReview } from '../review/review.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { createSsh } from '../ssh/ssh.ts'
import { noVault } from '../ssh/vault.ts'
import { defaultSettings } from '../store/store.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { countsNothing, noGit } from '../testing/no-git.ts'
import {
  got,
  sampleAgent,
  sampleConfig,
  sampleDoor,
  sampleInstall,
  sampleMachine,
  sampleObserved,
} from '../testing/observed-sample.ts'
import { tempStore } from '../testing/temp-store.ts'
import { createPages } from './pages.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0).reverse()) clean()
})

/** Named boxes over a real store; `agents` says what each one's agent shows, null that it does not answer. */
function lab(agents: Record<string, Partial<ObservedAgent> | null>) {
  const clock = fakeClock()
  const temp = tempStore(clock)
  cleanups.push(() => temp[Symbol.dispose]())
  const { store, ledger, dataDir } = temp
  const changes = createChanges()
  const inventory = createInventory({ store, ledger, changes, clock, homeDir: dataDir })
  const findings = createFindings({
    store,
    ledger,
    inventory,
    clock,
    changes,
    workflowsOf: (clientId) => inventory.workflows({ clientId }).map(({ name }) => name),
  })
  const activity = createActivity({ store, inventory })
  const outside = createOutside({ store, ledger, findings, clock, changes, actor: 'operator' })
  const facts = createFacts({
    store,
    ledger,
    inventory,
    findings,
    clock,
    changes,
    log: silentLog,
    onbox: {
      probe: async (boxId) => {
        const { name } = inventory.box(boxId)
        const change = agents[name]
        if (change === null) throw new FaultError({ code: 'refused', boxName: name, host: name, port: 22 })
        const nowMs = clock.nowMs()
        return sampleObserved(nowMs, { machine: sampleMachine(nowMs), agents: [sampleAgent(nowMs, change)] })
      },
      count: countsNothing,
    },
    git: noGit,
    settings: () => ({ ...defaultSettings, askRegistry: false }),
    testHandles: () => [],
    judgeMore: (landed) => [...activity.judge(landed), ...outside.judge(landed)],
  })
  const ssh = createSsh({
    store,
    ledger,
    inventory,
    clock,
    log: silentLog,
    vault: noVault(''),
    changes,
    homeDir: dataDir,
  })
  cleanups.push(() => ssh.close())
  const logs = createLogs({ store, ledger, inventory, clock, log: silentLog, changes })
  const pages = createPages({ ledger, inventory, findings, facts, logs, outside, activity, ssh, clock, demo: false })
  const review = createReview({
    store,
    ledger,
    inventory,
    findings,
    facts,
    outside,
    clock,
    changes,
    settings: () => defaultSettings,
    demo: false,
  })
  const ids = new Map<string, BoxId>()
  for (const name of Object.keys(agents))
    ids.set(name, inventory.addBox({ name, host: `${name}.example`, user: 'dana' }).box.boxId)
  const sweep = async () => {
    facts.sweeps.start({ reason: 'operator' })
    await facts.sweeps.idle()
  }
  return { agents, clock, inventory, ledger, pages, review, sweep, ids, idOf: (name: string) => ids.get(name)! }
}

const everyone = { doors: got([sampleDoor({ direct: 'everyone' })]) }
const noBackup = { lastBackup: got({ atMs: null, ok: false }) }

test('nothing read yet is not quiet', async () => {
  const here = lab({ one: {}, two: {} })
  expect(here.review.page()).toMatchObject({
    machines: 2,
    answered: 0,
    notSeen: ['one', 'two'],
    allQuiet: false,
    items: [],
    nothingToDo: [],
  })
  expect(here.pages.fleet().rows.map((row) => [row.state, row.versionSeen, row.lastExchangeSeen])).toEqual([
    ['Not seen', false, false],
    ['Not seen', false, false],
  ])
})

test('all quiet is said when every machine answered and nothing is open', async () => {
  const here = lab({ one: {}, two: {} })
  await here.sweep()
  const client = here.inventory.addClient({ name: 'Peak Realty' }).client
  here.inventory.editBox({ boxId: here.idOf('two'), fields: { clientId: client.clientId } })
  const review = here.review.page()
  expect(review).toMatchObject({ answered: 2, notSeen: [], allQuiet: true, items: [], reviewStartedAtMs: null })
  expect(review.nothingToDo.map(({ name }) => name)).toEqual(['one', 'Peak Realty'])
  expect(review.oldestFactAtMs).toBe(here.clock.nowMs())
  here.clock.advance(49 * 3_600_000)
  expect(here.review.page()).toMatchObject({ answered: 0, allQuiet: false, notSeen: ['one', 'two'] })
})

test('one machine that does not answer is enough for not quiet', async () => {
  const here = lab({ one: {}, two: null })
  await here.sweep()
  expect(here.review.page()).toMatchObject({ answered: 1, notSeen: ['two'], allQuiet: false })
  expect(here.pages.fleet().answered).toBe(1)
})

test('the diary of a client says the moments in it as they are read', async () => {
  const here = lab({ one: {}, two: {} })
  const { client } = here.inventory.addClient({ name: 'Peak Realty' })
  here.inventory.editBox({ boxId: here.idOf('one'), fields: { clientId: client.clientId } })
  await here.sweep()
  here.agents.one = null
  here.clock.advance(3_600_000)
  await here.sweep()
  const told = here.pages.client(client.clientId).diary.map(({ sentence }) => sentence)
  expect(told.join(' ')).toMatch(/one has not answered since today \d\d:\d\d\./)
})

test('a machine whose only trouble was snoozed says so, and until when', async () => {
  const here = lab({ one: noBackup })
  await here.sweep()
  const keys = here.review.page().items.map(({ key }) => key)
  here.review.snooze({ keys, untilMs: Date.UTC(2027, 0, 5, 12), reason: 'Known' })
  expect(here.pages.fleet().rows[0]).toMatchObject({
    state: 'Snoozed',
    sentence: 'has never been backed up, snoozed until 5 January',
  })
})

test('worst first; one row a machine, and one for the same trouble of several', async () => {
  const here = lab({ one: noBackup, two: { ...everyone, ...noBackup }, three: noBackup, four: {} })
  await here.sweep()
  const { items, nothingToDo } = here.review.page()
  const told = items.map(({ finding, others }) =>
    [finding, ...others].map(({ boxName, cause }) => `${boxName} ${cause}`),
  )
  expect(told).toEqual([
    ['two answers-everyone', 'two backup-old'],
    ['one backup-old', 'three backup-old'],
  ])
  expect(nothingToDo.map(({ name }) => name)).toEqual(['four'])
  const { rows } = here.pages.fleet()
  expect(rows.map((row) => [row.boxName, row.state])).toEqual([
    ['two', 'Unsafe'],
    ['one', 'Changed'],
    ['three', 'Changed'],
    ['four', 'OK'],
  ])
  expect(rows[0]).toMatchObject({
    sentence: 'answers everyone who writes on iMessage',
    answers: 'iMessage: everyone who writes',
    answersVerdict: 'bad',
    version: '2026.9.6',
    behindText: 'none',
  })
})

test('clients before and just after go-live have sections of their own', async () => {
  const here = lab({ one: noBackup, two: noBackup, three: noBackup })
  const day = (days: number) => new Date(here.clock.nowMs() + days * 86_400_000).toISOString().slice(0, 10)
  for (const [name, goLiveOn] of [
    ['one', day(5)],
    ['two', day(-3)],
    ['three', day(-60)],
  ] as const) {
    const { client } = here.inventory.addClient({ name: `client ${name}`, goLiveOn })
    here.inventory.editBox({ boxId: here.idOf(name), fields: { clientId: client.clientId } })
  }
  await here.sweep()
  const backups = here.review.page().items.filter((item) => item.finding.cause === 'backup-old')
  expect(backups.map((item) => [item.section, item.finding.subject])).toEqual([
    ['needs-you', 'client three'],
    ['go-live', 'client two'],
    ['building', 'client one'],
  ])
})

test('equal versions fold, the largest group first', async () => {
  const old = { install: got(sampleInstall({ version: '2026.6.11' })), runningVersion: got('2026.6.11') }
  const here = lab({ a: {}, b: {}, c: old })
  await here.sweep()
  expect(here.pages.fleet().versionFold).toEqual([
    { version: '2026.9.6', boxNames: ['a', 'b'] },
    { version: '2026.6.11', boxNames: ['c'] },
  ])
})

test('marking the last row ends the review: a line in the diary, and a change waits for a decision', async () => {
  const here = lab({ one: everyone, two: {} })
  await here.sweep()
  here.agents.two = { config: got(sampleConfig(here.clock.nowMs(), { fingerprint: 'd'.repeat(64) })) }
  here.clock.advance(60_000)
  await here.sweep()
  here.review.begin()
  const before = here.review.page()
  expect(before.items.map((item) => item.finding.cause)).toEqual(['answers-everyone', 'changed-outside'])
  expect(before.reviewStartedAtMs).toBe(here.clock.nowMs())
  here.clock.advance(4 * 60_000)
  const [first, second] = before.items.map((item) => item.key) as [string, string]
  expect(here.review.mark([first], true)).toEqual({ reviewEnded: false })
  expect(here.review.page().items.map((item) => item.seen)).toEqual([true, false])
  expect(here.review.mark([second], true)).toEqual({ reviewEnded: true })
  expect(here.review.page()).toMatchObject({
    items: [{ finding: { cause: 'answers-everyone' } }, { finding: { cause: 'changed-outside' } }],
    reviewStartedAtMs: null,
    reviewEnded: { seen: 2, left: 2 },
  })
  expect(here.ledger.entries({ limit: 1 })[0]).toMatchObject({
    kind: 'review.ended',
    actor: 'operator',
    sentence: 'The review ended after 4 min: 2 rows seen, 2 left for later.',
  })
  here.review.mark([first], false)
  expect(here.review.page().items[0]?.seen).toBe(false)
})

test('a mark holds for a day: tomorrow the trouble that is still there asks again', async () => {
  const here = lab({ one: everyone })
  await here.sweep()
  here.review.mark([here.review.page().items[0]!.key], true)
  expect(here.review.page().items[0]?.seen).toBe(true)
  here.clock.advance(24 * 3_600_000)
  expect(here.review.page().items[0]?.seen).toBe(false)
})

test('a machine page tells what is, what was wrong, and what happened, newest first', async () => {
  const here = lab({ one: everyone })
  await here.sweep()
  const boxId = here.idOf('one')
  here.agents.one = {
    install: got(sampleInstall({ version: '2026.9.7' })),
    runningVersion: got('2026.9.7'),
    doors: got([sampleDoor({ direct: 'nobody', listed: [], listedTotal: 0 })]),
  }
  here.clock.advance(3_600_000)
  await here.sweep()
  here.agents.one = null
  here.clock.advance(3_600_000)
  await here.sweep()
  const page = here.pages.machine(boxId)
  expect(page).toMatchObject({
    state: 'Offline',
    box: { name: 'one', pinned: null },
    client: null,
    lastAttempt: { atMs: here.clock.nowMs() },
  })
  expect(page.stateSentence).toMatch(/^has not answered since today \d\d:\d\d$/)
  expect(page.lastAttempt?.sentence).toContain('port 22')
  expect(page.sshCommand).toContain('dana@one.example')
  expect(page.findings.map((finding) => [finding.cause, finding.open])).toEqual([
    ['offline', true],
    ['changed-outside', true],
    ['answers-everyone', false],
  ])
  const told = page.timeline.map((item) => `${item.kind}: ${item.sentence} ${item.detail}`)
  expect(told).toContain('version: Version installed: 2026.9.7 Before: 2026.9.6')
  expect(told).toContain(
    'change-found: Answers (imessage/default): iMessage: nobody Before: iMessage: everyone who writes',
  )
  expect(told.some((line) => line.startsWith('finding-closed: It answers only those on its list.'))).toBe(true)
  expect(page.timeline.map((item) => item.atMs)).toEqual(
    [...page.timeline.map((item) => item.atMs)].sort((a, b) => b - a),
  )
  expect(() => here.pages.machine('nobody' as BoxId)).toThrow('not-found')
})
