import { describe, expect, test } from 'vitest'
import type { AgentId, PatchCheck } from '../../shared/contract/index.ts'
import type { Checked } from './checks.ts'
import { beforeIt, judgeLook, type Sight } from './verdict.ts'

const agentId = 'a' as AgentId
const other = 'b' as AgentId
type OneFact = Sight['facts'][number]
type OneAlarm = Sight['alarms'][number]

const fact = (key: OneFact['key'], verdict: OneFact['verdict'], change: Partial<OneFact> = {}): OneFact => ({
  key,
  verdict,
  text: 'as it is',
  instance: '',
  agentId,
  takenAtMs: 2000,
  ...change,
})
const alarm = (cause: OneAlarm['cause'], change: Partial<OneAlarm> = {}): OneAlarm => ({
  cause,
  agentId: null,
  severity: 'red',
  sentence: 'is ill',
  ...change,
})
const well: Sight = {
  facts: [fact('agent.ready', 'ok'), fact('channel.connected', 'ok', { instance: 'x/y' })],
  alarms: [],
}
const judge = (before: Sight, after: Sight | null, checks: PatchCheck[] = [], checked: Checked[] = []) =>
  judgeLook(agentId, beforeIt(agentId, before), after, { sinceMs: 1000, checks, checked, why: 'It does not answer.' })

describe('is a changed agent as well as before', () => {
  test.each<[string, Sight, Sight | null, 'pass' | 'fail' | 'inconclusive']>([
    ['as it was', well, well, 'pass'],
    ['it does not answer', well, null, 'inconclusive'],
    ['it is not ready', well, { ...well, facts: [fact('agent.ready', 'bad')] }, 'fail'],
    [
      'it was never read before, and is not ready',
      { facts: [], alarms: [] },
      { ...well, facts: [fact('agent.ready', 'bad')] },
      'fail',
    ],
    [
      'it was not ready before either',
      { ...well, facts: [fact('agent.ready', 'bad')] },
      { ...well, facts: [fact('agent.ready', 'bad')] },
      'inconclusive',
    ],
    [
      'whether it is ready nobody could read',
      well,
      { ...well, facts: [fact('agent.ready', 'unknown')] },
      'inconclusive',
    ],
    [
      'ready was read before the look',
      well,
      { ...well, facts: [fact('agent.ready', 'ok', { takenAtMs: 999 })] },
      'inconclusive',
    ],
    ['ready was not read at all', well, { facts: [], alarms: [] }, 'inconclusive'],
    [
      'ready of another agent says nothing',
      well,
      { ...well, facts: [fact('agent.ready', 'ok', { agentId: other })] },
      'inconclusive',
    ],
    [
      'a channel went',
      well,
      { ...well, facts: [fact('agent.ready', 'ok'), fact('channel.connected', 'bad', { instance: 'x/y' })] },
      'fail',
    ],
    [
      'a channel is not known any more',
      well,
      { ...well, facts: [fact('agent.ready', 'ok'), fact('channel.connected', 'unknown', { instance: 'x/y' })] },
      'inconclusive',
    ],
    [
      'a channel is not among what was read any more',
      well,
      { ...well, facts: [fact('agent.ready', 'ok')] },
      'inconclusive',
    ],
    [
      'a channel was down already',
      { ...well, facts: [fact('channel.connected', 'bad', { instance: 'x/y' })] },
      { ...well, facts: [fact('agent.ready', 'ok'), fact('channel.connected', 'bad', { instance: 'x/y' })] },
      'pass',
    ],
    ['a new alarm', well, { ...well, alarms: [alarm('disk-full')] }, 'fail'],
    [
      'an alarm of before',
      { ...well, alarms: [alarm('disk-full')] },
      { ...well, alarms: [alarm('disk-full')] },
      'pass',
    ],
    ['an alarm of another agent there', well, { ...well, alarms: [alarm('failing', { agentId: other })] }, 'pass'],
    ['a quiet finding', well, { ...well, alarms: [alarm('behind', { severity: 'attention' })] }, 'pass'],
    [
      'a broken lock, however quiet',
      well,
      { ...well, alarms: [alarm('rule-broken', { severity: 'attention' })] },
      'fail',
    ],
  ])('%s', (_what, before, after, state) => expect(judge(before, after).state).toBe(state))

  test('what speaks against it is among what was seen', () => {
    const { seen, against } = judge(well, { ...well, facts: [fact('agent.ready', 'bad', { text: 'not ready.' })] })
    expect(against).toEqual(['Ready: not ready.'])
    expect(seen).toContain('Ready: not ready.')
  })

  test.each<[Checked['state'], string]>([
    ['pass', 'pass'],
    ['fail', 'fail'],
    ['cant-tell', 'inconclusive'],
  ])('a check of the machine that comes to %s: %s', (state, verdict) => {
    const judged = judge(well, well, [{ kind: 'command', run: 'true' }], [{ state, words: 'It was asked.' }])
    expect([judged.state, judged.seen.includes('It was asked.')]).toEqual([verdict, true])
  })

  test('a check that was not made is never green', () =>
    expect(judge(well, well, [{ kind: 'command', run: 'true' }])).toMatchObject({
      state: 'inconclusive',
      against: ['Not every check of the patch was made.'],
    }))

  test('those that every patch has are seen by the look itself; an answered message is a check of its own', () => {
    const always: PatchCheck[] = [{ kind: 'ready' }, { kind: 'channels' }, { kind: 'rules' }]
    expect(judge(well, well, always).state).toBe('pass')
    expect(judge(well, well, [...always, { kind: 'exchange', withinMinutes: 5 }]).state).toBe('inconclusive')
  })
})
