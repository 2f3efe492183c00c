import { channelName, doorInstance, doorName } from '../../shared/channels.ts'
import { counted, dateWords } from '../base/words.ts'
import type { ObservedActivity, ObservedAgent } from '../runtimes/observed.ts'
import { fact, type Judged, judgeRead, unread } from './judged.ts'

function judgeConnected(agent: ObservedAgent): Judged[] {
  const { channels } = agent
  if (!channels.read) return [unread('channel.connected', channels.why, channels.source)]
  const suppressed = new Set(agent.ready.read ? agent.ready.value.suppressed : [])
  return channels.value.map((channel) =>
    fact('channel.connected', {
      verdict: channel.connected === null ? 'unknown' : channel.connected ? 'ok' : 'bad',
      text: `${doorName(channel)} ${channel.connected === null ? 'not known' : channel.connected ? 'connected' : suppressed.has(channel.channel) ? 'suppressed' : 'not connected'}${channel.detail && !channel.connected ? `: ${channel.detail}` : ''}`,
      value: channel.connected,
      source: channels.source,
      raw: channel,
      instance: doorInstance(channel),
    }),
  )
}

const judgeSuppressed = (agent: ObservedAgent): Judged =>
  judgeRead('channel.suppressed', agent.ready, ({ suppressed }) => ({
    verdict: suppressed.length > 0 ? 'bad' : 'ok',
    text: suppressed.length > 0 ? suppressed.map(channelName).join(', ') : 'none',
    value: suppressed.length,
  }))

/** The last good reply is only good while nobody waits for a newer one. */
const waiting = (activity: ObservedActivity): boolean => activity.unanswered > 0

/** Failures count while no good reply came after the last of them. */
export const failingNow = (activity: ObservedActivity): boolean =>
  activity.failures > 0 && activity.lastFailureAtMs !== null && activity.lastFailureAtMs > (activity.lastReplyAtMs ?? 0)

function judgeActivity(agent: ObservedAgent): Judged[] {
  const { activity } = agent
  const raw = activity.read ? { ...activity.value, days: activity.value.days.slice(0, 7) } : null
  const judged = (
    key: Judged['key'],
    judge: (value: ObservedActivity) => Pick<Judged, 'verdict' | 'text' | 'value'>,
  ): Judged => judgeRead(key, activity, (value) => ({ ...judge(value), raw }))
  return [
    judged('activity.inbound', ({ lastInboundAtMs: atMs }) => ({
      verdict: atMs === null ? 'warn' : 'ok',
      text: atMs === null ? 'none yet' : dateWords(atMs),
      value: atMs,
    })),
    judged('activity.reply', (value) => ({
      verdict: value.lastReplyAtMs === null || waiting(value) ? 'warn' : 'ok',
      text: value.lastReplyAtMs === null ? 'none yet' : dateWords(value.lastReplyAtMs),
      value: value.lastReplyAtMs,
    })),
    judged('activity.unanswered', (value) => ({
      verdict: waiting(value) ? 'warn' : 'ok',
      text: waiting(value)
        ? `${counted(value.unanswered, 'message')}${value.unansweredSinceMs === null ? '' : ` since ${dateWords(value.unansweredSinceMs)}`}`
        : 'none',
      value: value.unanswered,
    })),
    judged('activity.failures', (value) => ({
      verdict: failingNow(value) ? 'bad' : value.failures > 0 ? 'warn' : 'ok',
      text: value.failures > 0 ? `${value.failures}${value.lastFailure ? `: ${value.lastFailure}` : ''}` : 'none',
      value: value.failures,
    })),
  ]
}

const judgeQueue = (agent: ObservedAgent): Judged =>
  judgeRead('channel.queue', agent.activity, ({ queue }) => {
    if (queue === null) return { verdict: 'unknown', text: 'not read: this version keeps no queue', value: null }
    const { waiting, waitingSinceMs, givenUp } = queue
    const since = waitingSinceMs === null ? '' : ` since ${dateWords(waitingSinceMs)}`
    const words = [
      ...(waiting > 0 ? [`${counted(waiting, 'message')}${since}`] : []),
      ...(givenUp > 0 ? [`${counted(givenUp, 'message')} given up`] : []),
    ]
    return {
      verdict: waiting > 0 ? 'bad' : givenUp > 0 ? 'warn' : 'ok',
      text: words.length > 0 ? words.join(', ') : 'nothing',
      value: waiting,
      raw: queue,
    }
  })

/** What goes in and out, and whether the ways in are open. */
export const judgeChannels = (agent: ObservedAgent): Judged[] => [
  ...judgeConnected(agent),
  judgeSuppressed(agent),
  judgeQueue(agent),
  ...judgeActivity(agent),
]
