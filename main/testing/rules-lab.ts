import type { Client } from '../../shared/contract/index.ts'
import { isFault } from '../base/fault-error.ts'
import { type Asked, permit, type RuleSubject } from '../rules/rules.ts'
import { doorsOf } from '../runtimes/runtimes.ts'

export const own = '+15550100'
export const client = {
  name: 'Bright Roofing',
  humanFallback: '+15550199',
  handles: [{ kind: 'phone', value: own, label: 'Dana', trust: 'proved' }],
} as unknown as Client

export const closed = {
  enabled: true,
  dmPolicy: 'allowlist',
  allowFrom: [own],
  groupPolicy: 'disabled',
  groupAllowFrom: [],
  configWrites: false,
}

/** An agent of this client as it was read, with these channels. */
export function subject(
  channels: object,
  more: Omit<Partial<RuleSubject>, 'settings'> & { settings?: object } = {},
): RuleSubject {
  const { settings: rest, ...others } = more
  const settings = { channels, ...rest }
  return {
    settings,
    version: '2026.9.6',
    doors: doorsOf(settings, others.version ?? '2026.9.6', { entries: [], unread: '' }),
    kinds: {},
    client,
    declared: null,
    duties: null,
    ...others,
  }
}

export const written = (sections: object, raw: Record<string, unknown> = {}) => ({
  name: 'Bright Roofing',
  sections,
  raw,
  client,
})
export const nothingAsked = { layers: [], wholes: [], outcomes: [] }

/** Rules that do not let this be saved. */
export function refusedBy(asked: Partial<Asked>): string[] {
  try {
    permit({ way: 'save', ...nothingAsked, ...asked })
    return []
  } catch (error) {
    if (!isFault(error, 'rule-broken')) throw error
    return error.fault.code === 'rule-broken' ? error.fault.problems.map(({ ruleId }) => ruleId) : []
  }
}
