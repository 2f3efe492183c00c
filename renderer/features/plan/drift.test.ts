import { describe, expect, it } from 'vitest'
import type { AgentPlan, ApplyJob, ApplyStep, Plan, PlanChange } from '../../../shared/contract/index.ts'
import { outcomeOf, stepLines } from '../../ui/apply-step-lines.ts'
import { driftRows, passesDrift, readDriftFilter, valueWords, whoseOf } from './drift-rows.ts'

const change = (path: string, more: Partial<PlanChange> = {}): PlanChange => ({
  path,
  kind: 'change',
  before: '4h',
  after: '30m',
  declared: `raw.openclaw.${path}`,
  from: { kind: 'fleet', key: '' },
  fromLabel: 'Fleet',
  changedBy: null,
  ...more,
})
const agent = (name: string, changes: PlanChange[], more: Partial<AgentPlan> = {}): AgentPlan =>
  ({ agentId: name, boxId: name, name, clientName: null, changes, excepts: [], ...more }) as unknown as AgentPlan
const plan = (...agents: AgentPlan[]): Plan => ({ agents, groups: [], sentence: '' })
const by = (who: string, atMs: number) => ({ changedBy: { who, atMs, sentence: '' } })

describe('drift', () => {
  const rows = driftRows(
    plan(
      agent('a', [change('x'), change('y', by('kevin', 10))]),
      agent('b', [change('x'), change('y', by('priya', 20))]),
      agent('c', [change('x', { before: null })], {
        excepts: [
          {
            path: 'sections.logging.level',
            untilMs: 5,
            because: 'we watch it',
            layer: { kind: 'box', key: 'c' },
            hides: [],
            label: 'c',
          },
        ],
      }),
    ),
  )

  it('tells what somebody changed by itself, newest first, and folds what no machine was given yet', () => {
    expect(rows.map(({ kind, plans }) => [kind, plans.map(({ name }) => name).join(' ')])).toEqual([
      ['changed', 'b'],
      ['changed', 'a'],
      ['missing', 'a b'],
      ['missing', 'c'],
      ['excepted', 'c'],
    ])
    expect(rows.map(valueWords)).toEqual([
      '4h, declared 30m',
      '4h, declared 30m',
      '4h, declared 30m',
      'nothing, declared 30m',
      'we watch it',
    ])
    expect(rows.map(whoseOf)).toEqual(['b', 'a', '2 machines', 'c', 'c'])
  })

  it('is filtered by setting, who and kind', () => {
    const count = (typed: string) => rows.filter((row) => passesDrift(readDriftFilter(typed), row)).length
    expect(count('who:kevin')).toBe(1)
    expect(count('is:excepted setting:logging')).toBe(1)
    expect(count('machine:b machines:2')).toBe(1)
  })
})

describe('steps of a change', () => {
  const job = (step: ApplyStep, more: Partial<ApplyJob> = {}) =>
    ({ step, state: 'running', outcome: null, endedAtMs: null, commands: [], folders: [], ...more }) as ApplyJob
  const seen = (...steps: [ApplyStep, number][]) => steps.map(([step, atMs]) => ({ step, atMs }))
  const shown = (run: Parameters<typeof stepLines>[0]) =>
    stepLines(run).map(({ step, state, fromMs, untilMs }) => [
      step,
      state,
      fromMs === null || untilMs === null ? null : untilMs - fromMs,
    ])

  it('is under way at one of them; a step that was passed unseen has no time', () => {
    expect(shown({ job: job('arm'), steps: seen(['connect', 0], ['arm', 30]), error: null })).toEqual([
      ['connect', 'OK', 30],
      ['stage', 'OK', null],
      ['arm', 'Working', null],
      ['activate', 'Waiting', null],
      ['verify', 'Waiting', null],
      ['commit', 'Waiting', null],
    ])
  })

  it('ends well with all of them, or at the one that failed', () => {
    const changed = { state: 'ended', outcome: 'changed', endedAtMs: 9 } as const
    expect(shown({ job: job('commit', changed), steps: seen(['commit', 5]), error: null }).at(-1)).toEqual([
      'commit',
      'OK',
      4,
    ])
    const failed = { state: 'ended', outcome: 'failed', endedAtMs: 7 } as const
    expect(shown({ job: job('stage', failed), steps: seen(['connect', 0], ['stage', 2]), error: null })).toEqual([
      ['connect', 'OK', 2],
      ['stage', 'Failing', 5],
      ['arm', 'Waiting', null],
      ['activate', 'Waiting', null],
      ['verify', 'Waiting', null],
      ['commit', 'Waiting', null],
    ])
  })

  it('says what did not hold when it goes back, and never that it was kept', () => {
    const reverted = { state: 'ended', outcome: 'reverted', endedAtMs: 9 } as const
    const lines = shown({ job: job('revert', reverted), steps: seen(['verify', 1], ['revert', 4]), error: null })
    expect(lines.slice(-2)).toEqual([
      ['verify', 'Failing', 3],
      ['revert', 'OK', 5],
    ])
    expect(lines.map(([step]) => step)).not.toContain('commit')
    const commands = [{ run: 'x', undo: null, deadlineS: 1, when: 'after' as const }]
    const ran = shown({
      job: job('revert', { ...reverted, commands }),
      steps: seen(['run-after', 1], ['revert', 4]),
      error: null,
    })
    expect(ran.slice(-3)).toEqual([
      ['activate', 'OK', null],
      ['run-after', 'Failing', 3],
      ['revert', 'OK', 5],
    ])
  })

  it('is not known, where the console ended before it was told', () => {
    expect(outcomeOf(job('verify'))).toBeNull()
    expect(outcomeOf(job('verify', { state: 'interrupted' }))).toEqual({ title: 'Can’t tell', state: 'Not seen' })
    expect(outcomeOf(job('commit', { state: 'ended', outcome: 'changed' }))?.title).toBe('Changed')
  })
})
