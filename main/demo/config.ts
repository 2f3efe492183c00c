import type { DemoBox } from './spec.ts'

export const gatewayPort = 18789

/** The agent's `openclaw.json`, in the shape of its version (openclaw.md §0, §4). */
export function configOf({ agent, client, trouble }: DemoBox, home: string): Record<string, unknown> {
  const workspace = `${home}/.openclaw/workspace`
  const older = agent.version === '2026.6.11'
  const listed = trouble === 'answers-everyone' ? ['*'] : (client?.handles ?? []).map(({ value }) => value)
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
    update: { checkOnStart: false, ...(agent.install === 'git' ? { channel: 'dev' } : {}) },
    meta: { lastTouchedVersion: agent.version },
  }
}

/** What Kevin did: a cheaper model and a second person who is answered. */
export function afterKevin(config: Record<string, unknown>): Record<string, unknown> {
  const changed = structuredClone(config) as {
    agents: { defaults: { model: { primary: string } } }
    channels: { imessage: { allowFrom: string[] } }
  }
  changed.agents.defaults.model.primary = 'anthropic/claude-small'
  changed.channels.imessage.allowFrom.push('+15125550199')
  return changed
}
