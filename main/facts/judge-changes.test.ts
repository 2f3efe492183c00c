import { expect, test } from 'vitest'
import type { Observed } from '../runtimes/observed.ts'
import { judgeChanges } from './judge-changes.ts'

type Changes = Extract<NonNullable<Observed['changes']>, { read: true }>['value']

const change: Changes[number] = {
  id: 'abcdefgh12345678',
  kind: 'config',
  state: 'armed',
  stateDir: '/home/dana/.openclaw',
  hashBefore: 'a',
  hashAfter: 'b',
  hashNow: 'b',
  armedAtMs: 1,
  leftS: 40,
  overdue: false,
  wentBack: null,
  commands: [],
  leftFolders: [],
}
const judged = (value: Changes | undefined) =>
  judgeChanges({ changes: value && { read: true, value, source: '' } } as Observed).map(({ verdict, text }) => [
    verdict,
    text,
  ])

test.each([
  ['none', [], [['ok', 'none']]],
  ['one whose timer runs', [change], [['ok', 'one, back by itself in 40 s']]],
  [
    'one that nobody takes back',
    [change, { ...change, leftS: 0, overdue: true }],
    [['bad', 'a change was left half-way, and nothing there takes it back']],
  ],
  ['one that ended', [{ ...change, state: 'committed' as const, leftS: null }], [['ok', 'none']]],
  [
    'one during which somebody else wrote',
    [{ ...change, state: 'reverted' as const, leftS: null, wentBack: 'left-alone' as const }],
    [['warn', 'somebody else changed the config or a file during a change; what they wrote was not taken back']],
  ],
  ['an answer of before', undefined, []],
])('%s', (_, changes, expected) => expect(judged(changes)).toEqual(expected))
