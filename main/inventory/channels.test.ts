import { expect, test } from 'vitest'
import type { ChannelId } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { tempStore } from '../testing/temp-store.ts'
import { createInventory } from './inventory.ts'

const telegram = { channel: 'telegram', account: 'default' }
const second = { channel: 'telegram', account: 'second' }
const imessage = { channel: 'imessage', account: '' }

function house() {
  const clock = fakeClock()
  const temp = tempStore(clock)
  const topics: string[] = []
  const changes = createChanges()
  changes.subscribe((given) => topics.push(...given))
  const inventory = createInventory({ ...temp, changes, homeDir: '/home/kit' })
  const { client } = inventory.addClient({ name: 'Peak' })
  const { box } = inventory.addBox({ name: 'mini', host: 'a', clientId: client.clientId })
  const agentId = inventory.seenAgent(box.boxId, { profile: 'default', stateDir: '/s' })
  topics.length = 0
  return {
    ...temp,
    clock,
    topics,
    inventory,
    client,
    box,
    agentId,
    see: (...doors: { channel: string; account: string }[]) => inventory.seenChannels(box.boxId, [{ agentId, doors }]),
    idOf: (account: string) => inventory.channels({}).find((channel) => channel.account === account)!.channelId,
    sentences: () => temp.ledger.entries({ limit: 100 }).map((entry) => entry.sentence),
  }
}

const fault = (fields: object) => expect.objectContaining({ fault: expect.objectContaining(fields) })

test('an account that a sweep sees keeps its id, and is news once', () => {
  using parts = house()
  const { inventory, clock } = parts
  const firstMs = clock.nowMs()
  parts.see(telegram, imessage)
  expect(parts.topics).toEqual(['inventory'])
  const before = inventory.channels({ boxId: parts.box.boxId })
  expect(before).toMatchObject([
    { agentId: parts.agentId, channel: 'imessage', account: 'default', kind: 'clients-own', seenNow: true },
    { boxId: parts.box.boxId, channel: 'telegram', account: 'default', kind: null, firstSeenAtMs: firstMs },
  ])
  clock.advance(60_000)
  parts.see(telegram, imessage)
  expect(inventory.channels({})).toEqual(before.map((channel) => ({ ...channel, lastSeenAtMs: firstMs + 60_000 })))
  expect(parts.topics).toEqual(['inventory'])
})

test('a kind is said, and taken back', () => {
  using parts = house()
  const { inventory } = parts
  parts.see(telegram)
  const channelId = parts.idOf('default')
  inventory.setChannelKind({ channelId, kind: 'team' })
  const set = inventory.setChannelKind({ channelId, kind: 'public' })
  expect(set).toMatchObject({ channel: { channelId, kind: 'public' }, sentence: 'Telegram on mini: Public.' })
  expect(inventory.undo(set)).toEqual({ sentence: 'Telegram on mini is as it was before: Team.' })
  expect(inventory.channels({})).toMatchObject([{ channelId, kind: 'team' }])
  expect(parts.sentences().slice(0, 2)).toEqual([
    'Setting the kind of Telegram on mini was taken back: Team.',
    'The kind of Telegram on mini was set: Public.',
  ])
  parts.see(telegram)
  expect(inventory.channels({})).toMatchObject([{ channelId, kind: 'team' }])
  expect(inventory.setChannelKind({ channelId, kind: null }).channel.kind).toBeNull()
})

test('iMessage is the client’s own, whatever is asked or written into its row', () => {
  using parts = house()
  const { inventory } = parts
  parts.see(imessage)
  const channelId = parts.idOf('default')
  for (const kind of ['team', 'public', null] as const)
    expect(() => inventory.setChannelKind({ channelId, kind })).toThrow(
      fault({
        code: 'invalid-input',
        detail: "iMessage writes from the client's own number or address, so it is always the client's own.",
      }),
    )
  inventory.setChannelKind({ channelId, kind: 'clients-own' })
  parts.store.write(() => parts.store.db.exec("update channel set kind = 'public'"))
  expect(inventory.channels({})).toMatchObject([{ kind: 'clients-own' }])
})

