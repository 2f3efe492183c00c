import { expect, it } from 'vitest'
import type { Fact } from '../../shared/contract/index.ts'
import { momentOfFact } from './fact-moment.ts'

const taken = 1_790_000_000_000
const fact = (
  key: Fact['key'],
  value: Fact['value'],
  raw = '',
): Pick<Fact, 'key' | 'value' | 'evidence' | 'takenAtMs'> => ({
  key,
  value,
  evidence: { source: '', raw },
  takenAtMs: taken,
})

it.each([
  ['the moment it is about', fact('activity.reply', 1_780_000_000_000), 1_780_000_000_000],
  ['a count is no moment', fact('activity.unanswered', 4), taken],
  [
    'what its evidence tells',
    fact('activity.failures', 3, '{"failures":3,"lastFailureAtMs":1781000000000}'),
    1_781_000_000_000,
  ],
  ['evidence that tells nothing', fact('activity.failures', 3, '{"lastFailureAtMs":null}'), taken],
  ['evidence of another fact', fact('system.node', '24', '{"lastFailureAtMs":1781000000000}'), taken],
  ['no value', fact('activity.reply', null), taken],
])('%s', (_, given, expected) => expect(momentOfFact(given)).toBe(expected))
