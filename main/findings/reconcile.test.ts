import { expect, test } from 'vitest'
import type { AgentId, Cause } from '../../shared/contract/index.ts'
import { type Assessment, type OpenFinding, reconcile, type Trouble } from './reconcile.ts'

const trouble: Trouble = {
  severity: 'red',
  state: 'Unsafe',
  sentence: 's',
  detail: 'd',
  sinceMs: null,
  evidence: [],
  nextStep: 'n',
}
const agent = 'a1' as AgentId
const open = (findingId: string, cause: Cause, agentId: AgentId | null = agent): OpenFinding => ({
  findingId,
  cause,
  agentId,
})

test('trouble opens once per cause and subject, is refreshed while it lasts, and is closed with its recovery', () => {
  const known = [open('f1', 'behind'), open('f2', 'silent'), open('f3', 'offline', null)]
  const judged: Assessment[] = [
    { cause: 'behind', agentId: agent, trouble },
    { cause: 'behind', agentId: 'a2' as AgentId, trouble },
    { cause: 'silent', agentId: agent, trouble: null, recovery: 'They talk again.' },
    { cause: 'crash-loop', agentId: agent, trouble: null, recovery: 'No more.' },
  ]
  const steps = reconcile(known, judged)
  expect(steps.open).toEqual([judged[1]])
  expect(steps.refresh).toEqual([{ finding: known[0], trouble }])
  expect(steps.close).toEqual([{ finding: known[1], recovery: 'They talk again.' }])
})

test('what was not judged stays as it is', () => {
  expect(reconcile([open('f1', 'behind')], [])).toEqual({ open: [], refresh: [], close: [] })
})
