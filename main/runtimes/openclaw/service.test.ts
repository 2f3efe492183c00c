import { describe, expect, it } from 'vitest'
import type { ObservedDoor } from '../observed.ts'
import { profileOf } from './find-agents.ts'
import { channelStates } from './find-channels.ts'
import { packageManagerOf } from './read-install.ts'
import { cmdCommand, plistCommand, unitCommand } from './read-service.ts'
import { authorOf } from './read-state.ts'
import { verdictOf } from './read-validity.ts'
import { isAtLeast, isSqliteEra } from './versions.ts'

describe('service files', () => {
  it('of launchd name the command', () => {
    const plist =
      '<dict><key>ProgramArguments</key>\n<array><string>/opt/homebrew/bin/node</string><string>/opt/a &amp; b/openclaw.mjs</string><string>gateway</string></array></dict>'
    expect(plistCommand(plist)).toEqual(['/opt/homebrew/bin/node', '/opt/a & b/openclaw.mjs', 'gateway'])
  })
  it('of systemd name the command', () => {
    expect(unitCommand('[Service]\nExecStart="/home/a b/node" /x/openclaw.mjs gateway run\n')).toEqual([
      '/home/a b/node',
      '/x/openclaw.mjs',
      'gateway',
      'run',
    ])
    expect(unitCommand('[Service]\n')).toEqual([])
  })
  it('of Windows name the command', () => {
    const text =
      '@echo off\r\nrem node is here\r\nset NODE=node x\r\n"C:\\Program Files\\nodejs\\node.exe" C:\\openclaw\\openclaw.mjs gateway\r\n'
    expect(cmdCommand(text)).toEqual(['C:\\Program Files\\nodejs\\node.exe', 'C:\\openclaw\\openclaw.mjs', 'gateway'])
  })
})

describe('names', () => {
  it.each([
    ['/home/a/.openclaw', 'default'],
    ['/home/a/.openclaw-dev', 'dev'],
    ['/home/a/.clawdbot', 'clawdbot'],
    ['/srv/agent', 'agent'],
  ])('%s is the profile %s', (folder, profile) => expect(profileOf(folder)).toBe(profile))

  it.each([
    ['/usr/lib/node_modules/openclaw', 'npm'],
    ['/home/a/.local/share/pnpm/global/5/node_modules/openclaw', 'pnpm'],
    ['/home/a/.bun/install/global/node_modules/openclaw', 'bun'],
  ])('%s came by %s', (root, manager) => expect(packageManagerOf(root)).toBe(manager))

  it('versions are in order', () => {
    expect(isAtLeast('2026.10.1', '2026.9.6')).toBe(true)
    expect(isAtLeast('2026.9.5', '2026.9.6')).toBe(false)
    expect(isSqliteEra('2026.7.35')).toBe(false)
    expect(isSqliteEra('2026.8.1')).toBe(true)
    expect(isSqliteEra('')).toBe(false)
  })
})

describe('who wrote the config', () => {
  it('is the command without its values', () => {
    expect(
      authorOf({
        event: 'config.write',
        argv: ['node', 'openclaw.mjs', 'config', 'set', 'gateway.auth.token', 'S3CRET'],
      }),
    ).toBe('openclaw config set')
    expect(
      authorOf({
        event: 'config.write',
        argv: ['node', 'x', 'config', 'set', 'gateway.auth.password', 'hunter', '--strict-json'],
      }),
    ).toBe('openclaw config set --strict-json')
    expect(authorOf({ event: 'config.write', argv: ['node', 'x', 'channels', 'add', 'telegram', 'hunter'] })).toBe(
      'openclaw channels add',
    )
    expect(authorOf({ event: 'config.external', valid: false })).toBe('edited by hand, not valid')
    expect(authorOf({ event: 'config.write', argv: ['node', 'openclaw.mjs', 'gateway', 'run'], origin: 'chat' })).toBe(
      'openclaw gateway run (chat)',
    )
  })
})

describe('the verdict on a config', () => {
  it('is what the runtime says, with its first reasons', () => {
    expect(verdictOf('{"valid":true}', 0, '')).toEqual({ valid: true, problem: '' })
    expect(verdictOf('{"valid":false,"issues":[{"path":"a.b","message":"Invalid input"}]}', 1, '')).toEqual({
      valid: false,
      problem: 'a.b: Invalid input',
    })
    expect(verdictOf('', 78, 'one\nlast words')).toEqual({
      valid: null,
      problem: 'openclaw config validate ended with 78: last words',
    })
  })
})

describe('channels', () => {
  const door = (channel: string, enabled = true) => ({ channel, account: 'default', enabled }) as ObservedDoor
  const ready = { ready: true, failing: [], suppressed: [], uptimeMs: 600_000 }
  it.each([
    ['healthy', ready, true, true],
    ['just started', { ...ready, uptimeMs: 5000 }, true, null],
    ['failing', { ...ready, ready: false, failing: ['telegram'] }, true, false],
    ['held back', { ...ready, suppressed: ['telegram'] }, true, false],
    ['without a plugin', ready, false, false],
    ['another thing fails', { ...ready, ready: false, failing: ['state-database'] }, true, null],
    ['no gateway', null, true, false],
  ] as const)('%s', (_, state, carries, connected) => {
    const at = state === null ? null : { ...state, failing: [...state.failing], suppressed: [...state.suppressed] }
    expect(channelStates([door('telegram'), door('imessage', false)], at, () => carries)).toMatchObject([
      { channel: 'telegram', connected },
    ])
  })
})
