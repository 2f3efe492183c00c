import { expect, it } from 'vitest'
import type { AccessRow, ChannelStop } from '../../../shared/contract/index.ts'
import { doorKey } from '../../state/door-key.ts'
import { accountOf, machinesWith, nothingToStop, offered, resultsOf, whatIsStopped } from './words.ts'

const row = (more: Partial<AccessRow> = {}): AccessRow =>
  ({
    boxId: 'b1',
    boxName: 'lakeside-mini',
    agentId: 'a1',
    clientName: 'Lakeside Homes',
    channel: 'imessage',
    account: 'default',
    enabled: true,
    rank: 3,
    strangers: 0,
    ...more,
  }) as AccessRow

const of = (boxId: string, more: Partial<AccessRow> = {}) => row({ boxId: boxId as AccessRow['boxId'], ...more })
const anywhere = { boxId: null, door: null }

it('offers what is on, the worst first', () => {
  const rows = [of('b1'), of('b2', { rank: 0 }), of('b3', { rank: 0, strangers: 9 }), of('b4', { enabled: false })]
  expect(offered(rows, anywhere).map(({ boxId }) => boxId)).toEqual(['b3', 'b2', 'b1'])
  expect(offered(rows, { boxId: rows[0]?.boxId ?? null, door: null })).toHaveLength(1)
})

it('never offers another door in place of the one that was meant', () => {
  const off = of('b4', { enabled: false })
  const asked = { boxId: null, door: doorKey(off) }
  expect(offered([of('b2', { rank: 0 }), off], asked)).toEqual([])
  expect(nothingToStop(asked)).toContain('is off already')
  const on = of('b1')
  expect(offered([of('b2', { rank: 0 }), on], { boxId: null, door: doorKey(on) })).toEqual([on])
})

it('turns the whole channel off unless another account of it is there', () => {
  const one = row()
  const second = row({ account: 'second' })
  expect(accountOf(one, [one, of('b2', { account: 'second' }), row({ channel: 'telegram', account: 'x' })])).toBeNull()
  expect(accountOf(one, [one, second])).toBe('default')
})

it('says what is stopped, and on how many machines', () => {
  expect(whatIsStopped(row(), null)).toBe('iMessage at Lakeside Homes')
  expect(whatIsStopped(row({ clientName: '', account: 'second' }), null)).toBe('iMessage (second) at lakeside-mini')
  const rows = [of('b1'), of('b1', { account: 'second' }), of('b2'), of('b3', { enabled: false })]
  expect(whatIsStopped(row(), machinesWith('imessage', rows))).toBe('iMessage on 2 machines')
})

it('counts nothing as off that was not seen off', () => {
  const stop = (stopped: boolean) => ({ stopped }) as ChannelStop
  expect(resultsOf([stop(true), stop(false)])).toMatchObject({ failed: [stop(false)], off: [stop(true)], problem: '' })
  expect(resultsOf({ problem: 'The engine is not running.' })).toEqual({
    failed: [],
    off: [],
    problem: 'The engine is not running.',
  })
})
