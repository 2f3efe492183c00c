import { doorName } from '../../shared/channels.ts'
import type { RuntimeStep } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { canonicalJson } from '../base/canonical.ts'
import type { ChangeSide, Prepared, RunningAccount, Settled } from '../runtimes/change-answer.ts'

type Ready = Extract<Prepared, { done: true }>

const isUp = ({ running, connected }: RunningAccount): boolean => running !== false && connected !== false
const keyOf = ({ channel, account }: { channel: string; account: string }): string => `${channel}/${account}`

/**
 * Accounts that have to run after a change, as `channel/account`: those that ran before and are still switched on, and
 * those that it switches on. What was down before may stay down. Pure.
 */
export function expectedAccounts({ before, after, channels }: Ready): string[] {
  const on = (doors: Ready['before']['doors']) => new Set(doors.filter(({ enabled }) => enabled).map(keyOf))
  const [onBefore, onAfter] = [on(before.doors), on(after.doors)]
  const up = new Set(channels.read ? channels.value.filter(isUp).map(keyOf) : [])
  return [...onAfter].filter((key) => !onBefore.has(key) || up.has(key))
}

/**
 * Why a change that was activated may not stay; empty: the gateway uses it, is ready, and its channels run. Pure.
 *
 * @param expect from {@link expectedAccounts}.
 * @param made hash of the config as the change, its commands included, left it.
 */
export function whyNotVerified(
  prepared: Ready,
  settled: Settled,
  expect: readonly string[],
  update: RuntimeStep | null = null,
  made: string = prepared.after.sha256,
): string[] {
  // A new version may write the config itself; what it wrote is judged and told.
  if (update === null && settled.sha256 !== made) return ['Somebody else changed the config meanwhile.']
  if (!settled.filesHold) return ['Somebody else changed a file of the workspace meanwhile.']
  if (!settled.foldersHold) return ['Somebody else moved a tracked folder meanwhile.']
  if (settled.side === null) return ['Its config could not be judged after the change.']
  const other = update === null ? '' : otherVersion(settled, update, prepared.running)
  if (!prepared.running) return other === '' ? [] : [other]
  if (!settled.running)
    return [update === null ? 'The agent does not run any more.' : `The agent does not run with ${update.to}.`]
  const wrong: string[] = other === '' ? [] : [other]
  if (settled.applied !== true) wrong.push('The agent did not take the changed config.')
  if (settled.ready !== true) {
    const failing = settled.failing.slice(0, 3).map((name) => untrusted(name, 60))
    wrong.push(failing.length > 0 ? `The agent is not ready: ${failing.join(', ')}.` : 'The agent is not ready.')
  }
  const held = expect.filter((key) => settled.suppressed.includes(key.split('/', 1)[0] ?? ''))
  if (held.length > 0) wrong.push(`The agent holds ${held.map(named).join(', ')} back.`)
  if (expect.length > 0) wrong.push(...channelsWrong(settled, expect))
  return wrong
}

/** What is installed and what runs, each by its own word; empty: both are the new version. */
function otherVersion({ update: seen, running }: Settled, { to }: RuntimeStep, hasToRun: boolean): string {
  if (seen?.installed !== to)
    return `It has ${untrusted(seen?.installed ?? '', 60) || 'no OpenClaw'} installed, not ${to}.`
  if (!hasToRun || !running || seen.running === to) return ''
  return seen.running === null
    ? 'The agent does not say which version it runs.'
    : `The agent still runs ${untrusted(seen.running, 60)}, not ${to}.`
}

/** Stamps that every version writes for itself. */
const ownStamps = new Set(['meta', 'wizard'])

/** Settings that somebody, as `who`, wrote on top of the change, as sentences; empty: none. Pure. */
export function rewrittenSettings(sent: ChangeSide, found: ChangeSide, who = 'The new version'): string[] {
  if (sent.sha256 === found.sha256) return []
  let sides: Record<string, unknown>[]
  try {
    sides = [sent, found].map(({ redacted }) => JSON.parse(redacted) as Record<string, unknown>)
  } catch {
    return [`${who} wrote its config anew, and it cannot be compared.`]
  }
  const [was = {}, is = {}] = sides
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => !ownStamps.has(name) && canonicalJson(was[name] ?? null) !== canonicalJson(is[name] ?? null),
  )
  if (names.length === 0) return []
  const shown = names.slice(0, 5).map((name) => untrusted(name, 60))
  return [`${who} rewrote settings under ${shown.join(', ')}${names.length > 5 ? ' and more' : ''}.`]
}

function channelsWrong({ channels }: Settled, expect: readonly string[]): string[] {
  if (!channels.read) return [`The agent did not say whether its channels run: ${untrusted(channels.why, 200)}`]
  const up = new Set(channels.value.filter(isUp).map(keyOf))
  const down = expect.filter((key) => !up.has(key))
  return down.length === 0 ? [] : [`${down.map(named).join(', ')} does not run.`]
}

const named = (key: string): string => {
  const [channel = '', ...account] = key.split('/')
  return doorName({ channel: untrusted(channel, 60), account: untrusted(account.join('/'), 100) })
}