test('an account can be removed only when no sweep finds it any more; undo brings it back as it was', () => {
  using parts = house()
  const { inventory, clock } = parts
  parts.see(telegram, second)
  const channelId = parts.idOf('second')
  inventory.setChannelKind({ channelId, kind: 'public' })
  expect(() => inventory.removeChannel({ channelId })).toThrow(fault({ code: 'invalid-input', field: 'Channel' }))
  const seenMs = clock.nowMs()
  clock.advance(60_000)
  parts.see(telegram)
  const gone = inventory.channels({}).find((channel) => channel.channelId === channelId)
  expect(gone).toMatchObject({ seenNow: false, lastSeenAtMs: seenMs, kind: 'public' })
  const removed = inventory.removeChannel({ channelId })
  expect(removed.sentence).toBe('Telegram (second) of mini was removed.')
  expect(inventory.channels({}).map((channel) => channel.account)).toEqual(['default'])
  expect(() => inventory.setChannelKind({ channelId, kind: 'team' })).toThrow(fault({ code: 'not-found' }))
  inventory.undo(removed)
  expect(inventory.channels({}).find((channel) => channel.channelId === channelId)).toEqual(gone)
})

test('a removed account that is seen again has its id and nothing that was said of it', () => {
  using parts = house()
  const { inventory } = parts
  parts.see(second)
  const channelId = parts.idOf('second')
  inventory.setChannelKind({ channelId, kind: 'public' })
  parts.see()
  const { undoId } = inventory.removeChannel({ channelId })
  parts.see(second)
  expect(inventory.channels({})).toMatchObject([{ channelId, kind: null, seenNow: true }])
  inventory.undo({ undoId })
  expect(inventory.channels({})).toMatchObject([{ channelId, kind: null, seenNow: true }])
})

test('channels that could not be read stay as they were; those of an agent that is gone are not seen any more', () => {
  using parts = house()
  const { inventory, box, agentId } = parts
  parts.see(telegram)
  inventory.seenChannels(box.boxId, [{ agentId, doors: null }])
  expect(inventory.channels({})).toMatchObject([{ seenNow: true }])
  inventory.seenChannels(box.boxId, [])
  expect(inventory.channels({})).toMatchObject([{ seenNow: false }])
})

test('removing the client and its machine, and undo, keep the channels and what was said of them', () => {
  using parts = house()
  const { inventory, client, box } = parts
  parts.see(telegram, imessage)
  inventory.setChannelKind({ channelId: inventory.channels({})[1]!.channelId, kind: 'team' })
  const before = inventory.channels({})
  for (const remove of [
    () => inventory.removeClient({ clientId: client.clientId }),
    () => inventory.removeBox({ boxId: box.boxId }),
  ]) {
    const removed = remove()
    expect(inventory.channels({})).toEqual([])
    expect(() => inventory.setChannelKind({ channelId: before[1]!.channelId, kind: 'team' })).toThrow(
      fault({ code: 'not-found' }),
    )
    inventory.undo(removed)
    expect(inventory.channels({})).toEqual(before)
  }
})

test('names that a machine makes up are shown whole, capped, and fill no disk', () => {
  using parts = house()
  const { inventory } = parts
  parts.see({ channel: 'tele\u202egram', account: 'x'.repeat(5000) })
  const [odd] = inventory.channels({})
  expect(odd).toMatchObject({ channel: 'tele⟨202E⟩gram', kind: null })
  expect(odd!.account).toHaveLength(100)
  inventory.setChannelKind({ channelId: odd!.channelId, kind: 'team' })
  for (let sweep = 0; sweep < 5; sweep += 1) {
    parts.clock.advance(1000)
    parts.see(...Array.from({ length: 60 }, (_, n) => ({ channel: 'telegram', account: `${sweep}-${n}` })))
  }
  const kept = inventory.channels({})
  expect(kept.filter((channel) => channel.seenNow)).toHaveLength(60)
  expect(kept.filter((channel) => !channel.seenNow && channel.kind === null)).toHaveLength(100)
  expect(kept.find((channel) => channel.channelId === odd!.channelId)).toMatchObject({ kind: 'team' })
})

test('a channel that is not here is said to be missing', () => {
  using parts = house()
  expect(() => parts.inventory.removeChannel({ channelId: 'gone' as ChannelId })).toThrow(
    fault({ code: 'not-found', what: 'channel' }),
  )
})
