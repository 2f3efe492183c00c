import type { BoxId, LogTail } from '../../../shared/contract/index.ts'

/** A machine that is not live yet is told of after this. */
const patienceMs = 5_000
/** So many machines are named that are not live. */
const mostNames = 3

const many = (count: number): string => (count === 1 ? '1 machine' : `${count} machines`)

/** For the foot of the page: that lines come live. Null: not from all of them. */
export const liveWords = (tails: readonly LogTail[], shown: number): string | null =>
  tails.length > 0 && tails.length === shown && tails.every(({ state }) => state === 'live')
    ? `live from ${many(shown)}`
    : null

/** For the strip: which machines are not followed, and why the worst is not. Null: nothing to tell. */
export function tailWords(
  tails: readonly LogTail[],
  shown: number,
  nameOf: (boxId: BoxId) => string,
  nowMs: number,
): string | null {
  const starting = tails.filter(({ state }) => state === 'connecting')
  const failing = tails
    .filter(({ state }) => state === 'lost' || state === 'refused')
    .toSorted((a, b) => Number(b.state === 'refused') - Number(a.state === 'refused'))
  const isLong = starting.some(({ sinceMs }) => nowMs - sinceMs >= patienceMs)
  const unasked = tails.length > 0 ? shown - tails.length : 0
  if (failing.length === 0 && !isLong && unasked <= 0) return null
  const live = tails.length - starting.length - failing.length
  const far =
    starting.length > 0
      ? `Connecting to ${many(starting.length)}${live > 0 ? `, live from ${live}` : ''}.`
      : `Live from ${live} of ${many(shown)}.`
  const rest = unasked > 0 ? ` ${many(unasked)} beyond ${tails.length} are read by sweeps.` : ''
  return `${far}${notLive(failing, nameOf, nowMs)}${rest}`
}

function notLive(failing: readonly LogTail[], nameOf: (boxId: BoxId) => string, nowMs: number): string {
  const [worst] = failing
  if (!worst) return ''
  const named = failing.slice(0, mostNames).map(({ boxId }) => nameOf(boxId))
  const more = failing.length - named.length
  const names = more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ')
  const again = worst.nextTryAtMs === null ? '' : ` Next try in ${secondsTo(worst.nextTryAtMs, nowMs)} s.`
  const lead = failing.length > 1 ? `${nameOf(worst.boxId)}: ` : ''
  return ` Not live: ${names}. ${lead}${worst.sentence ?? 'It is not followed.'}${again}`
}

const secondsTo = (atMs: number, nowMs: number): number => Math.max(1, Math.ceil((atMs - nowMs) / 1000))
