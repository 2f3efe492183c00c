import { expect, it } from 'vitest'
import type { AgentId, AgentPlan, BoxId, Plan, PlanChange } from '../../../shared/contract/index.ts'
import { passes, readFilter } from './filter.ts'
import { type Away, onlyOf, partsOf } from './parts.ts'
import { commandOf, differsIn, groupHeading, leadOf, rowWords, sourceOf } from './words.ts'

const change = (path: string, more: Partial<PlanChange> = {}): PlanChange => ({
  path,
  kind: 'add',
  before: null,
  after: 'info',
  declared: `sections.${path}`,
  from: { kind: 'fleet', key: '' },
  fromLabel: 'Fleet',
  changedBy: null,
  ...more,
})

const agent = (name: string, more: Partial<AgentPlan> = {}): AgentPlan => ({
  agentId: name as AgentId,
  boxId: `box of ${name}` as BoxId,
  boxName: name,
  profile: 'default',
  name,
  clientName: null,
  state: 'same',
  why: '',
  version: '2026.9.6',
  foundAtMs: 1,
  old: false,
  baseSha256: '',
  hash: '',
  changes: [],
  operations: [],
  files: [],
  cannot: [],
  refusals: [],
  local: [],
  moreLocal: 0,
  excepts: [],
  timeBomb: false,
  ...more,
})

const level = change('logging.level')
const changing = (name: string, changes = [level], more: Partial<AgentPlan> = {}) =>
  agent(name, { state: 'changes', changes, hash: 'f'.repeat(64), ...more })

const plan = (agents: AgentPlan[], groups: Plan['groups'] = []): Plan => ({ agents, groups, sentence: '' })
const group = (names: string[], changes = [level], more = {}) => ({
  agentIds: names as AgentId[],
  changes,
  besides: [] as string[],
  lacks: [] as string[],
  ...more,
})
const nobody: Away = new Set()
const away = (...names: string[]): Away => new Set(names.map((name) => `box of ${name}` as BoxId))

it('says that nothing is to be changed only of machines that were read lately and answer', () => {
  const both = plan([agent('a'), agent('b')])
  expect(leadOf(both, nobody, 3)).toBe('Nothing to change: 2 machines hold what is declared.')
  expect(leadOf(both, away('b'), 3)).toBe('Nothing can be changed now, of 1 nobody knows, 1 holds what is declared.')
  expect(leadOf(plan([agent('a', { old: true })]), nobody, 3)).toBe('Nothing can be changed now, of 1 nobody knows.')
  expect(leadOf(both, nobody, 3, 1)).toBe('Nothing can be changed now, of 1 nobody knows, 2 hold what is declared.')
  expect(leadOf(both, nobody, 0)).toBe('Nothing is declared yet, so there is nothing to change.')
  expect(leadOf(plan([]), nobody, 3)).toMatch(/^No agent has been seen yet\./)
})

it('tells the largest group, and how many are otherwise', () => {
  const agents = [
    changing('a'),
    changing('b'),
    changing('c', [level, change('gateway.bind')]),
    agent('d', { state: 'refused', why: 'A rule refuses it.' }),
    agent('e', { state: 'unread', timeBomb: true, why: 'Broken.' }),
    agent('f'),
  ]
  const groups = [group(['a', 'b']), group(['c'], [level, change('gateway.bind')], { besides: ['gateway.bind'] })]
  expect(leadOf(plan(agents, groups), nobody, 1)).toBe(
    '2 machines need the same 1 change, 1 differs, 1 is blocked, 1 will not start again, 1 holds what is declared.',
  )
  expect(partsOf(plan(agents, groups), nobody).map(({ kind, plans }) => [kind, plans.length])).toEqual([
    ['bomb', 1],
    ['refused', 1],
    ['changes', 2],
    ['changes', 1],
    ['same', 1],
  ])
})

it('counts agents where a machine has several', () => {
  const boxId = 'one' as BoxId
  expect(leadOf(plan([agent('a', { boxId }), agent('b', { boxId })]), nobody, 1)).toBe(
    'Nothing to change: 2 agents hold what is declared.',
  )
})

it('says beside a name how it differs, what it cannot be given, and that it was not read lately', () => {
  const one = changing('a', [level], { old: true, cannot: [{ path: 'x', words: 'not this version' }] })
  const part = {
    kind: 'changes',
    plans: [one],
    group: group(['a'], [level], { besides: ['gateway.bind'], lacks: ['ui.name'] }),
  } as const
  expect(rowWords(one, part, nobody)).toBe(
    'also gateway.bind; not ui.name · 1 thing it cannot be given · not read lately',
  )
  expect(rowWords(one, part, away('a'))).toMatch(/did not answer last time$/)
  expect(groupHeading(part)).toBe('1 machine, 1 change')
  expect(differsIn({ besides: [], lacks: [] })).toBe('')
})

it('names the layer and what of it', () => {
  expect(sourceOf(level)).toBe('Fleet · logging.level')
  expect(sourceOf(change('x', { declared: 'raw.openclaw.gateway.bind', fromLabel: '' }))).toBe(
    'several layers · gateway.bind',
  )
})

it('gives the command that does it where there is a plan, else the one that shows it', () => {
  expect(commandOf(changing('two words'))).toBe(
    `npm run --silent cli -- apply --box 'two words' --plan ${'f'.repeat(64)}`,
  )
  expect(commandOf(agent('a'))).toBe('npm run --silent cli -- plan --box a')
})

it('is filtered by what changes and by how it stands', () => {
  const agents = [changing('a'), agent('b', { timeBomb: true, state: 'unread' }), agent('c')]
  const parts = partsOf(plan(agents, [group(['a'])]), nobody)
  const names = (typed: string) =>
    onlyOf(parts, (one) => passes(readFilter(typed), one)).flatMap(({ plans }) => plans.map(({ name }) => name))
  expect(names('setting:logging')).toEqual(['a'])
  expect(names('is:broken')).toEqual(['b'])
  expect(names('-is:same layer:fleet')).toEqual(['a'])
  expect(names('changes:?')).toEqual(['b'])
})
