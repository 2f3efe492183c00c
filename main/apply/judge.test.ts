import { expect, test } from 'vitest'
import type { AgentId, ApplyStep, BoxId } from '../../shared/contract/index.ts'
import { planHash } from '../overlay/overlay.ts'
import type { Decided, ObservedChange, Prepared, Settled, Stopped } from '../runtimes/change-answer.ts'
import { seenOff } from '../testing/seen-off.ts'
import { wentAfter } from './carry-out.ts'
import { judgeDrill } from './drill.ts'
import { judgeStop } from './stop.ts'
import { truthOf } from './truth.ts'
import { expectedAccounts, whyNotVerified } from './verify.ts'

const change: ObservedChange = {
  id: 'abcdefgh12345678',
  kind: 'config',
  state: 'armed',
  stateDir: '/home/dana/.openclaw',
  hashBefore: 'a'.repeat(64),
  hashAfter: 'b'.repeat(64),
  hashNow: 'b'.repeat(64),
  armedAtMs: 1,
  leftS: 40,
  overdue: false,
  wentBack: null,
  commands: [],
  leftFolders: [],
}
const reverted = { ...change, state: 'reverted' as const, leftS: null }

test.each([
  ['nothing', null, 'failed', false, true],
  ['a staged change', { ...change, state: 'staged' as const }, 'failed', false, true],
  ['an armed one', change, 'inconclusive', true, false],
  ['one that goes back now', { ...change, state: 'reverting' as const }, 'inconclusive', true, false],
  ['one that stays', { ...change, state: 'committed' as const }, 'changed', false, true],
  ['one that went back', { ...reverted, wentBack: 'back' as const }, 'reverted', false, true],
  ['one that was never put in place', { ...reverted, wentBack: 'never-left' as const }, 'failed', false, true],
  ['one that somebody wrote over', { ...reverted, wentBack: 'left-alone' as const }, 'inconclusive', false, false],
])('the truth of a machine that knows %s', (_, seen, outcome, open, forget) =>
  expect(truthOf(seen, 'arm', 'The end was not seen.')).toMatchObject({ outcome, open, forget }),
)

test.each<[ApplyStep, boolean]>([
  ['arm', true],
  ['activate', false],
  ['verify', false],
  ['commit', false],
  ['revert', false],
])('of a change that its machine forgot at %s it is said that nothing was changed: %s', (step, isNothing) => {
  const end = truthOf(null, step, 'The end was not seen.')
  expect(end).toMatchObject({ outcome: isNothing ? 'failed' : 'inconclusive', open: false })
  expect(end.words.includes('nothing was changed')).toBe(isNothing)
})

const decided: Decided = { state: 'reverted', wentBack: 'back', runs: true, commands: [], leftFolders: [] }
test.each<[string, Partial<Decided>, string, string]>([
  ['that went back', {}, 'reverted', 'The old config is back.'],
  ['whose agent stays down', { runs: false }, 'reverted', 'could not be started again'],
  ['that was left alone with its agent down', { wentBack: 'left-alone', runs: false }, 'inconclusive', 'could not be'],
  ['that its machine forgot', { state: 'gone', wentBack: null }, 'inconclusive', 'knows nothing of the change'],
  ['that was never put in place', { wentBack: 'never-left' }, 'failed', 'Nothing was changed.'],
])('a change %s', (_, how, outcome, words) => {
  const end = wentAfter({ ...decided, ...how }, 'It was not verified.')
  expect(end.outcome).toBe(outcome)
  expect(end.words).toContain(words)
})

test.each([
  ['it is back', { ...reverted, hashNow: change.hashBefore, wentBack: 'back' as const }, true],
  ['it says so and the file is another', { ...reverted, wentBack: 'back' as const }, false],
  ['it is still armed', change, false],
  ['it knows nothing of it', null, false],
])('a drill proves the way back only if %s', (_, seen, proven) => expect(judgeDrill(seen).proven).toBe(proven))

