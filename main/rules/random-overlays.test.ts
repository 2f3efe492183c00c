import { expect, test } from 'vitest'
import { doorsOf } from '../runtimes/runtimes.ts'
import { closed, own, refusedBy, subject, written } from '../testing/rules-lab.ts'
import { catalogue, judgeRules } from './rules.ts'

test('of 400 random overlays none that is let through breaks a lock', () => {
  const places = [
    'channels.imessage.allowFrom',
    'channels.imessage.dmPolicy',
    'channels.imessage.groupPolicy',
    'channels.imessage.groupAllowFrom',
    'channels.imessage.configWrites',
    'channels.imessage.enabled',
    'channels.imessage.accounts.desk',
    'channels.imessage.accounts.desk.allowFrom',
    'channels.imessage.accounts.desk.dmPolicy',
    'channels.telegram',
    'channels.defaults.groupPolicy',
    'accessGroups.staff.members.imessage',
    'tools.elevated.allowFrom.imessage',
    'gateway.bind',
    'gateway.auth.mode',
    'logging.level',
  ]
  const values: unknown[] = [
    ['*'],
    [own],
    [own, '+15550777'],
    [' * '],
    ['\uff0a'],
    [[['*']]],
    '*',
    [`\${OWNER}`],
    ['accessGroup:staff'],
    { source: 'env', provider: 'default', id: 'OWNER' },
    'open',
    'pairing',
    'allowlist',
    'disabled',
    'lan',
    'none',
    'token',
    true,
    false,
    null,
    { allowFrom: ['*'] },
    { dmPolicy: 'allowlist', allowFrom: [own], groupPolicy: 'disabled', configWrites: false },
    { enabled: false },
    [],
  ]
  let state = 20_261_128
  const throwDice = (sides: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 4_294_967_296) * sides)
  }
  const before = subject({ imessage: closed })
  let passed = 0
  for (let round = 0; round < 400; round++) {
    const raw = Object.fromEntries(
      Array.from({ length: 1 + throwDice(3) }, () => [
        places[throwDice(places.length)] ?? '',
        values[throwDice(values.length)],
      ]),
    )
    const settings = Object.entries(raw).reduce<Record<string, unknown>>(
      (at, [dotted, value]) => withValue(at, dotted.split('.'), value),
      before.settings ?? {},
    )
    const after = { ...before, settings, doors: doorsOf(settings, '2026.9.6', { entries: [], unread: '' }) }
    if (refusedBy({ layers: [written({}, raw)], outcomes: [{ name: 'bright-mini', before, after }] }).length > 0)
      continue
    passed += 1
    const broken = judgeRules(after).filter(
      ({ ruleId, state: found }) =>
        found === 'broken' && catalogue.some((rule) => rule.ruleId === ruleId && rule.strength === 'lock'),
    )
    expect(broken, JSON.stringify(raw)).toEqual([])
    // A slow look of its own, so that a judge that sees nothing is found out.
    for (const door of after.doors) expect(['listed', 'nobody'], JSON.stringify({ raw, door })).toContain(door.direct)
    const { channels, accessGroups, tools } = settings
    // A list where a channel or an account is meant is nothing to the runtime, nor is a switch that is no switch.
    const isNothing = (name: string, value: unknown) =>
      name === 'enabled' || (['desk', 'telegram'].includes(name) && (typeof value !== 'object' || Array.isArray(value)))
    const text = JSON.stringify({ channels, accessGroups, tools }, (name, value) =>
      isNothing(name, value) ? undefined : value,
    )
    expect(text, JSON.stringify(raw)).not.toMatch(/\*|\uff0a|15550777|OWNER/)
  }
  expect(passed).toBeGreaterThan(20)
})

function withValue(
  at: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const inner = at[name]
  const under =
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Record<string, unknown>) : {}
  return { ...at, [name]: rest.length === 0 ? value : withValue(under, rest, value) }
}
