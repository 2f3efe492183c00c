import { expect, it } from 'vitest'
import type { LayerSummary } from '../../../shared/contract/index.ts'
import { becomesLine, namesLine } from './becomes-words.ts'
import { blastRadius } from './blast-radius.ts'
import { layerGroups, saysWords } from './layer-list.ts'
import { rawText, readRaw } from './raw-value.ts'

it('says what becomes of the machines in one line', () => {
  const of = (...states: ('changes' | 'same' | 'refused' | 'unread')[]) =>
    becomesLine(states.map((state) => ({ state })))
  expect(of()).toBe('No agent of this layer was seen yet.')
  expect(of('changes', 'same', 'same')).toBe('1 machine changes, 2 do not')
  expect(of('changes', 'changes', 'same', 'refused', 'unread')).toBe(
    '2 machines change, 1 does not, 1 refused, 1 not read',
  )
  expect(of('same')).toBe('1 machine stays as it is')
  expect(of('same', 'same')).toBe('2 machines stay as they are')
  expect(namesLine(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more')
})

it('says what an account that is on can do, worst of all one that answers whoever writes', () => {
  const telegram = { channel: 'telegram', account: 'default' }
  expect(blastRadius({ channel: 'imessage', account: 'default' }, 'clients-own', 1)).toContain(
    'can read every conversation on that Mac and would answer as the client. It stands on 1 agent',
  )
  expect(blastRadius(telegram, 'public', 3)).toContain('Whoever finds this Telegram account')
  expect(blastRadius(telegram, null, 0)).toContain('judged as the client’s own')
})

it('reads a raw value as JSON where it is, and writes it so that it reads back', () => {
  for (const value of ['info', 'true', '1', '', 'a "b"', true, 4, null, ['*'], { a: [1] }])
    expect(readRaw(rawText(value))).toEqual(value)
  expect(rawText('info')).toBe('info')
  expect(rawText('true')).toBe('"true"')
})

it('leaves out layers that say nothing only where there are many', () => {
  const layer = (label: string, values: number): LayerSummary => ({
    layer: { kind: 'box', key: label },
    label,
    revision: 0,
    changedAtMs: null,
    values,
    excepts: 0,
    agents: 1,
    problem: '',
  })
  const layers = [...Array.from({ length: 60 }, (_, at) => layer(`mini-${at}`, 0)), layer('peak', 2)]
  const [group] = layerGroups(layers, '')
  expect(group?.shown.at(-1)?.label).toBe('peak')
  expect(group?.more).toBe(20)
  expect(layerGroups(layers, 'MINI-5').flatMap(({ shown }) => shown)).toHaveLength(11)
  expect(layerGroups(layers, 'nobody')).toEqual([])
  expect([
    saysWords({ values: 1, excepts: 0 }),
    saysWords({ values: 4, excepts: 1 }),
    saysWords({ values: 0, excepts: 0 }),
  ]).toEqual(['1 value', '4 values, 1 exception', '—'])
})
