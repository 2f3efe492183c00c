import { expect, test } from 'vitest'
import type { AgentId, BoxId } from '../../shared/contract/index.ts'
import { dailyBackupMs, dueForBackup } from './due.ts'

const now = 1_000 * dailyBackupMs
const agent = { boxId: 'box' as BoxId, agentId: 'agent' as AgentId }

test.each([
  ['one of an hour ago', { verdict: 'ok', value: now - 3_600_000 }, false],
  ['one of exactly a day ago', { verdict: 'ok', value: now - dailyBackupMs }, false],
  ['one older than a day', { verdict: 'ok', value: now - dailyBackupMs - 1 }, true],
  ['a young one that failed', { verdict: 'warn', value: now - 1000 }, true],
  ['one of a clock that runs ahead', { verdict: 'ok', value: now + dailyBackupMs + 1 }, true],
  ['none ever', { verdict: 'warn', value: null }, true],
  ['one that was not read', { verdict: 'unknown', value: null }, true],
  ['one whose reading is too old to be believed', { verdict: 'unknown', value: now - 1000 }, true],
  ['nothing known at all', undefined, true],
] as const)('%s', (_name, last, isDue) => {
  expect(dueForBackup([agent], () => last, now)).toEqual(isDue ? [agent] : [])
})