const door = (account: string, enabled: boolean) => ({
  channel: 'telegram',
  account,
  enabled,
  direct: 'listed' as const,
  listed: ['111'],
  listedTotal: 1,
  groups: 'nobody' as const,
  chatMayChangeConfig: false,
  because: [],
})
const side = (sha: string, ...doors: ReturnType<typeof door>[]) => ({ sha256: sha.repeat(64), redacted: '{}', doors })
const account = (name: string, running: boolean) => ({
  channel: 'telegram',
  account: name,
  running,
  enabled: true,
  connected: running,
  detail: '',
})
const prepared: Extract<Prepared, { done: true }> = {
  done: true,
  unchanged: false,
  version: '2026.9.6',
  running: true,
  comments: false,
  before: side('a', door('up', true), door('down', true), door('off', false)),
  after: side('b', door('up', true), door('down', true), door('off', true)),
  channels: { read: true, value: [account('up', true), account('down', false)], source: '' },
  folders: [],
}
const settled: Settled = {
  sha256: 'b'.repeat(64),
  side: side('b', door('up', true)),
  running: true,
  applied: true,
  ready: true,
  failing: [],
  suppressed: [],
  update: null,
  channels: { read: true, value: [account('up', true), account('off', true)], source: '' },
  took: 'by-itself',
  filesHold: true,
  foldersHold: true,
  detail: '',
}

test('what ran and what is switched on has to run after a change; what was down may stay down', () => {
  const expect_ = expectedAccounts(prepared)
  expect(expect_).toEqual(['telegram/up', 'telegram/off'])
  expect(whyNotVerified(prepared, settled, expect_)).toEqual([])
})

test.each<[string, Partial<Settled>, string]>([
  ['another file', { sha256: 'c'.repeat(64) }, 'Somebody else changed the config meanwhile.'],
  ['a config that cannot be judged', { side: null }, 'Its config could not be judged after the change.'],
  ['no gateway', { running: false }, 'The agent does not run any more.'],
  ['the old config in use', { applied: false }, 'The agent did not take the changed config.'],
  ['no word of which config is in use', { applied: null }, 'The agent did not take the changed config.'],
  ['a gateway that is not ready', { ready: false, failing: ['telegram'] }, 'The agent is not ready: telegram.'],
  ['a channel held back', { suppressed: ['telegram'] }, 'The agent holds Telegram (up), Telegram (off) back.'],
  [
    'a channel that stopped',
    { channels: { read: true, value: [account('off', true)], source: '' } },
    'Telegram (up) does not run.',
  ],
  [
    'no word of the channels',
    { channels: { read: false, why: 'x', source: '' } },
    'The agent did not say whether its channels run: x',
  ],
])('a change does not stay under %s', (_, seen, why) =>
  expect(whyNotVerified(prepared, { ...settled, ...seen }, ['telegram/up', 'telegram/off'])).toEqual([why]),
)

test.each<[Partial<Stopped>, boolean, boolean]>([
  [{}, true, true],
  [{ how: 'not-running' }, true, true],
  [{ how: 'not-running', written: false, problem: 'not JSON5' }, true, false],
  [{ how: 'ended', again: false }, true, true],
  [{ how: 'ended', again: false, written: false, problem: 'not JSON5' }, true, false],
  [{ how: 'running' }, false, true],
])('a stop that ended as %j', (how, isStopped, staysOff) => {
  const told = judgeStop({ boxName: 'peak-mini', channel: 'telegram' }, { ...seenOff, ...how })
  expect(told).toMatchObject({ stopped: isStopped, staysOff })
  expect(told.words.startsWith('NOT STOPPED')).toBe(!isStopped)
})

test('a plan has one hash however it is written, and another for any other change', () => {
  const subject = { boxId: 'b' as BoxId, agentId: 'a' as AgentId, baseSha256: 'a'.repeat(64) }
  const first = { path: ['a', 'b'], set: { x: 1, y: [1, 2] } }
  const second = { path: ['c'], remove: true as const }
  const hash = planHash({ ...subject, operations: [first, second] })
  expect(planHash({ ...subject, operations: [second, { ...first, set: { y: [1, 2], x: 1 } }] })).toBe(hash)
  expect(planHash({ ...subject, operations: [second, { ...first, set: { y: [2, 1], x: 1 } }] })).not.toBe(hash)
  expect(planHash({ ...subject, operations: [second, { ...first, path: ['a.b'] }] })).not.toBe(hash)
})
