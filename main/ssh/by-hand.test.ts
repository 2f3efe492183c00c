import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byHand, sshLine, whereabouts } from '../../shared/by-hand.ts'
import { type Agent, type Fact, type FactKey, factNames } from '../../shared/contract/index.ts'
import { cmdWord, shellWord } from '../../shared/shell.ts'
import { sshLab } from '../testing/ssh-lab.ts'
import { type SshdBox, startSshdBox } from '../testing/sshd-box.ts'

/** What a box might call its folders. None of them may act in a shell, here or there. */
const hostile = `it's $(touch taken) \`touch taken\` "x"; touch taken & é`

interface Told {
  os?: string
  home: string
  root?: string
  git?: boolean
  sessions?: boolean
  service?: string
}

const agents = (home: string) =>
  [{ agentId: 'a1', profile: 'default', stateDir: `${home}/.openclaw` }] as unknown as Agent[]

const told = (key: FactKey, agentId: string | null, value: unknown, source: string, raw: unknown): Fact =>
  ({ key, agentId, instance: '', value, evidence: { source, raw: JSON.stringify(raw) } }) as Fact

const factsOf = ({ os = 'linux', home, root = `${home}/app`, git = false, sessions, service = 'systemd' }: Told) => [
  told('system.os', null, os, '', ''),
  told('system.node', null, '24.16.0', process.execPath, ''),
  told('version.install', 'a1', '', '', { root, kind: git ? 'git' : 'package' }),
  told('agent.service', 'a1', service, '', { port: 18790 }),
  told('config.hash', 'a1', '', `${home}/.openclaw/openclaw.json`, ''),
  told('activity.reply', 'a1', 0, '', { source: sessions ? 'session files' : 'openclaw-agent.sqlite v23' }),
]

/** The remote command of a fact on a machine where everything lies in `home`. */
function remoteOf(key: FactKey, machine: Told): string {
  const facts = factsOf(machine)
  const fact = facts.find((each) => each.key === key) ?? told(key, 'a1', null, '', '')
  return byHand(fact, whereabouts(fact, facts, agents(machine.home)))?.remote ?? ''
}

const keys = Object.keys(factNames) as FactKey[]

test.each(['sh', 'bash'])('every command is whole words of %s, whatever the folders are called', (shell) => {
  const home = `/tmp/${hostile}`
  for (const machine of [
    { home },
    { home, git: true },
    { home, sessions: true },
    { home, os: 'darwin', service: 'launchd' },
  ]) {
    for (const key of keys) {
      const remote = remoteOf(key, machine)
      if (remote) execFileSync(shell, ['-n', '-c', remote])
    }
  }
  const words = execFileSync(shell, [
    '-c',
    `for word in ${remoteOf('config.changed', { home })}; do printf '%s\\0' "$word"; done`,
  ])
  expect(words.toString().split('\0')).toEqual(['ls', '-l', `${home}/.openclaw/openclaw.json`, ''])
})

test.each<[FactKey, string]>([
  ['system.boot', 'uptime'],
  ['system.disk', 'df -h ~'],
  ['version.disk', `grep -m1 '"version"' /home/dana/app/package.json`],
  ['version.running', 'curl -sS -m 5 http://127.0.0.1:18790/startupz'],
  ['agent.ready', 'curl -sS -m 5 http://127.0.0.1:18790/readyz'],
  ['config.hash', 'sha256sum /home/dana/.openclaw/openclaw.json'],
  ['version.newest', ''],
])('%s by hand: %s', (key, remote) => expect(remoteOf(key, { home: '/home/dana' })).toBe(remote))

test('a checkout is asked of git, a Mac of its own commands', () => {
  expect(remoteOf('version.gap', { home: '/home/dana', git: true })).toContain(
    "-C /home/dana/app rev-list --left-right --count 'HEAD...@{upstream}'",
  )
  expect(remoteOf('config.hash', { home: '/Users/dana', os: 'darwin' })).toBe(
    'shasum -a 256 /Users/dana/.openclaw/openclaw.json',
  )
  expect(remoteOf('agent.service', { home: '/Users/dana', os: 'darwin', service: 'launchd' })).toBe(
    'launchctl print gui/$(id -u)/ai.openclaw.gateway',
  )
})

