import type { PairingStore } from '../runtimes/openclaw/door-settings.ts'

export type Tree = { [name: string]: unknown }

/** The same number, the same throws: mulberry32. */
export function dice(seed: number) {
  let state = seed * 0x9e3779b1
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    one: <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T,
    chance: (share: number) => next() < share,
  }
}
export type Dice = ReturnType<typeof dice>

/** Who stands in the lists, and on which channels. */
interface DoorsWords {
  readonly own: string
  readonly other: string
  readonly channels: readonly string[]
}

const usual: DoorsWords = { own: '+15550100', other: '+15550777', channels: ['telegram', 'imessage', 'whatsapp'] }

function someSettings(throws: Dice, { own, other }: DoorsWords): Tree {
  const lists = [[], ['*'], [own], [own, other], [own, '*'], [' * '], [['*']]]
  const settings: Tree = {}
  const maybe = (name: string, values: readonly unknown[], share = 0.5) => {
    if (throws.chance(share)) settings[name] = throws.one(values)
  }
  maybe('enabled', [true, true, false], 0.3)
  maybe('dmPolicy', ['pairing', 'allowlist', 'open', 'disabled'], 0.7)
  maybe('allowFrom', lists, 0.7)
  maybe('groupPolicy', ['allowlist', 'open', 'disabled'])
  maybe('groupAllowFrom', lists, 0.3)
  maybe('configWrites', [true, false])
  return settings
}

export interface DoorsCase {
  readonly version: string
  readonly config: Tree
  readonly included: readonly Tree[]
  readonly pairing: PairingStore
}

/** A config with every way to open a channel: account overrides, defaults, both eras, included files. The same seed, the same config. */
export function anyDoors(seed: number, words: DoorsWords = usual): DoorsCase {
  const throws = dice(seed)
  const channel = (): Tree => {
    const settings = someSettings(throws, words)
    if (throws.chance(0.4)) {
      const names = throws.one([['desk'], ['desk', 'shop'], ['default', 'shop']])
      settings.accounts = Object.fromEntries(names.map((name) => [name, someSettings(throws, words)]))
      if (throws.chance(0.4)) settings.botToken = '1:x'
    }
    return settings
  }
  const channels = (): Tree => {
    const names = words.channels.filter(() => throws.chance(0.6))
    const some: Tree = Object.fromEntries(names.map((name) => [name, channel()]))
    if (throws.chance(0.3)) some.defaults = { groupPolicy: throws.one(['open', 'allowlist', 'disabled']) }
    if (throws.chance(0.2)) some.defaults = { ...(some.defaults as Tree), configWrites: throws.chance(0.5) }
    return some
  }
  const included = throws.chance(0.5)
    ? [{ channels: channels() }, ...(throws.chance(0.4) ? [{ channels: channels() }] : [])]
    : []
  const entries = ['telegram', 'imessage']
    .filter(() => throws.chance(0.4))
    .map((name) => ({
      channel: name,
      account: throws.one(['default', 'desk']),
      handle: throws.one([words.other, '*', words.own]),
    }))
  return {
    version: throws.one(['2026.9.6', '2026.6.11']),
    config: { channels: channels() },
    included,
    pairing: { entries, unread: '' },
  }
}
