import { doorInstance, doorName, fixedKind, fixedKindReason, kindWords } from '../../shared/channels.ts'
import type { AgentId, BoxId, Channel, ChannelId, ChannelKind } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { Db, Store } from '../store/store.ts'
import type { Recorder, Undone } from './record.ts'
import { type boxRows, channelRows } from './rows.ts'

/** What one answer of a machine says of an agent's channel accounts; null where they could not be read. */
export interface SeenDoors {
  readonly agentId: AgentId
  readonly doors: readonly { readonly channel: string; readonly account: string }[] | null
}

export interface ChannelReads {
  channels(query: { boxId?: BoxId | undefined }): Channel[]
  /**
   * Records what a sweep saw of all agents of a machine; call it inside the sweep's own write. The same account of the
   * same agent keeps its id. An agent whose channels could not be read keeps them as they were; those of an agent that
   * is no longer there are no longer seen.
   */
  seenChannels(boxId: BoxId, seen: readonly SeenDoors[]): void
}

export interface ChannelChanges {
  /** @throws FaultError `not-found`; `invalid-input` for another kind than the one the channel always has. */
  setChannelKind(input: { channelId: ChannelId; kind: ChannelKind | null }): Undone<{ channel: Channel }>
  /** @throws FaultError `not-found`; `invalid-input` while sweeps still find it. */
  removeChannel(input: { channelId: ChannelId }): Undone<object>
}

export type Channels = ChannelReads & ChannelChanges

interface Parts {
  readonly db: Db
  readonly store: Store
  readonly boxes: ReturnType<typeof boxRows>
  readonly record: Recorder
  readonly changes: Changes
  readonly clock: Clock
}

/** Gone accounts of one agent that are kept though nobody said anything about them: a machine that makes up new ones fills no disk. */
const keptUnsaid = 100

export function createChannels(parts: Parts): Channels {
  const rows = channelRows(parts.db)
  return {
    channels: ({ boxId }) => rows.list(boxId),
    seenChannels: landing(rows, parts),
    ...channelChanges(rows, parts),
  }
}

type Rows = ReturnType<typeof channelRows>

function landing(rows: Rows, { store, changes, clock }: Parts): ChannelReads['seenChannels'] {
  const landAgent = (agentId: AgentId, doors: NonNullable<SeenDoors['doors']>): boolean => {
    const atMs = clock.nowMs()
    const before = new Map(rows.ofAgent(agentId).map((row) => [doorInstance(row), row]))
    const there = new Map(
      doors.map((door) => {
        const named = { channel: untrusted(door.channel, 60), account: untrusted(door.account || 'default', 100) }
        return [doorInstance(named), named]
      }),
    )
    let news = false
    for (const [instance, door] of there) {
      const known = before.get(instance)
      if (known) rows.seen(known.channelId, atMs)
      else rows.add({ ...door, channelId: newId<ChannelId>(), agentId, atMs })
      if (!known?.seenNow) news = true
    }
    for (const [instance, { channelId, seenNow }] of before) {
      if (there.has(instance) || !seenNow) continue
      rows.notSeen(channelId)
      news = true
    }
    if (news) rows.dropUnsaid(agentId, keptUnsaid)
    return news
  }
  return (boxId, seen) =>
    store.write(() => {
      const answered = new Set(seen.map(({ agentId }) => agentId))
      const gone = new Set(
        rows
          .list(boxId)
          .filter(({ agentId, seenNow }) => seenNow && !answered.has(agentId))
          .map(({ agentId }) => agentId),
      )
      const readings = [...seen, ...[...gone].map((agentId) => ({ agentId, doors: [] }))]
      const news = readings.filter(({ agentId, doors }) => doors !== null && landAgent(agentId, doors))
      if (news.length > 0) store.afterCommit(() => changes.publish('inventory'))
    })
}

function channelChanges(rows: Rows, { boxes, record, clock }: Parts): ChannelChanges {
  const one = (channelId: ChannelId): Channel => {
    const found = rows.one(channelId)
    if (!found) throw new FaultError({ code: 'not-found', what: 'channel' })
    return found
  }
  const about = ({ boxId }: Channel) => {
    const box = boxes.one(boxId)
    return { ids: { boxId, clientId: box?.clientId ?? null }, boxName: box?.name ?? '' }
  }
  return {
    setChannelKind: ({ channelId, kind }) =>
      record.make(() => {
        const before = one(channelId)
        const always = fixedKind(before.channel)
        if (always !== null && kind !== always)
          throw new FaultError({ code: 'invalid-input', field: 'Kind', detail: fixedKindReason(before.channel) })
        rows.setKind(channelId, kind)
        const { ids, boxName } = about(before)
        const door = doorName(before)
        return {
          result: { channel: one(channelId) },
          said: {
            ...ids,
            kind: 'channel.kind-set',
            words: `The kind of ${door} on {box} was set: ${kindWords(kind)}.`,
            sentence: `${door} on ${boxName}: ${kindWords(kind)}.`,
          },
          inverse: {
            ...ids,
            kind: 'channel.kind-set-undone',
            words: `Setting the kind of ${door} on {box} was taken back: ${kindWords(before.kind)}.`,
            sentence: `${door} on ${boxName} is as it was before: ${kindWords(before.kind)}.`,
            act: () => rows.setKind(channelId, before.kind),
          },
        }
      }),
    removeChannel: ({ channelId }) =>
      record.make(() => {
        const before = one(channelId)
        const door = doorName(before)
        if (before.seenNow)
          throw new FaultError({
            code: 'invalid-input',
            field: 'Channel',
            detail: `${door} is still set up on the machine, so the next sweep would find it again. Take it out there first.`,
          })
        rows.mark(channelId, clock.nowMs())
        const { ids, boxName } = about(before)
        return {
          result: {},
          said: {
            ...ids,
            kind: 'channel.removed',
            words: `${door} of {box} was removed.`,
            sentence: `${door} of ${boxName} was removed.`,
          },
          inverse: {
            ...ids,
            kind: 'channel.remove-undone',
            words: `Removing ${door} of {box} was taken back.`,
            sentence: `${door} of ${boxName} is back.`,
            act: () => rows.mark(channelId, null),
          },
        }
      }),
  }
}
