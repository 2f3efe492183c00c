import { doorInstance, fixedKind, kindWords } from '../../../shared/channels.ts'
import { type Channel, ChannelKind, type Fact } from '../../../shared/contract/index.ts'

/** The channel account a fact is about; none for facts of other things and for a machine read before accounts were kept. */
export const channelOf = (fact: Fact, channels: readonly Channel[]): Channel | undefined =>
  channels.find((channel) => channel.agentId === fact.agentId && doorInstance(channel) === fact.instance)

/** Accounts that no reading finds any more, the newest loss first. */
export const goneChannels = (channels: readonly Channel[]): Channel[] =>
  channels.filter((channel) => !channel.seenNow).toSorted((a, b) => b.lastSeenAtMs - a.lastSeenAtMs)

/** Whether an operator may say whose it is. */
export const mayChoose = (channel: Channel): boolean => fixedKind(channel.channel) === null

/** The choices of a kind; the empty value stands for "nobody said". */
export const kindOptions: readonly { value: string; label: string }[] = [null, ...ChannelKind.options].map((kind) => ({
  value: kind ?? '',
  label: kindWords(kind),
}))

export const kindOfValue = (value: string): ChannelKind | null => ChannelKind.nullable().catch(null).parse(value)
