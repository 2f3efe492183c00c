import type { ExchangePlan } from './exchanges.ts'
import type { Machine } from './machine.ts'
import type { Morning } from './morning.ts'
import { isOnAt } from './off-hours.ts'
import type { DemoBox } from './spec.ts'

/** How one box is at one moment of the made-up days. */
export interface Life {
  readonly reach: Machine['reach']
  readonly hostKey: string
  readonly bootedMs: number
  readonly loggedIn: boolean
  /** Logins of others than the client, newest first. */
  readonly visits: Machine['logins']
  /** The agent's gateway. */
  readonly running: boolean
  readonly startedMs: number
  /** Its channel is held back after crashes. */
  readonly suppressed: boolean
  /** Starts of the gateway, oldest first. */
  readonly boots: readonly { readonly startedAtMs: number; readonly endedAtMs: number | null }[]
  readonly broken: ExchangePlan['broken']
}

const minuteMs = 60_000
const dayMs = 86_400_000

export function lifeOf({ box, client, machine, trouble }: DemoBox, atMs: number, morning: Morning): Life {
  const since = (fromMs: number, ...of: readonly DemoBox['trouble'][]) => of.includes(trouble) && atMs >= fromMs
  const restarted = since(morning.restartMs, 'nobody-logged-in')
  const bootedMs = restarted ? morning.restartMs : morning.nowMs - machine.upForDays * dayMs
  const crashed = since(morning.crashedMs, 'crashed-and-recovered')
  const recovered = since(morning.recoveredMs, 'crashed-and-recovered')
  const startedMs = recovered ? morning.recoveredMs : crashed ? morning.crashedMs + minuteMs : bootedMs + 90_000
  return {
    reach:
      since(morning.offlineMs, 'offline') ||
      (since(morning.setUpMs + dayMs / 2, 'off-at-night') && !isOnAt(box, client?.timeZone ?? 'UTC', atMs))
        ? 'unreachable'
        : 'answers',
    hostKey: `${since(morning.hostKeyMs, 'changed-host-key') ? 'another' : 'the'} host key of ${box.name}`,
    bootedMs,
    loggedIn: !restarted,
    visits: since(morning.kevinMs, 'changed-by-kevin')
      ? [
          {
            user: 'kevin',
            from: '192.168.1.40',
            atMs: morning.kevinMs - 6 * minuteMs,
            untilMs: morning.kevinMs + 11 * minuteMs,
          },
        ]
      : [],
    running: !restarted,
    startedMs,
    suppressed: crashed && !recovered,
    boots: bootsOf({ bootedMs, startedMs, restarted, crashed, recovered }, morning),
    broken: brokenOf(trouble, morning),
  }
}

interface Starts {
  readonly bootedMs: number
  readonly startedMs: number
  readonly restarted: boolean
  readonly crashed: boolean
  readonly recovered: boolean
}

/** A clean life: one start after the machine's own. Crashes: three starts that nobody ended, seconds apart. */
function bootsOf(starts: Starts, { crashedMs, recoveredMs, restartMs, nowMs }: Morning): Life['boots'] {
  const { bootedMs, startedMs, restarted, crashed, recovered } = starts
  if (restarted) return [{ startedAtMs: nowMs - 19 * dayMs, endedAtMs: restartMs - minuteMs }]
  const before = { startedAtMs: bootedMs - 30 * dayMs, endedAtMs: bootedMs - minuteMs }
  const now = { startedAtMs: startedMs, endedAtMs: null }
  if (!crashed) return [before, now]
  const crashes = [0, 20, 40].map((second) => ({ startedAtMs: crashedMs + second * 1000, endedAtMs: null }))
  const held = { startedAtMs: crashedMs + minuteMs, endedAtMs: recoveredMs - 1000 }
  return [before, ...crashes, ...(recovered ? [held] : []), now]
}

function brokenOf(trouble: DemoBox['trouble'], morning: Morning): Life['broken'] {
  switch (trouble) {
    case 'key-expired':
      return { fromMs: morning.keyExpiredMs, how: 'failed' }
    case 'wedged':
      return { fromMs: morning.wedgedMs, how: 'unanswered' }
    case 'offline':
      return { fromMs: morning.offlineMs, how: 'lost' }
    case 'nobody-logged-in':
      return { fromMs: morning.restartMs, how: 'lost' }
    default:
      return null
  }
}
