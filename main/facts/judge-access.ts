import { doorInstance, doorName } from '../../shared/channels.ts'
import type { ChannelKind, Client, Handle, Verdict } from '../../shared/contract/index.ts'
import { counted } from '../base/words.ts'
import type { ObservedAgent, ObservedDoor } from '../runtimes/observed.ts'
import { type Context, fact, type Judged, unread } from './judged.ts'

/** A listed handle without what only some channels write: `telegram:111`, `tel:+1 555…`, `@name`, capitals. */
export function plain(handle: string): string {
  const bare = handle
    .trim()
    .toLowerCase()
    .replace(/^(telegram|imessage|whatsapp|signal|tel|mailto|sms|chat|tg):/, '')
    .replace(/^@/, '')
  return /^\+?[\d\s().-]+$/.test(bare) ? bare.replace(/[^\d+]/g, '') : bare
}

/** Two handles of one person, however a channel writes them. */
export const samePerson = (one: string, other: string): boolean => plain(one) === plain(other)

const ownHandle = (client: Client, listed: string): Handle | undefined => {
  const wanted = plain(listed)
  return client.handles.find((handle) => plain(handle.value) === wanted)
}

export interface Answered {
  readonly verdict: Verdict
  /** Who is answered, without the channel: "Dana only", "2 people", "everyone who writes". */
  readonly who: string
  /** Listed handles that are none of the client's own. Null: the client's own are not known. */
  readonly strangers: number | null
}

function listedPeople(door: ObservedDoor, client: Client | null): Answered {
  const total = Math.max(door.listedTotal, door.listed.length)
  if (total === 0) return { verdict: 'ok', who: 'nobody', strangers: 0 }
  if (!client || client.handles.length === 0)
    return { verdict: 'unknown', who: counted(total, 'person', 'people'), strangers: null }
  const owners = door.listed.map((listed) => ownHandle(client, listed))
  const strangers = owners.filter((owner) => owner === undefined).length + Math.max(0, total - door.listed.length)
  if (strangers > 0) {
    return {
      verdict: 'warn',
      who: `${counted(total, 'person', 'people')}, ${strangers} not ${client.name}'s`,
      strangers,
    }
  }
  const names = new Set(owners.map((owner) => owner?.label || client.name))
  return {
    verdict: 'ok',
    who: names.size === 1 ? `${[...names][0]} only` : counted(names.size, 'person', 'people'),
    strangers: 0,
  }
}

/**
 * Whom a door answers, in words, and how safe that is. Everyone is bad wherever it is, but at a public account, whose
 * safeguards the rules look at; a team's people stand in no inventory, so the rules know them.
 *
 * @param kind null: nobody said, and it is judged as the client's own.
 */
export function answered(door: ObservedDoor, client: Client | null, kind: ChannelKind | null): Answered {
  if (!door.enabled) return { verdict: 'ok', who: 'off', strangers: 0 }
  if (kind === 'public' && door.direct === 'everyone' && door.groups === 'nobody')
    return { verdict: 'ok', who: 'everyone who writes', strangers: 0 }
  if (kind === 'team' && door.direct === 'listed') {
    const total = Math.max(door.listedTotal, door.listed.length)
    return { verdict: 'ok', who: `${counted(total, 'person', 'people')} of a team`, strangers: 0 }
  }
  if (door.direct === 'everyone' || door.groups === 'everyone') {
    return {
      verdict: 'bad',
      who: door.direct === 'everyone' ? 'everyone who writes' : 'everyone in its groups',
      strangers: null,
    }
  }
  if (door.direct === 'pairing-code') {
    return {
      verdict: 'warn',
      who:
        door.listedTotal > 0
          ? `${counted(door.listedTotal, 'person', 'people')}, strangers get a pairing code`
          : 'strangers get a pairing code',
      strangers: null,
    }
  }
  if (door.direct === 'unknown' || door.groups === 'unknown')
    return { verdict: 'unknown', who: 'not known', strangers: null }
  if (door.direct === 'nobody')
    return { verdict: 'ok', who: door.groups === 'listed' ? 'listed groups only' : 'nobody', strangers: 0 }
  return listedPeople(door, client)
}

/** One fact a door: "iMessage: Dana only". */
export function judgeAccess(agent: ObservedAgent, context: Context): Judged[] {
  const { doors } = agent
  if (!doors.read) return [unread('access.answers', doors.why, doors.source)]
  if (doors.value.length === 0) {
    return [
      fact('access.answers', {
        verdict: 'ok',
        text: 'nobody: no channel is set up',
        value: 'nobody',
        source: doors.source,
        raw: [],
      }),
    ]
  }
  return doors.value.map((door) => {
    const { verdict, who } = answered(door, context.client, context.kindOf(door))
    return fact('access.answers', {
      verdict,
      text: `${doorName(door)}: ${who}`,
      value: door.enabled ? door.direct : 'off',
      source: door.because.join('; ') || doors.source,
      raw: { ...door, listed: door.listed.slice(0, 20) },
      instance: doorInstance(door),
    })
  })
}
