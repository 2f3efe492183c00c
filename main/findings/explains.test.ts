import { expect, test } from 'vitest'
import type { AgentId, Cause } from '../../shared/contract/index.ts'
import { explainedBy, explains, foldExplained } from './explains.ts'
import type { Assessment, Trouble } from './reconcile.ts'

const [one, two] = ['a1' as AgentId, 'a2' as AgentId]
const words = {
  severity: 'red',
  state: 'Failing',
  sentence: 'x',
  detail: '',
  sinceMs: null,
  evidence: [],
  nextStep: '',
}
const bad = (cause: Cause, agentId: AgentId | null = one): Assessment => ({ cause, agentId, trouble: words as Trouble })
const well = (cause: Cause, agentId: AgentId | null = one): Assessment => ({
  cause,
  agentId,
  trouble: null,
  recovery: 'It is over.',
})
const raised = (assessments: readonly Assessment[]) =>
  assessments.filter(({ trouble }) => trouble !== null).map(({ cause, agentId }) => `${cause} ${agentId ?? ''}`.trim())

test('a consequence is not raised beside its cause', () => {
  const folded = foldExplained([bad('failing'), bad('silent'), bad('sleeps', null)], [])
  expect(raised(folded)).toEqual(['failing a1', 'sleeps'])
  expect(folded).toHaveLength(3)
})

test('a cause of one agent explains nothing of another, a cause of the machine explains all', () => {
  expect(raised(foldExplained([bad('gateway-down', one), bad('silent', two)], []))).toEqual([
    'gateway-down a1',
    'silent a2',
  ])
  expect(
    raised(foldExplained([bad('nobody-logged-in', null), bad('gateway-down', one), bad('silent', two)], [])),
  ).toEqual(['nobody-logged-in'])
})

test('a cause that is open and was not asked about this time still explains; one that is over does not', () => {
  const open = [{ cause: 'gateway-down' as const, agentId: one }]
  expect(raised(foldExplained([bad('silent')], open))).toEqual([])
  expect(raised(foldExplained([well('gateway-down'), bad('silent')], open))).toEqual(['silent a1'])
})

test('an agent that stopped is raised although a cause of before is still open, unless it was seen again', () => {
  const open = [{ cause: 'config-invalid' as const, agentId: one }]
  expect(raised(foldExplained([bad('gateway-down')], open))).toEqual(['gateway-down a1'])
  expect(raised(foldExplained([bad('config-invalid'), bad('gateway-down')], open))).toEqual(['config-invalid a1'])
})

test('what a trouble tells in other words is not raised beside it, of its own agent alone', () => {
  const changed: Assessment = {
    cause: 'changed-outside',
    agentId: null,
    trouble: { ...words, tells: [{ cause: 'local-patches', agentId: one }] } as Trouble,
  }
  expect(raised(foldExplained([changed, bad('local-patches', one), bad('local-patches', two)], []))).toEqual([
    'changed-outside',
    'local-patches a2',
  ])
})

test('nothing explains itself, by any way round', () => {
  const reach = (cause: Cause, seen: readonly Cause[]): void => {
    expect(seen, `${cause} explains itself`).not.toContain(cause)
    for (const next of explains[cause] ?? []) reach(next, [...seen, cause])
  }
  for (const cause of Object.keys(explains) as Cause[]) reach(cause, [])
})

test('who explains is told', () => {
  expect(explainedBy({ cause: 'silent', agentId: one }, [{ cause: 'failing', agentId: one }])?.cause).toBe('failing')
  expect(explainedBy({ cause: 'silent', agentId: one }, [{ cause: 'sleeps', agentId: null }])).toBeNull()
})
