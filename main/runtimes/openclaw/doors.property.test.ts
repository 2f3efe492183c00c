import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anyDoors, type DoorsCase, type Tree } from '../../testing/any-doors.ts'
import { findDoors } from './doors.ts'
import { loadConfig } from './read-config.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wheelhouse-doors-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/* ---- The second reading: openclaw.md §4, line by line, without a look at the first one. ---- */

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** "$include array: deep merge, later wins, siblings override"; lists follow each other. */
function deepMerge(low: unknown, high: unknown): unknown {
  if (Array.isArray(low) && Array.isArray(high)) return low.concat(high)
  if (!isTree(low) || !isTree(high)) return high
  const result: Tree = {}
  for (const name of Object.keys(low)) result[name] = low[name]
  for (const name of Object.keys(high)) result[name] = name in low ? deepMerge(low[name], high[name]) : high[name]
  return result
}

const flatten = (list: unknown): string[] =>
  Array.isArray(list) ? list.flatMap(flatten) : list === undefined ? [] : [String(list).trim()]

interface Answer {
  direct: string
  groups: string
  chat: boolean
}

function answerOf(channels: Tree, channel: string, account: string, { version, pairing }: DoorsCase): Answer {
  const base = channels[channel] as Tree
  const accounts = (base.accounts ?? {}) as Tree
  const override = (accounts[account] ?? {}) as Tree
  const defaults = (channels.defaults ?? {}) as Tree
  // "accounts.<id>.* overrides"
  const read = (name: string) => (override[name] !== undefined ? override[name] : base[name])
  if (base.enabled === false || override.enabled === false) return { direct: 'nobody', groups: 'nobody', chat: false }
  // Telegram: a star of an account falls away where the channel lists people
  const own = flatten(override.allowFrom)
  const listed = flatten(base.allowFrom).filter((entry) => entry !== '*')
  const falls = channel === 'telegram' && own.includes('*') && listed.length > 0
  const people = own.filter((entry) => entry !== '*')
  const allow = !falls ? flatten(read('allowFrom')) : people.length > 0 ? people : flatten(base.allowFrom)
  // 2026.6.11 gives a policy to each account of these that has none
  const filled = version.startsWith('2026.6') && channel !== 'whatsapp' && account in accounts
  // "dmPolicy: pairing(default)"
  const policy = (filled ? override.dmPolicy : read('dmPolicy')) ?? 'pairing'
  const paired = pairing.entries
    .filter((each) => each.channel === channel && each.account === account)
    .map(({ handle }) => handle)
  let direct: string
  if (policy === 'disabled') direct = 'nobody'
  else if (policy === 'pairing') {
    // "pairing | * : a full AI reply", otherwise "a pairing code", and the store lets in beside the list
    direct = allow.includes('*') || paired.includes('*') ? 'everyone' : 'pairing-code'
  } else if (policy === 'allowlist') {
    direct = allow.includes('*') ? 'everyone' : allow.length > 0 ? 'listed' : 'nobody'
  }
  // "open | no * : dropped"
  else direct = allow.includes('*') ? 'everyone' : allow.length > 0 ? 'listed' : 'nobody'
  // "groupPolicy: allowlist(default)"; filled in before "channels.defaults.groupPolicy" is looked at
  const groupPolicy = (filled ? override.groupPolicy : read('groupPolicy')) ?? 'allowlist'
  // "groupAllowFrom[] (falls back to allowFrom)"
  const groupList = flatten(read('groupAllowFrom'))
  const senders = groupList.length > 0 ? groupList : allow
  // Telegram lets in no group that is not named, and here none is
  const needsName = channel === 'telegram' && groupPolicy === 'allowlist'
  // and drops groups of an account that is not the default one, as no binding names any here
  const names = Object.keys(accounts)
  const usual = names.includes('default') || base.botToken !== undefined ? 'default' : names.toSorted()[0]
  const isDropped = channel === 'telegram' && names.length > 0 && account !== usual
  const groups =
    groupPolicy === 'disabled' || needsName || isDropped
      ? 'nobody'
      : groupPolicy === 'open' || senders.includes('*')
        ? 'everyone'
        : senders.length > 0
          ? 'listed'
          : 'nobody'
  // "configWrites (default true!)"
  const chat = (read('configWrites') ?? defaults.configWrites ?? true) as boolean
  return { direct, groups, chat }
}

function secondReading(of: DoorsCase): Record<string, Answer> {
  const merged = [...of.included, of.config].reduce<unknown>(deepMerge, {}) as Tree
  const channels = (merged.channels ?? {}) as Tree
  const found: Record<string, Answer> = {}
  for (const channel of Object.keys(channels)) {
    if (channel === 'defaults') continue
    const base = channels[channel] as Tree
    const named = Object.keys((base.accounts ?? {}) as Tree)
    const all =
      named.length === 0
        ? ['default']
        : base.botToken !== undefined && !named.includes('default')
          ? ['default', ...named]
          : named
    for (const account of all) found[`${channel}/${account}`] = answerOf(channels, channel, account, of)
  }
  return found
}

test('500 configs mean what a slow reading of the table says', () => {
  const answers = new Set<string>()
  for (let seed = 1; seed <= 500; seed++) {
    const made = anyDoors(seed)
    const file = path.join(folder, `${seed}.json`)
    const names = made.included.map((part, at) => {
      writeFileSync(path.join(folder, `${seed}-${at}.json5`), JSON.stringify(part))
      return `./${seed}-${at}.json5`
    })
    writeFileSync(file, JSON.stringify({ ...(names.length > 0 ? { $include: names } : {}), ...made.config }))
    const { parsed } = loadConfig(file)
    const doors = findDoors(parsed.settings, made.version, made.pairing)
    const read = Object.fromEntries(
      doors.map((door) => [
        `${door.channel}/${door.account}`,
        { direct: door.direct, groups: door.groups, chat: door.chatMayChangeConfig },
      ]),
    )
    expect(read, `seed ${seed}: ${JSON.stringify(made)}`).toEqual(secondReading(made))
    for (const { direct, groups } of doors) answers.add(`${direct} ${groups}`)
  }
  // The dice reach every kind of answer, so that none is right by never being asked.
  for (const direct of ['nobody', 'listed', 'everyone', 'pairing-code'])
    for (const groups of ['nobody', 'listed', 'everyone']) expect(answers).toContain(`${direct} ${groups}`)
})
