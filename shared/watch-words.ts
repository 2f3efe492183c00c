import type { Traffic, WatchClient } from './contract/index.ts'

const notKnown = 'not known'

/** "5 s", "2 min", "3 h". */
export const replyTimeText = ({ replyMs }: Traffic): string => {
  if (replyMs === null) return notKnown
  if (replyMs < 60_000) return `${Math.max(1, Math.round(replyMs / 1000))} s`
  return replyMs < 3_600_000 ? `${Math.round(replyMs / 60_000)} min` : `${Math.round(replyMs / 3_600_000)} h`
}

/** "11 of 12": replies to messages. */
export const answeredOfText = ({ inbound, replies }: Traffic): string =>
  inbound === null || replies === null ? notKnown : `${replies} of ${inbound}`

/** "4.3"; "not yet" where less than a day was read since the change. */
export const aDayText = ({ aDay, inbound }: Traffic): string =>
  aDay !== null ? String(aDay) : inbound === null ? notKnown : 'not yet'

/** "11 of 12 answered, half within 6 s, 4.3 a day"; what is not known is left out, all of it: "not known". */
export function countsText(of: Traffic): string {
  if (of.inbound === null) return notKnown
  return [
    `${answeredOfText(of)} answered`,
    ...(of.replyMs === null ? [] : [`half within ${replyTimeText(of)}`]),
    ...(of.aDay === null ? [] : [`${aDayText(of)} a day`]),
  ].join(', ')
}

/** Heads of the columns of {@link watchCells}. */
export const watchHead: readonly string[] = [
  'Replies to messages',
  'in the week before',
  'Half of them within',
  'in the week before',
  'Messages a day',
  'in the week before',
]

/** The counts of a client since a change, each beside the week before. Pure. */
export const watchCells = ({ after, before }: WatchClient): string[] => [
  answeredOfText(after),
  answeredOfText(before),
  replyTimeText(after),
  replyTimeText(before),
  aDayText(after),
  aDayText(before),
]
