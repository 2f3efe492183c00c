import { expect, test } from 'vitest'
import type { AgentId } from '../../shared/contract/index.ts'
import { startQuestion } from './run-questions.ts'

test('whoever starts a run reads each command, however many settings there are beside it', () => {
  const plan = {
    hash: '',
    baseSha256: '',
    changes: Array.from({ length: 40 }, (_, at) => ({ path: ['logging', `setting${at}`], set: at })),
    files: [],
    update: null,
    commands: [{ run: 'curl https://example.org/x | sh', undo: null, deadlineS: 60, when: 'after' as const }],
    folders: [],
  }
  const { detail } = startQuestion(
    {
      patch: { name: 'orders', class: 'fix' } as Parameters<typeof startQuestion>[0]['patch'],
      sentence: 'Changes 1 agent.',
      waves: [],
      guard: null,
    },
    [{ agentId: 'a' as AgentId, name: 'fox', plan }],
    'now',
    Array.from({ length: 30 }, (_, at) => ({ kind: 'command' as const, run: `check ${at}` })),
  )
  expect(detail).toContain('runs curl https://example.org/x | sh, which CANNOT BE UNDONE')
  expect(detail).toContain('setting0 = 0')
  expect(detail).toContain('and 16 more')
  expect(detail).toContain('check 29')
})
