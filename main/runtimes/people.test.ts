import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  authorizedKeyFiles,
  keyFilePatterns,
  parseKey,
  parseKeys,
  readAuthorizedKeys,
  readLoginKeys,
  sshdConfigTexts,
  usualKeyFiles,
} from './read-keys.ts'
import { parseLast, parseWtmp } from './read-logins.ts'
import { readRemoteTools } from './read-remote-tools.ts'
import { linuxUsers, macUsers, readLinuxUsers } from './read-users.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'wh-people-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const put = (name: string, text: string | Buffer) => {
  const file = path.join(root, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}
const makeKey = (name: string, comment: string) => {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path.join(root, name)])
  return readFileSync(path.join(root, `${name}.pub`), 'utf8').trim()
}
const fingerprint = (name: string) =>
  execFileSync('ssh-keygen', ['-l', '-f', path.join(root, name)], { encoding: 'utf8' }).split(' ')[1]

test('a key is what ssh-keygen says of it, with its options and without secrets', () => {
  const line = makeKey('k', 'kevin@laptop')
  const print = fingerprint('k.pub')
  expect(parseKey(line)).toEqual({ type: 'ssh-ed25519', fingerprint: print, comment: 'kevin@laptop', options: '' })
  expect(parseKey(`  command="echo \\"a b\\"",no-pty ${line}`)).toMatchObject({
    fingerprint: print,
    options: 'command="echo \\"a b\\"",no-pty',
  })
  expect(parseKey(`environment="TOKEN=sk-abcdefghijklmnopqrstuvwx" ${line}`)?.options).not.toContain('sk-abc')
})

test.each(['', '# a comment', 'ssh-ed25519', 'ssh-ed25519 not*base64', 'rsa AAAA', '"'.repeat(100), 'ssh-rsa \u0000'])(
  'no key: %j',
  (line) => expect(parseKey(line)).toBeNull(),
)

test('ten thousand keys are counted and told apart, and few of them sent', () => {
  const blob = (at: number) => Buffer.from(`key number ${at} of many`.padEnd(40)).toString('base64')
  const text = Array.from({ length: 10_000 }, (_, at) => `ssh-rsa ${blob(at)} \u001b[31m${'x'.repeat(900)}`).join('\n')
  const keys = parseKeys(text)
  expect(keys).toMatchObject({ total: 10_000, list: { length: 200 } })
  expect(Math.max(...keys.list.map(({ comment }) => comment.length))).toBe(120)
  expect(parseKeys(text.replace(blob(9_999), blob(10_000))).digest).not.toBe(keys.digest)
  expect(parseKeys(text).digest).toBe(keys.digest)
})

test('the files that let keys in, by system', () => {
  const dana = { name: 'dana', home: '/Users/dana' }
  const kim = { name: 'kim', home: '/Users/kim' }
  expect(authorizedKeyFiles('darwin', dana, [kim]).map(({ file }) => file)).toEqual([
    '/Users/dana/.ssh/authorized_keys',
    '/Users/dana/.ssh/authorized_keys2',
    '/Users/kim/.ssh/authorized_keys',
    '/Users/kim/.ssh/authorized_keys2',
  ])
  expect(authorizedKeyFiles('linux', dana, [kim], ['/etc/keys/%u', 'own%%']).map(({ file }) => file)).toEqual([
    '/etc/keys/dana',
    '/Users/dana/own%',
    '/etc/keys/kim',
    '/Users/kim/own%',
  ])
  const windows = authorizedKeyFiles('win32', { name: 'dana', home: 'C:\\Users\\dana' }, [], usualKeyFiles, 'D:\\Data')
  expect(windows.map(({ file }) => file)).toEqual([
    'C:\\Users\\dana\\.ssh\\authorized_keys',
    'C:\\Users\\dana\\.ssh\\authorized_keys2',
    'D:\\Data\\ssh\\administrators_authorized_keys',
  ])
})

test.each<[string, string[], readonly string[]]>([
  ['nothing said', ['# AuthorizedKeysFile x\nPort 22\n'], usualKeyFiles],
  ['one place', ['authorizedkeysfile  /etc/keys/%u\n'], ['/etc/keys/%u']],
  ['several, quoted', ['AuthorizedKeysFile=".ssh/a b" c\n'], ['.ssh/a b', 'c']],
  ['the first file counts', ['AuthorizedKeysFile a', 'AuthorizedKeysFile b'], ['a']],
  ['none', ['AuthorizedKeysFile none'], []],
  ['only for some', ['Match User kim\nAuthorizedKeysFile x\n'], usualKeyFiles],
])('sshd looks where its config says: %s', (_, texts, patterns) => expect(keyFilePatterns(texts)).toEqual(patterns))

