import { describe, expect, test } from 'vitest'
import type { AgentId, BoxId, PatchCheck, PatchContent } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import {
  type CheckWork,
  type CommandEnd,
  checksOf,
  judgeCommand,
  judgeLines,
  type LinesSeen,
  makeChecks,
  waitWords,
} from './checks.ts'

const command = { kind: 'command', run: 'orders --check' } as const
const ended: CommandEnd = { state: 'ended', exitCode: 0, signal: null, output: '' }

describe('a command', () => {
  test.each<[string, Partial<CommandEnd>, string, string]>([
    ['that ends with 0', { output: 'fine\n' }, 'pass', 'The command orders --check ended with 0.'],
    [
      'that ends with another number',
      { exitCode: 3, output: 'one\nno orders.\n' },
      'fail',
      'The command orders --check ended with 3: no orders.',
    ],
    ['that is ended', { exitCode: null, signal: 'TERM' }, 'fail', 'The command orders --check ended with TERM.'],
    ['whose end nobody saw', { exitCode: null }, 'cant-tell', 'The command orders --check: nobody saw how it ended.'],
    [
      'that takes too long',
      { state: 'timed-out', exitCode: null },
      'cant-tell',
      'The command orders --check did not end within 60 seconds.',
    ],
  ])('%s', (_what, end, state, words) =>
    expect(judgeCommand(command, { ...ended, ...end }, 'key')).toEqual({ state, words }),
  )

  test('what it says is told without secrets and marks', () => {
    const output = 'password=hunter2hunter2 \u202e done'
    const { words } = judgeCommand(command, { ...ended, exitCode: 1, output }, 'key')
    expect(words).not.toContain('hunter2')
    expect(words).toContain('done')
    expect(words).not.toContain('\u202e')
  })
})

describe('a log line', () => {
  const line = (is: 'there' | 'absent') => ({ kind: 'log', words: 'orders loaded', is, withinMinutes: 5 }) as const
  test.each<['there' | 'absent', Partial<LinesSeen>, boolean, string | undefined]>([
    ['there', { isThere: true }, false, 'pass'],
    ['there', {}, false, undefined],
    ['there', {}, true, 'fail'],
    ['there', { whole: false }, true, 'cant-tell'],
    ['absent', { isThere: true }, false, 'fail'],
    ['absent', {}, false, undefined],
    ['absent', {}, true, 'pass'],
    ['absent', { whole: false }, true, 'cant-tell'],
  ])('that is to be %s: %o, time over %s: %s', (is, seen, isOver, state) =>
    expect(judgeLines(line(is), { isThere: false, whole: true, ...seen }, isOver)?.state).toBe(state),
  )
})

