import { expect, test } from 'vitest'
import type { AgentId, DiffLine } from '../../shared/contract/index.ts'
import type { Found } from './judge-update.ts'
import { type OwnChange, withoutOwn } from './own-change.ts'

const agentId = 'agent-1' as AgentId
const [left, other] = ['a'.repeat(64), 'b'.repeat(64)]
const line = (path: string, after: string | null = 'x'): DiffLine => ({ path, before: null, after })
const config = (...diff: DiffLine[]): Found => ({
  agentId,
  name: 'config',
  difference: { part: 'config', weight: 'attention', sentence: 'as found', diff },
})
const access: Found = {
  agentId,
  name: 'access',
  difference: { part: 'access', weight: 'red', sentence: 'answers more', diff: [line('telegram/default')] },
}
const files = (...diff: DiffLine[]): Found => ({
  agentId,
  name: 'own-files',
  difference: { part: 'own-files', weight: 'attention', sentence: 'as found', diff },
})
const made: OwnChange = {
  agentId,
  sha256: left,
  paths: [
    ['logging', 'level'],
    ['channels', 'telegram', 'accounts', 'front desk', 'allowFrom'],
  ],
  files: [{ path: 'SOUL.md', sha256: 'c'.repeat(64) }],
  version: '2026.9.6',
}
const own = [line('logging.level'), line('channels.telegram.accounts."front desk".allowFrom[3]')]
const rest = (found: Found[], sha256: string | null = left, of: OwnChange[] = [made]) =>
  withoutOwn(found, of, () => sha256)

test('what was changed from here is no change of somebody else, whom it answers neither', () => {
  expect(rest([config(...own), access])).toEqual([])
})

test('another setting besides stays, alone, and so does whom it answers', () => {
  const [one, two] = rest([config(...own, line('gateway.bind', 'lan')), access])
  expect(one?.difference).toMatchObject({
    diff: [line('gateway.bind', 'lan')],
    sentence: '1 setting changed: gateway.bind',
  })
  expect(two).toBe(access)
})

test.each([
  ['the config was written again', rest([config(...own)], other)],
  ['it was not read', rest([config(...own)], null)],
  ['the change is of another agent', rest([config(...own)], left, [{ ...made, agentId: 'agent-2' as AgentId }])],
  ['a longer name only begins alike', rest([config(line('logging.levels'))])],
])('it stays where %s', (_, found) => expect(found).toHaveLength(1))

test('all of a config is ours that a change with commands left, while it is as it was left', () => {
  const found = [config(...own, line('gateway.bind', 'lan')), access]
  const ran = { ...made, ranCommands: true }
  expect(rest(found, left, [ran])).toEqual([])
  expect(rest(found, other, [ran])).toHaveLength(2)
})

test('a stopped channel is ours while it is off', () => {
  const stop: OwnChange = {
    agentId,
    sha256: null,
    paths: [['channels', 'telegram', 'enabled']],
    files: [],
    version: null,
  }
  const found = (after: string) => rest([config(line('channels.telegram.enabled', after)), access], other, [stop])
  expect(found('false')).toEqual([])
  expect(found('true')).toHaveLength(2)
})

test('a carried file is ours while its content is', () => {
  expect(rest([files(line('SOUL.md', 'c'.repeat(12)))])).toEqual([])
  expect(rest([files(line('SOUL.md', 'd'.repeat(12)))])).toHaveLength(1)
  expect(rest([files(line('SOUL.md', 'c'.repeat(12)), line('TOOLS.md', 'c'.repeat(12)))])[0]?.difference.sentence).toBe(
    '1 file of its workspace changed: TOOLS.md',
  )
})

test('whom it answers stays where no setting explains it', () => {
  expect(rest([access])).toEqual([access])
})