test('Windows gets the words of cmd, or nothing where cmd could not be given them whole', () => {
  const windows = { os: 'win32', home: 'C:\\Users\\Dana Bright' }
  const fact = factsOf(windows).find(({ key }) => key === 'config.hash')!
  expect(byHand(fact, whereabouts(fact, factsOf(windows), agents(windows.home)))).toEqual({
    remote: 'certutil -hashfile "C:\\Users\\Dana Bright\\.openclaw\\openclaw.json" SHA256',
    shell: 'cmd',
    note: '',
  })
  expect(remoteOf('config.hash', { os: 'win32', home: 'C:\\Users\\%COMSPEC%' })).toBe('')
  expect(['a"b', '%PATH%', 'a\nb', 'a b', 'plain'].map(cmdWord)).toEqual([null, null, null, '"a b"', 'plain'])
})

test('the config by hand prints another hash than the fact reads, and is told which is which', () => {
  const home = '/home/dana'
  const facts = factsOf({ home })
  const noteOf = (raw: unknown) => {
    const fact = { ...told('config.hash', 'a1', '', `${home}/.openclaw/openclaw.json`, raw), text: '491159842f83' }
    return byHand(fact, whereabouts(fact, facts, agents(home)))?.note
  }
  expect(noteOf({ sha256: 'ab'.repeat(32) })).toMatch(/^It prints abababababab…, the sha256 .*; 491159842f83 is /)
  expect(noteOf({})).toBe('')
})

test('what is no path is no path: nothing a box calls a source becomes a command', () => {
  const of = (source: string) => {
    const fact = told('backup.last', null, null, source, '')
    return byHand({ ...fact, key: 'unheard-of' as FactKey }, whereabouts(fact, [], []))
  }
  expect(of('rm -rf ~')).toBeNull()
  expect(of('-delete')).toBeNull()
  expect(of('/etc/x; rm -rf ~')?.remote).toBe(`ls -ld '/etc/x; rm -rf ~'`)
})

let box: SshdBox
beforeAll(async () => {
  box = await startSshdBox()
})
afterAll(() => box.stop())

test('the line of a fact, pasted into a shell here, shows that fact of a real box', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  const home = path.join(box.home, hostile)
  mkdirSync(path.join(home, '.openclaw'), { recursive: true })
  mkdirSync(path.join(home, 'app'))
  const config = '{ gateway: {} }\n'
  writeFileSync(path.join(home, '.openclaw/openclaw.json'), config)
  writeFileSync(path.join(home, 'app/package.json'), '{\n  "version": "2026.9.6"\n}\n')

  const shown = (key: FactKey): string => {
    const facts = factsOf({ home })
    const fact = facts.find((each) => each.key === key) ?? told(key, 'a1', null, '', '')
    const hand = byHand(fact, whereabouts(fact, facts, agents(home)))!
    const line = sshLine(lab.ssh.commandFor(there.boxId), hand)
    // The test box is in no known_hosts of this computer.
    const pasted = line.replace(
      /^ssh /,
      'ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR ',
    )
    return execFileSync('sh', ['-c', pasted], { cwd: box.dir }).toString()
  }
  expect(shown('config.hash').replace(/^\\/, '').slice(0, 64)).toBe(createHash('sha256').update(config).digest('hex'))
  expect(shown('version.disk')).toContain('"version": "2026.9.6"')
  expect(shown('system.node')).toBe(`${process.version}\n`)
  expect(shown('system.disk')).toMatch(/%/)
  const everywhere = [box.dir, box.home, home].flatMap((folder) => readdirSync(folder))
  expect(everywhere).not.toContain('taken')
  expect(existsSync('taken')).toBe(false)
})

test('a word of a shell that needs no quotes gets none', () => {
  expect([shellWord('a b'), shellWord("it's"), shellWord('a-b_c'), shellWord('')]).toEqual([
    "'a b'",
    `"it's"`,
    'a-b_c',
    "''",
  ])
})

test('a real shell gives back each word as it was, quoted once and twice', () => {
  const words = ["it's", `"it's"`, "'$HOME' `id`", "'!!'", "a\\'b\\\\'", "'\n'", '$(id)', "';id;'", '\\', "'", '"', '!']
  for (const word of words) {
    const said = (line: string) => execFileSync('sh', ['-c', line], { encoding: 'utf8' })
    expect(said(`printf %s ${shellWord(word)}`)).toBe(word)
    expect(said(`sh -c ${shellWord(`printf %s ${shellWord(word)}`)}`)).toBe(word)
  }
})