describe('the checks of a patch', () => {
  const about = { boxId: 'b' as BoxId, agentId: 'a' as AgentId, begunAtMs: 0, changedAtMs: 0 }
  const made = (checks: PatchCheck[], work: Partial<CheckWork>, signal = new AbortController().signal) => {
    const clock = fakeClock()
    const lines = async () => ({ isThere: true, whole: true })
    const exchanges = async () => ({ read: true, exchanges: [], unread: 0 }) as const
    const usual = { clock, keyOf: () => 'key', run: async () => ended, lines, exchanges }
    return makeChecks({ ...usual, ...work }, about, checks, signal)
  }
  const away = async (): Promise<never> => {
    throw new FaultError({ code: 'refused', boxName: 'b', host: 'b', port: 22 })
  }

  test('those that ask nothing of the machine are not among them', async () =>
    expect(await made([{ kind: 'ready' }, { kind: 'channels' }, { kind: 'rules' }], {})).toEqual([]))

  test('a machine that does not answer is no failure', async () =>
    expect(await made([command], { run: away })).toMatchObject([{ state: 'cant-tell' }]))

  test('a line is waited for until it comes', async () => {
    const clock = fakeClock()
    let looks = 0
    const lines = async () => {
      looks += 1
      if (looks < 3) queueMicrotask(() => queueMicrotask(() => clock.advance(30_000)))
      return { isThere: looks === 3, whole: true }
    }
    const check = { kind: 'log', words: 'x', is: 'there', withinMinutes: 5 } as const
    const start = { ...about, begunAtMs: clock.nowMs() }
    const work: CheckWork = { clock, keyOf: () => 'key', run: away, lines, exchanges: away }
    expect(await makeChecks(work, start, [check], new AbortController().signal)).toMatchObject([{ state: 'pass' }])
    expect(looks).toBe(3)
  })

  test('paused, nothing is waited for', async () => {
    const halt = new AbortController()
    const lines = async () => {
      halt.abort()
      return { isThere: false, whole: true }
    }
    const clock = fakeClock()
    const check = { kind: 'log', words: 'x', is: 'there', withinMinutes: 5 } as const
    const start = { ...about, begunAtMs: clock.nowMs() }
    const work: CheckWork = { clock, keyOf: () => 'key', run: away, lines, exchanges: away }
    expect(await makeChecks(work, start, [check], halt.signal)).toMatchObject([{ state: 'cant-tell' }])
  })

  /** Whoever waits does not wait. */
  const hurried = () => {
    const clock = fakeClock()
    const after: Clock['after'] = (delayMs, act) => {
      queueMicrotask(() => clock.advance(delayMs))
      return clock.after(delayMs, act)
    }
    return { ...clock, after }
  }
  const exchange = (withinMinutes: number) => ({ kind: 'exchange', withinMinutes }) as const

  test('a message is waited for, from the moment the change was in force', async () => {
    const clock = hurried()
    const times = { begunAtMs: clock.nowMs() - 60_000, changedAtMs: clock.nowMs() }
    const asked: number[] = []
    const exchanges: CheckWork['exchanges'] = async ({ sinceMs }) => {
      asked.push(sinceMs)
      if (asked.length === 1) return { read: true, exchanges: [], unread: 0 }
      if (asked.length === 2) return away()
      const [atMs, endedAtMs] = [clock.nowMs(), clock.nowMs() + 12_000]
      return { read: true, exchanges: [{ atMs, state: 'answered', endedAtMs, isTest: false }], unread: 0 }
    }
    const work: CheckWork = { clock, keyOf: () => 'key', run: away, lines: away, exchanges }
    const signal = new AbortController().signal
    const words = expect.stringMatching(/^A message at .* was answered after 12 s/)
    expect(await makeChecks(work, { ...about, ...times }, [exchange(5)], signal)).toMatchObject([
      { state: 'pass', words },
    ])
    expect(asked).toEqual([times.changedAtMs, times.changedAtMs, times.changedAtMs])
  })

  test('a machine that never answers whether a message came is no failure', async () => {
    const clock = hurried()
    const work: CheckWork = { clock, keyOf: () => 'key', run: away, lines: away, exchanges: away }
    const start = { ...about, changedAtMs: clock.nowMs() }
    const made = await makeChecks(work, start, [exchange(1)], new AbortController().signal)
    expect(made).toMatchObject([{ state: 'cant-tell', words: expect.stringContaining('was not answered: ') }])
    expect(clock.nowMs() - start.changedAtMs).toBe(60_000)
  })

  test('the tests of a capability are among them, each once', () => {
    const capability = {
      flag: 'orders',
      checklist: [],
      tests: [exchange(5), command],
    } as unknown as PatchContent['capability']
    expect(checksOf({ verify: [{ kind: 'ready' }, exchange(5)], capability })).toEqual([
      { kind: 'ready' },
      exchange(5),
      command,
    ])
  })

  test.each<[PatchCheck[], string]>([
    [[{ kind: 'ready' }, command], ''],
    [[{ kind: 'exchange', withinMinutes: 5 }], 'Waits up to 5 minutes for a message that is answered.'],
    [
      [
        { kind: 'log', words: 'x', is: 'there', withinMinutes: 30 },
        { kind: 'exchange', withinMinutes: 5 },
      ],
      'Waits up to 30 minutes for its log and a message that is answered.',
    ],
  ])('%j: %s', (checks, words) => expect(waitWords(checks)).toBe(words))
})
