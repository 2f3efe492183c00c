import type { DemoBox } from './spec.ts'

export const gatewayPort = 18789

/** A file of its own: the runtime's usual one is dropped after a day, and twelve machines share one temp folder here. */
export const logFileOf = (home: string): string => `${home}/.openclaw/logs/openclaw.log`

/** The agent's `openclaw.json`, in the shape of its version (openclaw.md §0, §4). */
export function configOf({ agent, client }: DemoBox, home: string): Record<string, unknown> {
  const workspace = `${home}/.openclaw/workspace`
  const older = agent.version === '2026.6.11'
  const listed = (client?.handles ?? []).map(({ value }) => value)
  const door = {
    enabled: true,
    dmPolicy: 'allowlist',
    allowFrom: listed,
    groupPolicy: 'disabled',
    groupAllowFrom: [],
    configWrites: false,
    ...(agent.channel === 'telegram'
      ? { botToken: '$' + '{TELEGRAM_BOT_TOKEN}' }
      : { cliPath: '/opt/homebrew/bin/imsg' }),
  }
  const main = { name: 'main', workspace }
  return {
    gateway: {
      mode: 'local',
      port: gatewayPort,
      bind: 'loopback',
      auth: { mode: 'token', token: '$' + '{OPENCLAW_GATEWAY_TOKEN}' },
    },
    agents: {
      defaults: { workspace, model: { primary: 'anthropic/claude-x' }, heartbeat: { every: '30m' } },
      ...(older ? { list: [{ id: 'main', ...main }] } : { entries: { main } }),
    },
    channels: agent.channel === null ? {} : { [agent.channel]: door },
    ...(agent.channel === 'imessage' && !older ? { plugins: { entries: { imessage: { enabled: true } } } } : {}),
    // What every machine owes: who was answered is written down, and conversations are kept for 90 days.
    logging: { file: logFileOf(home), ...(older ? {} : { audit: { messages: 'direct' } }) },
    ...(older ? { session: { maintenance: { pruneAfter: '90d' } } } : {}),
    update: { checkOnStart: false, ...(agent.install === 'git' ? { channel: 'dev' } : {}) },
    meta: { lastTouchedVersion: agent.version },
  }
}

/** What Kevin did: a cheaper model, and it wakes less often. */
export function afterKevin(config: Record<string, unknown>): Record<string, unknown> {
  const changed = structuredClone(config) as {
    agents: { defaults: { model: { primary: string }; heartbeat: { every: string } } }
  }
  changed.agents.defaults.model.primary = 'anthropic/claude-small'
  changed.agents.defaults.heartbeat.every = '4h'
  return changed
}

/** What Priya did, so that a new buyer gets answers too. */
export function afterPriya(config: Record<string, unknown>): Record<string, unknown> {
  const changed = structuredClone(config) as { channels: { imessage: { allowFrom: string[] } } }
  changed.channels.imessage.allowFrom = ['*']
  return changed
}
