import { describe, expect, it } from 'vitest'
import type { RolloutLane, RolloutRun, RunWave } from '../../../shared/contract/index.ts'
import { followed, sectionsOf, toPutBack, toRetry } from './lanes.ts'

const lane = (name: string, more: Partial<RolloutLane> = {}): RolloutLane =>
  ({ agentId: name, name, wave: 1, state: 'waiting', outcome: null, ...more }) as RolloutLane
const ended = (name: string, outcome: RolloutLane['outcome'], wave = 1) => lane(name, { state: 'ended', outcome, wave })
const wave = (number: number, kind: RunWave['kind'], more: Partial<RunWave> = {}): RunWave =>
  ({ number, kind, state: 'waiting', words: '', soakUntilMs: null, soakS: 0, ...more }) as RunWave

describe('sections', () => {
  const going = { question: null, state: 'running' } as const
  const waves = [wave(1, 'canary', { state: 'failed', words: 'alder-mini did not get ready.' }), wave(2, 'rest')]

  it('are the waves in order with their verdict, those not begun too', () => {
    const lanes = [ended('alder', 'reverted'), lane('cove', { wave: 2 }), lane('delta', { wave: 2 })]
    expect(sectionsOf({ ...going, waves, lanes }).map(({ title, verdict, words }) => [title, verdict, words])).toEqual([
      ['Canary', 'failed', 'alder-mini did not get ready.'],
      ['Wave 1', 'waits for the canary', ''],
    ])
  })

  it('keep apart whom it does not reach now', () => {
    const later = [ended('nolan', 'waits-for-return', 2), ended('peak', 'left-out', 0)]
    const titles = (lanes: RolloutLane[]) =>
      sectionsOf({ waves, ...going, lanes: [ended('alder', 'changed'), ...lanes] }).map(({ title, lanes: own }) => [
        title,
        own.length,
      ])
    expect(titles(later)).toEqual([
      ['Canary', 1],
      ['Later', 2],
    ])
    expect(titles([...later.slice(1), ended('fox', 'unchanged', 0)])).toEqual([
      ['Canary', 1],
      ['Left out', 1],
      ['Nothing to do', 1],
    ])
  })
})

describe('the machine that is followed', () => {
  const of = (lanes: RolloutLane[], before: string | null = null, more: Partial<RolloutRun> = {}) =>
    followed({ lanes, state: 'running', question: null, ...more }, before as RolloutLane['agentId'])

  it('is the one under way, and stays while that is', () => {
    const lanes = [ended('a', 'changed'), lane('b', { state: 'running' }), lane('c', { state: 'running' })]
    expect(of(lanes)).toBe('b')
    expect(of(lanes, 'c')).toBe('c')
    expect(of(lanes, 'a')).toBe('b')
  })

  it('is the last one between two, the next at the begin, and that of a question', () => {
    const lanes = [ended('a', 'changed'), lane('b'), lane('c')]
    expect(of(lanes, 'a')).toBe('a')
    expect(of(lanes.slice(1))).toBe('b')
    const question = { kind: 'failed', words: '', evidence: [], agentIds: ['c'] } as unknown as RolloutRun['question']
    expect(of(lanes, 'a', { question })).toBe('c')
  })

  it('does not jump away at the end; a report that is opened shows what did not go well', () => {
    const lanes = [ended('a', 'changed'), ended('b', 'reverted'), ended('c', 'failed')]
    expect(of(lanes, 'a', { state: 'ended' })).toBe('a')
    expect(of(lanes, null, { state: 'ended' })).toBe('c')
    expect(of(lanes.slice(0, 1), null, { state: 'ended' })).toBe('a')
    expect(of([], null)).toBeNull()
  })
})

it('retries what did not go, and puts back what was changed', () => {
  const lanes = (
    [
      'changed',
      'unchanged',
      'failed',
      'reverted',
      'inconclusive',
      'left-out',
      'not-attempted',
      'waits-for-return',
    ] as const
  ).map((outcome) => ended(outcome, outcome))
  const names = (found: RolloutLane[]) => found.map(({ name }) => name)
  const run = { lanes, revertOf: null, layers: 'saved' } as const
  const tried = ['failed', 'inconclusive', 'not-attempted', 'waits-for-return']
  expect(names(toRetry(run))).toEqual(['failed', 'reverted', ...tried.slice(1)])
  expect(names(toRetry({ ...run, revertOf: 'r0' as RolloutRun['rolloutId'] }))).toEqual(tried)
  expect(toRetry({ ...run, layers: 'put-back' })).toEqual([])
  expect(names(toPutBack({ lanes: [...lanes, lane('soaks', { state: 'soaking' })] }))).toEqual(['changed', 'soaks'])
})