test('what is included is read before the rest', () => {
  put('etc/ssh/sshd_config', 'Include /etc/ssh/sshd_config.d/*.conf\nAuthorizedKeysFile late\n')
  put('etc/ssh/sshd_config.d/50-own.conf', 'AuthorizedKeysFile early\n')
  expect(keyFilePatterns(sshdConfigTexts(root))).toEqual(['early'])
  expect(sshdConfigTexts(path.join(root, 'nowhere'))).toEqual([])
})

test('a file that is not there lets nobody in; what may not be read says so', async () => {
  const line = makeKey('k', 'x')
  const file = put('authorized_keys', `${line}\n`)
  mkdirSync(path.join(root, 'folder'))
  const read = await readAuthorizedKeys([
    { file, user: 'dana' },
    { file: path.join(root, 'none'), user: 'kim' },
    { file: path.join(root, 'folder'), user: 'kim' },
  ])
  expect(read.map(({ keys }) => (keys.read ? keys.value.total : keys.why))).toEqual([1, 0, 'It is no plain file.'])
})

test('keys of its own by name; the content of a private one is never opened', () => {
  makeKey('.ssh/id_ed25519', 'dana@mini')
  makeKey('.ssh/work', 'work')
  put('.ssh/known_hosts', 'x')
  chmodSync(path.join(root, '.ssh/id_ed25519'), 0)
  expect(readLoginKeys(root)).toMatchObject([
    { name: 'id_ed25519', type: '', fingerprint: '', comment: '' },
    {
      name: 'id_ed25519.pub',
      type: 'ssh-ed25519',
      fingerprint: fingerprint('.ssh/id_ed25519.pub'),
      comment: 'dana@mini',
    },
    { name: 'work', fingerprint: '' },
    { name: 'work.pub', comment: 'work' },
  ])
  expect(readLoginKeys(path.join(root, 'nobody'))).toEqual([])
})

const passwd = `root:x:0:0::/root:/bin/bash
daemon:x:1:1::/usr/sbin:/usr/sbin/nologin
sync:x:4:65534::/bin:/bin/sync
postgres:x:110:110::/var/lib/postgresql:/bin/bash
dana:x:1000:1000::/home/dana:/bin/zsh
kevin:x:1001:1001::/home/kevin:/usr/sbin/nologin
second:x:0:0::/:/bin/sh
nobody:x:65534:65534::/:/usr/sbin/nologin
broken line
:x:1002:1002::/:/bin/sh
ev\u202eil:x:1003:27::/home/e:`
const group = 'root:x:0:\nsudo:x:27:dana, postgres\nusers:x:100:kevin\n'

test('users a person could log in as, and who may do everything', () => {
  const told = linuxUsers(passwd, group).map(({ name, uid, isAdmin }) => `${name} ${uid}${isAdmin ? ' admin' : ''}`)
  expect(told).toEqual([
    'root 0 admin',
    'second 0 admin',
    'postgres 110 admin',
    'dana 1000 admin',
    'kevin 1001',
    'ev\u202eil 1003 admin',
  ])
  put('etc/passwd', passwd)
  put('etc/group', group)
  expect(readLinuxUsers(root).list).toHaveLength(6)
  expect(
    linuxUsers(Array.from({ length: 9000 }, (_, at) => `u${at}:x:${2000 + at}:1::/:/bin/sh`).join('\n'), ''),
  ).toHaveLength(200)
})

test('users of macOS as dscl lists them', () => {
  const list =
    '_www                    70\ndaemon                  1\nroot                    0\ndana                    501\nkevin 502\n'
  expect(macUsers(list, 'GroupMembership: root dana\n')).toEqual([
    { name: 'root', uid: 0, home: '/var/root', isAdmin: true },
    { name: 'dana', uid: 501, home: '/Users/dana', isAdmin: true },
    { name: 'kevin', uid: 502, home: '/Users/kevin', isAdmin: false },
  ])
})

/** A record as utmp(5) lays it out on that processor. */
function record(arch: string, kind: number, line: string, user: string, from: string, seconds: number): Buffer {
  const bytes = Buffer.alloc(arch === 'arm64' ? 400 : 384)
  bytes.writeInt16LE(kind, 0)
  bytes.write(line, 8, 'latin1')
  bytes.write(user, 44, 'latin1')
  bytes.write(from, 76, 'latin1')
  if (arch === 'arm64') bytes.writeBigInt64LE(BigInt(seconds), 344)
  else bytes.writeUInt32LE(seconds, 340)
  return bytes
}

