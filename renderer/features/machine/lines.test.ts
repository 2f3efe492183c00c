import { expect, it } from 'vitest'
import type { Fact, FactGroup, FactKey } from '../../../shared/contract/index.ts'
import { linesOf, steppedLine } from './lines.ts'

const fact = (key: FactKey, verdict: Fact['verdict'] = 'ok'): Fact =>
  ({ key, verdict, text: key, instance: '', agentId: null }) as Fact

const facts = [fact('system.os'), fact('reach.answers'), fact('version.gap', 'bad')]

it('shows what is not right first and folds the rest until a group is opened', () => {
  expect(linesOf(facts, new Set()).map((line) => line.kind)).toEqual(['fact', 'group', 'group'])
  const open = linesOf(facts, new Set<FactGroup>(['reach']))
  expect(open.map((line) => (line.kind === 'fact' ? line.fact.key : line.section.group))).toEqual([
    'version.gap',
    'reach',
    'reach.answers',
    'system',
  ])
})

it('steps from line to line and stays on the page', () => {
  const lines = linesOf(facts, new Set())
  const [first, second] = lines.map((line) => line.id)
  expect(steppedLine(lines, null, 1)).toBe(first)
  expect(steppedLine(lines, first ?? null, 1)).toBe(second)
  expect(steppedLine(lines, first ?? null, -1)).toBe(first)
  expect(steppedLine([], null, 1)).toBeNull()
})
