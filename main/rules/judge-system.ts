import {
  isAtLeast,
  isSettings,
  plainSecretsIn,
  type Settings,
  settingsAt,
  textAt,
  valueAt,
} from '../runtimes/runtimes.ts'
import { isFilledIn } from './spelling.ts'
import type { RuleSubject } from './subject.ts'
import type { Looked } from './verdict.ts'

const loopback = /^(loopback|127\.0\.0\.1|localhost|::1)?$/
const holds: Looked = { breaches: [], unknown: [] }
const broken = (place: string, what: string): Looked => ({ breaches: [{ place, what }], unknown: [] })
const unread: Looked = { breaches: [], unknown: ['its settings'] }

const isThere = (value: unknown): boolean => (typeof value === 'string' ? value !== '' : isSettings(value))

/** Switches of the gateway whose own name says that they are dangerous. */
function dangerous(at: unknown, path: string): string[] {
  if (!isSettings(at)) return []
  return Object.entries(at).flatMap(([name, value]) =>
    value === true && /^(dangerously|allowInsecure)/i.test(name)
      ? [`${path}.${name}`]
      : dangerous(value, `${path}.${name}`),
  )
}

/** Bound to the machine itself, or with a login. What nobody says is what the runtime does: loopback. */
export function judgeGateway({ settings }: RuleSubject): Looked {
  if (settings === null) return unread
  const gateway = settingsAt(settings, 'gateway')
  const switches = dangerous(gateway, 'gateway').map((place) => ({ place, what: 'login switched off' }))
  const { breaches, unknown } = judgeReach(gateway)
  return { breaches: [...switches, ...breaches], unknown }
}

function judgeReach(gateway: Settings): Looked {
  const bind = textAt(gateway, 'bind')
  const custom = bind === 'custom' && loopback.test(textAt(gateway, 'customBindHost'))
  const tailscale = textAt(gateway, 'tailscale', 'mode')
  const reachable = !(loopback.test(bind) || custom) || tailscale === 'funnel' || tailscale === 'serve'
  const mayBeReachable = isFilledIn(tailscale)
  if (!reachable && !mayBeReachable) return holds
  const mode = textAt(gateway, 'auth', 'mode')
  const proof = isThere(valueAt(gateway, 'auth', 'token')) || isThere(valueAt(gateway, 'auth', 'password'))
  if (mode === 'none')
    return reachable
      ? broken('gateway.bind', `${bind || tailscale} without a login`)
      : { breaches: [], unknown: ['gateway.tailscale.mode'] }
  if (mode === 'trusted-proxy' || (proof && !isFilledIn(mode))) return holds
  return { breaches: [], unknown: ['gateway.auth'] }
}

export function judgeSecrets({ settings }: RuleSubject): Looked {
  if (settings === null) return unread
  return { breaches: plainSecretsIn(settings).map((place) => ({ place, what: 'plain secret' })), unknown: [] }
}

const days: Readonly<Record<string, number>> = { d: 1, w: 7, h: 1 / 24, m: 1 / 1440 }

/** `90d`, `2w`, `36h`, or a number of days; null: it is none. */
export function daysOf(value: unknown): number | null {
  if (typeof value === 'number') return value
  const [, number, unit = 'd'] = /^(\d{1,6})\s*([dwhm])?$/.exec(typeof value === 'string' ? value.trim() : '') ?? []
  return number === undefined ? null : Number(number) * (days[unit] ?? 1)
}

/** What versions before 2026.8 do where nothing is said: they remove, newer ones put away. */
const olderDays = 30

/** Whether conversations are kept: older versions remove what rests too long, newer ones only what was put aside. */
export function judgeRetention({ settings, version }: RuleSubject): Looked {
  if (settings === null) return unread
  const maintenance = settingsAt(settings, 'session', 'maintenance')
  if (textAt(maintenance, 'mode') === 'warn') return holds
  const older = !isAtLeast(version, '2026.8.0')
  const name = older ? 'pruneAfter' : 'resetArchiveRetention'
  const said = maintenance[name] ?? (older ? maintenance.pruneDays : undefined)
  if (said === false || (said === undefined && !older)) return holds
  const kept = said === undefined ? olderDays : daysOf(said)
  const place = `session.maintenance.${name}`
  if (kept === null) return { breaches: [], unknown: [place] }
  return kept >= 90 ? holds : broken(place, `${Math.floor(kept)} days`)
}

/** Off unless somebody says otherwise; without the check at start nothing of it runs. */
export function judgeUpdates({ settings }: RuleSubject): Looked {
  if (settings === null) return unread
  const on = valueAt(settings, 'update', 'auto', 'enabled') === true
  return on && valueAt(settings, 'update', 'checkOnStart') !== false ? broken('update.auto.enabled', 'on') : holds
}

export function judgeAudit({ settings, version }: RuleSubject): Looked {
  if (settings === null) return unread
  if (!isAtLeast(version, '2026.7.1')) return { breaches: [], unknown: ['this version cannot'] }
  return ['direct', 'all'].includes(textAt(settings, 'logging', 'audit', 'messages'))
    ? holds
    : broken('logging.audit.messages', 'off')
}
