import { channelName, doorInstance } from '../../shared/channels.ts'
import { dateWords } from '../base/words.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { type Context, dayMs, fact, type Judged, unread } from './judged.ts'

type Permission = Extract<ObservedAgent['permissions'], { read: true }>['value'][number]

/** Messages of this age still prove that the system lets the channel work. */
const provedForMs = 7 * dayMs

/** Refused, and nothing went through since. */
export function isRefused({ refusedAtMs }: Permission, { activity }: ObservedAgent): boolean {
  if (refusedAtMs === null) return false
  return !activity.read || (activity.value.lastReplyAtMs ?? 0) < refusedAtMs
}

/** A message that came in proves it, if it cannot have come another way. */
function isProved(agent: ObservedAgent, nowMs: number): boolean {
  const open = agent.doors.read ? agent.doors.value.filter(({ enabled }) => enabled) : []
  const last = agent.activity.read ? agent.activity.value.lastInboundAtMs : null
  return open.length === 1 && last !== null && nowMs - last < provedForMs
}

/**
 * Whether the system lets a guarded channel work (macOS: Full Disk Access, Automation). Proved by messages, refuted by
 * the agent's own log; where neither says anything nobody knows.
 */
export function judgePermissions(agent: ObservedAgent, context: Context): Judged[] {
  const { permissions } = agent
  if (!permissions.read) return [unread('channel.permission', permissions.why, permissions.source)]
  return permissions.value.map((permission) => {
    const instance = doorInstance(permission)
    const said = (verdict: Judged['verdict'], text: string, value: Judged['value']) =>
      fact('channel.permission', { verdict, text, value, source: permissions.source, raw: permission, instance })
    const { refusedAtMs, what } = permission
    const name = channelName(permission.channel)
    if (refusedAtMs !== null && isRefused(permission, agent))
      return said('bad', `${name}: ${what} refused, last on ${dateWords(refusedAtMs)}`, false)
    if (isProved(agent, context.nowMs)) return said('ok', `${name}: given, messages come in`, true)
    if (refusedAtMs !== null) return said('ok', `${name}: given again, it answered since`, true)
    return said('unknown', `${name}: ${what} not proved by a message, and no refusal in its log`, null)
  })
}
