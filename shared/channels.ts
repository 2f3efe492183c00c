import type { ChannelKind } from './contract/index.ts'

/** How channels are written on screen. */
const channelNames: Record<string, string> = {
  imessage: 'iMessage',
  bluebubbles: 'BlueBubbles',
  telegram: 'Telegram',
  whatsapp: 'WhatsApp',
  signal: 'Signal',
  slack: 'Slack',
  discord: 'Discord',
  googlechat: 'Google Chat',
  msteams: 'Teams',
  imap: 'E-mail',
}
export const channelName = (channel: string): string => channelNames[channel] ?? channel

/** "iMessage", or "Telegram (second)" for an account that is not the only one. */
export const doorName = (door: { channel: string; account: string }): string =>
  door.account && door.account !== 'default'
    ? `${channelName(door.channel)} (${door.account})`
    : channelName(door.channel)

/** Tells one door of an agent from another: `telegram/default`. The same words are the instance of a door's facts. */
export const doorInstance = (door: { channel: string; account: string }): string =>
  `${door.channel}/${door.account || 'default'}`

/** The kinds of channel account (design §1) as an operator reads them. */
export const channelKindWords: Record<ChannelKind, string> = {
  'clients-own': 'Client’s own',
  team: 'Team',
  public: 'Public',
}
export const kindWords = (kind: ChannelKind | null): string => (kind === null ? 'not said yet' : channelKindWords[kind])

/** BlueBubbles (OpenClaw 2026.4) is another way into the same iMessage account. */
const alwaysClientsOwn: ReadonlySet<string> = new Set(['imessage', 'bluebubbles'])

/** The only kind a channel can have, whatever anybody says; null where it is the operator's to say. */
export const fixedKind = (channel: string): ChannelKind | null =>
  alwaysClientsOwn.has(channel.normalize('NFKC').trim().toLowerCase()) ? 'clients-own' : null

/** Why {@link fixedKind} is what it is. */
export const fixedKindReason = (channel: string): string =>
  `${channelName(channel)} writes from the client's own number or address, so it is always the client's own.`
