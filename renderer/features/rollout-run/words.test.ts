import { describe, expect, it } from 'vitest'
import type { RolloutLane, RolloutRun, RunWave } from '../../../shared/contract/index.ts'
import { endWords, isActive, laneIcon, laneWords, lastLine, progressWords, verdictWords } from './words.ts'

const lane = (more: Partial<RolloutLane>): RolloutLane =>
  ({
    agentId: 'a',
    wave: 1,
    state: 'running',
    step: null,
    outcome: null,
    beginsAtMs: null,
    words: '',
    seen: [],
    ...more,
  }) as RolloutLane
const wave = (number: number, kind: RunWave['kind'], state: RunWave['state'], more: Partial<RunWave> = {}): RunWave =>
  ({ number, kind, state, words: '', soakUntilMs: null, soakS: 600, ...more }) as RunWave
type Run = Parameters<typeof laneIcon>[1]
const going: Run = { state: 'running', question: null, waves: [], revertOf: null }
const at = new Date(2026, 10, 20, 9, 30).getTime()

describe('a machine', () => {
  it('says where it stands', () => {
    expect(laneWords(lane({ step: 'verify' }), going, at)).toBe('Checking, 5 of 6')
    expect(laneWords(lane({ step: 'revert' }), going, at)).toBe('Going back')
    expect(laneWords(lane({ state: 'waiting' }), going, at)).toBe('Waiting')
    expect(laneWords(lane({ state: 'waiting', beginsAtMs: at + 30_600_000 }), going, at)).toBe('From 18:00')
    expect(laneWords(lane({ state: 'soaking' }), going, at)).toBe('Left at work')
    expect(laneWords(lane({ state: 'ended', outcome: 'waits-for-return' }), going, at)).toBe('When it is back')
  })

  it('is never green without an outcome that is well', () => {
    const word = (outcome: RolloutLane['outcome']) => laneIcon(lane({ state: 'ended', outcome }), going, at).word
    expect(word(null)).toBe('Not seen')
    expect(word('inconclusive')).toBe('Not seen')
    expect(word('not-attempted')).toBe('Waiting')
    expect(word('failed')).toBe('Failing')
    expect(word('unchanged')).toBe('OK')
    expect(word('reverted')).toBe('Changed')
  })

  it('is green once it was seen to be as well as before, or to be back where it was to go back', () => {
    const word = (more: Partial<RolloutLane>, run: Run = going) =>
      laneIcon(lane({ state: 'ended', outcome: 'changed', ...more }), run, at).word
    const seen = ['Ready: ready.']
    expect(word({ seen })).toBe('OK')
    expect(word({ seen: [] })).toBe('Not seen')
    expect(word({ seen, words: 'It runs. A person took it as good enough.' })).toBe('Not seen')
    expect(word({ outcome: 'reverted' }, { ...going, revertOf: 'r1' as RolloutRun['revertOf'] })).toBe('OK')
  })

  it('shows the real share of the time it is left at work', () => {
    const soaks = wave(1, 'canary', 'soaking', { soakUntilMs: at + 150_000 })
    expect(laneIcon(lane({ state: 'soaking' }), { ...going, waves: [soaks] }, at)).toEqual({
      word: 'Working',
      share: 0.75,
    })
    expect(lastLine(lane({ state: 'soaking' }), { ...going, waves: [soaks] })).toBe('looked at again at 09:32')
  })

  it('shows its sentence in one line', () => {
    expect(lastLine(lane({ seen: ['Ready: yes.'], words: 'The agent uses it.' }), going)).toBe('The agent uses it.')
    expect(lastLine(lane({ state: 'ended', words: 'Left out: It was not read lately.' }), going)).toBe(
      'It was not read lately.',
    )
  })
})

describe('the rollout', () => {
  const waves = [wave(1, 'canary', 'passed'), wave(2, 'rest', 'running'), wave(3, 'rest', 'waiting')]

  it('says which wave goes, and how much is done', () => {
    expect(progressWords({ waves, state: 'running', done: 5, total: 10 })).toBe('wave 1 of 2 · 5 of 10 done')
    expect(progressWords({ waves, state: 'pausing', done: 5, total: 10 })).toBe(
      'pausing, those under way end · wave 1 of 2 · 5 of 10 done',
    )
    expect(progressWords({ waves, state: 'ended', done: 10, total: 10 })).toBe('10 of 10 done')
  })

  it('has a verdict for each wave', () => {
    expect(waves.map((each) => verdictWords(each, { waves, state: 'running' }))).toEqual([
      'passed',
      '',
      'waits for wave 1',
    ])
    expect(verdictWords(wave(1, 'canary', 'inconclusive'), going)).toBe('can’t tell')
    expect(verdictWords(wave(1, 'rest', 'passed', { words: 'Taken as good enough: …' }), going)).toBe(
      'taken as good enough',
    )
    expect(verdictWords(wave(1, 'canary', 'soaking', { soakUntilMs: at }), going)).toBe('left at work until 09:30')
  })

  it('says of a wave that nobody carries any more that it was interrupted', () => {
    const interrupted = { waves, state: 'interrupted' } as const
    expect(waves.map((each) => verdictWords(each, interrupted))).toEqual(['passed', 'interrupted', 'waits for wave 1'])
  })

  it('counts at the end those too that were left out before it began', () => {
    const words = 'Changed 2 of 2.'
    expect(endWords({ words, lanes: [lane({})] })).toBe(words)
    expect(endWords({ words, lanes: [lane({}), lane({ wave: 0, outcome: 'left-out' })] })).toBe(
      `${words} 1 left out before it began.`,
    )
    expect(endWords({ words, lanes: [lane({ wave: 0, outcome: 'unchanged' })] })).toBe(`${words} 1 had it already.`)
  })
})

describe('a question', () => {
  const about = (kind: 'failed' | 'inconclusive' | 'interrupted'): Run => ({
    state: kind === 'interrupted' ? 'interrupted' : 'paused',
    question: { kind, words: '', evidence: [], agentIds: [lane({}).agentId] },
    waves: [],
    revertOf: null,
  })

  it('is told by the machine that it is about, where nothing goes on', () => {
    const looked = lane({ state: 'checking' })
    expect(laneWords(looked, about('failed'), at)).toBe('Not as before')
    expect(laneIcon(looked, about('failed'), at).word).toBe('Failing')
    expect(laneIcon(looked, about('inconclusive'), at).word).toBe('Not seen')
    expect(laneWords(lane({}), about('interrupted'), at)).toBe('Was under way')
    expect([looked, lane({})].map((each) => isActive(each, about('interrupted')))).toEqual([false, false])
    expect(isActive(looked, going)).toBe(true)
    const seen = { ...looked, seen: ['Ready: no.', 'No new alarm.'], words: 'The agent uses it.' }
    expect(lastLine(seen, about('inconclusive'))).toBe('Ready: no. No new alarm.')
  })

  it('leaves what has ended as it ended', () => {
    const failed = lane({ state: 'ended', outcome: 'reverted' })
    expect(laneWords(failed, about('failed'), at)).toBe('Put back')
  })
})
