import { expect, it } from 'vitest'
import type { Channel, Fact } from '../../../shared/contract/index.ts'
import { channelOf, goneChannels, kindOfValue, kindOptions, mayChoose } from './channels-view.ts'

const channel = (more: Partial<Channel>): Channel =>
  ({
    agentId: 'a',
    channel: 'telegram',
    account: 'default',
    kind: null,
    seenNow: true,
    lastSeenAtMs: 0,
    ...more,
  }) as Channel
const fact = (agentId: string, instance: string): Fact => ({ agentId, instance, key: 'access.answers' }) as Fact

it('finds the account of a line by its agent, channel and account', () => {
  const channels = [
    channel({ agentId: 'b' as Channel['agentId'] }),
    channel({}),
    channel({ account: 'second' }),
    channel({ channel: 'imessage' }),
  ]
  expect(channelOf(fact('a', 'telegram/default'), channels)).toBe(channels[1])
  expect(channelOf(fact('a', 'telegram/second'), channels)).toBe(channels[2])
  expect(channelOf(fact('a', ''), channels)).toBeUndefined()
  expect(channelOf(fact('c', 'telegram/default'), channels)).toBeUndefined()
})

it('lists what is no longer found, newest first', () => {
  const [old, late] = [channel({ seenNow: false, lastSeenAtMs: 1 }), channel({ seenNow: false, lastSeenAtMs: 2 })]
  expect(goneChannels([channel({}), old, late])).toEqual([late, old])
})

it('offers every kind and "not said yet", and lets nobody choose for iMessage', () => {
  expect(kindOptions.map((option) => option.label)).toEqual(['not said yet', 'Client’s own', 'Team', 'Public'])
  expect(kindOptions.map((option) => kindOfValue(option.value))).toEqual([null, 'clients-own', 'team', 'public'])
  expect([mayChoose(channel({})), mayChoose(channel({ channel: 'imessage' }))]).toEqual([true, false])
})