test.each(['x64', 'arm64'])('logins of wtmp on %s, newest first; a restart ends them', (arch) => {
  const bytes = Buffer.concat([
    record(arch, 7, 'pts/0', 'dana', '10.0.0.1', 100),
    record(arch, 8, 'pts/0', '', '', 200),
    record(arch, 7, 'tty1', 'kim', '', 300),
    record(arch, 2, '~', 'reboot', '', 400),
    record(arch, 7, 'pts/0', 'kevin', '10.0.0.9', 500),
    Buffer.alloc(17),
  ])
  expect(parseWtmp(bytes, arch)).toEqual([
    { user: 'kevin', from: '10.0.0.9', atMs: 500_000, untilMs: null },
    { user: 'kim', from: 'its screen', atMs: 300_000, untilMs: 400_000 },
    { user: 'dana', from: '10.0.0.1', atMs: 100_000, untilMs: 200_000 },
  ])
})

test('what is no wtmp gives no logins', () => {
  expect(parseWtmp(Buffer.from('x'.repeat(4000)), 'x64').every(({ user }) => user.length <= 100)).toBe(true)
  expect(parseWtmp(Buffer.alloc(0), 'x64')).toEqual([])
})

const local = (text: string) => Date.parse(text)
test('logins as last prints them, on Linux and on macOS', () => {
  const linux = `kevin    pts/1        10.0.0.9         Sat Nov 28 11:20:01 2026   still logged in
dana     pts/0        fe80::1%eth0     Fri Nov 27 09:00:00 2026 - Fri Nov 27 10:30:00 2026  (01:30)
kim      tty1                          Thu Nov 26 09:00:00 2026 - crash                    (2+01:00)
reboot   system boot  6.1.0            Mon Nov 23 08:00:00 2026   still running

wtmp begins Mon Nov  2 08:00:00 2026`
  const nowMs = local('Nov 28 2026 12:00')
  expect(parseLast(linux, nowMs)).toEqual([
    { user: 'kevin', from: '10.0.0.9', atMs: local('Nov 28 2026 11:20:01'), untilMs: null },
    { user: 'dana', from: 'fe80::1%eth0', atMs: local('Nov 27 2026 09:00:00'), untilMs: local('Nov 27 2026 10:30:00') },
    { user: 'kim', from: 'its screen', atMs: local('Nov 26 2026 09:00:00'), untilMs: local('Nov 28 2026 10:00:00') },
  ])
  const mac = `dana      ttys001  192.168.1.20      Sat Nov 28 11:20 - 11:40  (00:20)
dana      console                   Wed Dec 24 08:02   still logged in
reboot    ~                         Mon Nov 23 08:00
shutdown  ~                         Mon Nov 23 07:58

wtmp begins Sat Oct  1 08:00 `
  expect(parseLast(mac, nowMs)).toEqual([
    { user: 'dana', from: '192.168.1.20', atMs: local('Nov 28 2026 11:20'), untilMs: local('Nov 28 2026 11:40') },
    { user: 'dana', from: 'its screen', atMs: local('Dec 24 2025 08:02'), untilMs: null },
  ])
  expect(parseLast('\u001b[31m x y z\n'.repeat(50), nowMs)).toEqual([])
})

test('remote tools by where they stand and by what runs', async () => {
  put('opt/connectwisecontrol-abc123/x', '')
  put('usr/sbin/tailscaled', '')
  put('home/Downloads/anydesk', '')
  put('proc/1/comm', 'systemd\n')
  put('proc/77/comm', 'rustdesk\n')
  expect(await readRemoteTools('linux', path.join(root, 'home'), root)).toMatchObject({
    sawProcesses: true,
    tools: [
      { name: 'RustDesk', kind: 'control', path: '', running: true },
      { name: 'ScreenConnect', path: path.join(root, 'opt/connectwisecontrol-abc123'), running: false },
      { name: 'Tailscale', kind: 'network', running: false },
    ],
  })
})

test('a system that lists no processes says so', async () => {
  put('opt/teamviewer/x', '')
  expect(await readRemoteTools('linux', root, root)).toMatchObject({
    sawProcesses: false,
    tools: [{ name: 'TeamViewer', running: null }],
  })
})

test('Screen Sharing of macOS is on when launchd says that it is not off', async () => {
  const file = 'private/var/db/com.apple.xpc.launchd/disabled.plist'
  put(file, '<key>com.apple.screensharing</key>\n<true/>')
  expect((await readRemoteTools('darwin', root, root)).tools.map(({ name }) => name)).toEqual([])
  put(file, '<key>com.apple.screensharing</key>\n<false/>')
  expect((await readRemoteTools('darwin', root, root)).tools.map(({ name }) => name)).toEqual(['Screen Sharing'])
})
