import { isSettings, textAt, valueAt } from './settings.ts'

/** One line of a conversation, without its words. */
export interface Turn {
  readonly session: string
  readonly atMs: number
  /** `out` a reply that was an answer; `failure` a run that failed, or an error text sent instead; `silent` a chosen silence; `inner` not a person: heartbeat, cron, a tool; `delivered` a copy of an answer that names the chat it went to. */
  readonly kind: 'in' | 'out' | 'failure' | 'silent' | 'inner' | 'delivered'
  /** The person who wrote, as the channel names them; empty when the store does not say. */
  readonly sender: string
  /** The runtime's own words about a failure; never a person's. */
  readonly error: string
  /** A failure that is an error text the client was sent: why, the runtime wrote down before it, if at all. */
  readonly sent: boolean
  /** Where it came in or went out; empty when the store does not say. */
  readonly channel: string
  readonly account: string
}

/** Ways in that are the operator's or the runtime's own. */
const ownChannels = new Set(['webchat', 'control-ui', 'cli', 'tui', 'internal', 'cron', 'heartbeat', 'gateway', 'node'])
const ownSession = /:(cron|heartbeat|subagent|acp|hook|dreaming)(:|$)/
/** How the runtime itself begins a turn. */
const ownText =
  /^\s*(Read HEARTBEAT\.md|HEARTBEAT|\[cron:|\[heartbeat|System:|\[System|A scheduled reminder|A new session was started|\[Subagent|Pre-compaction|<system)/i
const silence = /^\s*(NO_REPLY|HEARTBEAT_OK)\s*$/

/** What one transcript event means, in either era; null: nothing about a conversation. */
export function turnOf(event: unknown, session: string, sessionKey: string): Turn | null {
  const atMs = timeOf(event)
  if (atMs === null) return null
  const turn = (kind: Turn['kind'], sender = '', error = '', sent = false): Turn => ({
    session,
    atMs,
    kind,
    sender,
    error: error.slice(0, 300),
    sent,
    ...placeOf(event, sessionKey),
  })
  const type = textAt(event, 'type')
  if (type === 'custom_message') {
    return textAt(event, 'customType') === 'run-failed-before-reply'
      ? turn('failure', '', textOf(valueAt(event, 'content')))
      : null
  }
  if (type !== 'message') return null
  const role = textAt(event, 'message', 'role')
  const text = textOf(valueAt(event, 'message', 'content'))
  if (role === 'user')
    return isOwn(event, text, sessionKey) ? turn('inner') : turn('in', senderOf(event, text, sessionKey))
  if (role !== 'assistant') return null
  if (textAt(event, 'message', 'model') === 'delivery-mirror') return deliveredTo(event, turn)
  if (valueAt(event, 'message', 'openclawDeliveryMirror') !== undefined) return deliveredTo(event, turn)
  const stop = textAt(event, 'message', 'stopReason')
  const error = textAt(event, 'message', 'errorMessage')
  if (stop === 'error' || error !== '')
    return turn('failure', '', error || textAt(event, 'message', 'errorCode') || 'The run ended with an error.')
  if (stop === 'toolUse' || stop === 'aborted') return null
  if (silence.test(text)) return turn('silent')
  if (text.trim() === '') return null
  // The runtime itself sends these to the client when a run fails; an answer of the model does not begin so.
  return /^\s*\u26a0/.test(text) ? turn('failure', '', sentError(text), true) : turn('out')
}

/** Older versions write each answer a second time, with the chat in its id: `telegram-final:SESSION:CHAT:MESSAGE:PART`. */
function deliveredTo(event: unknown, turn: (kind: Turn['kind'], sender: string) => Turn): Turn | null {
  const source =
    textAt(event, 'message', 'openclawDeliveryMirror', 'sourceMessageId') || textAt(event, 'message', 'idempotencyKey')
  const [, channel, chat] = /^([a-z]{2,30})-final:.+:([^:]+):[^:]+:\d+$/.exec(source) ?? []
  // A chat with a minus is a group: it is nobody's own.
  return channel === undefined || chat === undefined || chat.startsWith('-')
    ? null
    : { ...turn('delivered', chat), channel }
}

/** Newer versions keep channel and account beside the message; others have them in the key of the conversation, if at all. */
function placeOf(event: unknown, sessionKey: string): Pick<Turn, 'channel' | 'account'> {
  const beside = textAt(event, 'message', '__openclaw', 'transport', 'channel')
  if (beside !== '')
    return {
      channel: beside,
      account: textAt(event, 'message', '__openclaw', 'senderIdentity', 'accountId') || 'default',
    }
  const [, channel, account] = /^agent:[^:]+:([a-z]+):(?:([^:]+):)?(?:direct|dm):/.exec(sessionKey) ?? []
  return { channel: channel ?? '', account: channel === undefined ? '' : (account ?? 'default') }
}

/** What the runtime's own error texts say, in fixed words: whatever else stands in the text stays on the box. */
function sentError(text: string): string {
  if (/authentication failed|HTTP 401|HTTP 403/i.test(text)) return 'The client was sent: authentication failed.'
  if (/billing error|run out of credits|insufficient balance/i.test(text))
    return 'The client was sent: a billing error.'
  return 'The client was sent an error text.'
}

function timeOf(event: unknown): number | null {
  const inner = valueAt(event, 'message', 'timestamp')
  if (typeof inner === 'number' && inner > 0) return inner
  const outer = Date.parse(textAt(event, 'timestamp'))
  return Number.isFinite(outer) ? outer : null
}

/** The text parts of a message; pictures and tool calls have none. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((part) => (isSettings(part) && part.type === 'text' && typeof part.text === 'string' ? part.text : ''))
    .join('\n')
}

function isOwn(event: unknown, text: string, sessionKey: string): boolean {
  if (ownSession.test(sessionKey)) return true
  const channel = textAt(event, 'message', '__openclaw', 'transport', 'channel')
  return channel === '' ? ownText.test(text) : ownChannels.has(channel)
}

/** Newer versions keep the sender beside the message, some older ones inside its text, others only in the session's key. */
function senderOf(event: unknown, text: string, sessionKey: string): string {
  const beside = textAt(event, 'message', '__openclaw', 'senderId')
  if (beside !== '') return beside
  const inside = /"sender_id":\s*"([^"]{1,200})"/.exec(text.slice(0, 4000))
  if (inside?.[1] !== undefined) return inside[1]
  return /:(?:direct|dm):([^:]+)$/.exec(sessionKey)?.[1] ?? ''
}
