import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tempDir } from '../../testing/temp-store.ts'
import { readSshConfig } from './ssh-config-import.ts'

let homeDir = ''
beforeEach(() => {
  homeDir = tempDir()
  mkdirSync(path.join(homeDir, '.ssh', 'conf.d'), { recursive: true })
})
afterEach(() => rmSync(homeDir, { recursive: true, force: true }))

const read = (text: string) =>
  readSshConfig({ text, file: 'config', homeDir, baseDir: path.join(homeDir, '.ssh') }, 'kit')
const put = (name: string, text: string) => writeFileSync(path.join(homeDir, '.ssh', name), text)
const byName = (text: string, name: string) => read(text).rows.find((row) => row.name === name)

test('each name on a Host line becomes a machine; wildcards fill in what they leave open', () => {
  const { rows, unsupported } = read(`
# my machines
Host peak elm
  User dana
Host peak
  HostName 10.0.0.5
  Port=2222
  User kevin
Host elm
    HostName "elm.example.com"
Host *
  IdentityFile ~/.ssh/id_all
  ServerAliveInterval 30
  User nobody
`)
  const key = { kind: 'key', path: `${homeDir}/.ssh/id_all` }
  expect(rows).toMatchObject([
    {
      line: 3,
      name: 'peak',
      problems: [],
      box: { name: 'peak', host: '10.0.0.5', port: 2222, user: 'dana', auth: key, keepAliveS: 30 },
    },
    { line: 3, name: 'elm', problems: [], box: { host: 'elm.example.com', port: 22, user: 'dana', auth: key } },
  ])
  expect(unsupported).toEqual([])
})

test('Windows line ends, tabs, a byte order mark and upper case are read', () => {
  expect(byName('\ufeffHOST\tpeak\r\n\thostname\t10.0.0.5\r\n\tPORT = 2200\r\n', 'peak')?.box).toMatchObject({
    host: '10.0.0.5',
    port: 2200,
  })
})

test('a negated pattern keeps its block away', () => {
  const config = 'Host * !elm\n  User dana\nHost peak elm\n  HostName 10.0.0.5\n'
  expect([byName(config, 'peak')?.box?.user, byName(config, 'elm')?.box?.user]).toEqual(['dana', 'kit'])
})

test('Include reads files beside the config in order, relative and with globs, and counts only where it stands', () => {
  put('conf.d/10-a.conf', 'Host peak\n  HostName 10.0.0.5\n')
  put('conf.d/20-b.conf', 'Host peak\n  HostName 10.9.9.9\nHost elm\n  HostName 10.0.0.6\n')
  put('only-peak', 'User dana\n')
  const { rows, unsupported } = read(
    'Include conf.d/*.conf\nHost peak\n  Include ~/.ssh/only-peak\nInclude nowhere/*\n',
  )
  expect(rows.map((row) => [row.name, row.box?.host, row.box?.user])).toEqual([
    ['peak', '10.0.0.5', 'dana'],
    ['elm', '10.0.0.6', 'kit'],
  ])
  expect(unsupported).toEqual([{ line: 4, file: 'config', text: 'Include nowhere/*', reason: 'No such file.' }])
})

test('files that include each other end', () => {
  put('a', 'Include b\nHost peak\n  HostName 10.0.0.5\n')
  put('b', 'Include a\n')
  const { rows, unsupported } = read('Include a\n')
  expect(rows.map((row) => row.name)).toEqual(['peak'])
  expect(unsupported.some((one) => one.reason.includes('16 deep'))).toBe(true)
})

test('a folder, a token or a variable is not included, and said', () => {
  const { unsupported } = read(`Include conf.d\nInclude %d/x\nInclude \${HOME}/x\n`)
  expect(unsupported.map((one) => [one.line, one.reason])).toEqual([
    [1, expect.stringContaining('no plain file')],
    [2, 'Variables and % tokens are not expanded.'],
    [3, 'Variables and % tokens are not expanded.'],
  ])
})

test('Match all, host, originalhost, user and their negations are decided', () => {
  const config = `
Host peak elm
  HostName %
Match originalhost peak
  User dana
Match user dana !originalhost elm
  Port 2201
Match host 10.0.0.*
  Port 2299
Match all
  IdentityFile /keys/all
`.replace('HostName %', 'Compression no')
  expect(byName(config, 'peak')?.box).toMatchObject({ user: 'dana', port: 2201, auth: { path: '/keys/all' } })
  expect(byName(config, 'elm')?.box).toMatchObject({ user: 'kit', port: 22, auth: { path: '/keys/all' } })
})

test('Match host is asked about the host name that is known by then', () => {
  const config = 'Host peak\n  HostName 10.0.0.5\nMatch host 10.0.0.*\n  Port 2201\n'
  expect(byName(config, 'peak')?.box?.port).toBe(2201)
})

test('Match exec is never run; its block is left out and named', () => {
  const proof = path.join(homeDir, 'it-ran')
  const { rows, unsupported } = read(
    `Host peak\n  HostName 10.0.0.5\nMatch host 10.0.0.5 exec "touch ${proof}"\n  User evil\nMatch canonical\n  User evil\n`,
  )
  expect(rows[0]?.box?.user).toBe('kit')
  expect(existsSync(proof)).toBe(false)
  expect(unsupported).toMatchObject([
    { line: 3, text: expect.stringContaining('exec'), reason: expect.stringContaining('never run') },
    { line: 5, text: 'Match canonical' },
  ])
})

test('unused directives are listed with file, line and reason', () => {
  put('more', '\nForwardAgent yes\n')
  const { unsupported } = read(
    'Include more\nHost peak\n  LocalForward 8080 localhost:80\n  CanonicalizeHostname yes\n  ForwardX11 no\n  FancyOption 1\n  Port "22\n',
  )
  expect(unsupported.map(({ file, line, text }) => [path.basename(file), line, text])).toEqual([
    ['more', 2, 'forwardagent yes'],
    ['config', 3, 'localforward 8080 localhost:80'],
    ['config', 4, 'canonicalizehostname yes'],
    ['config', 6, 'fancyoption 1'],
    ['config', 7, 'Port "22'],
  ])
  expect(unsupported.every((one) => one.reason.length > 10)).toBe(true)
})

test('a machine behind a ProxyCommand, or with tokens in its name, is not offered, and the line is named', () => {
  const { rows, unsupported } = read(
    'Host peak\n  ProxyCommand nc %h %p\nHost elm\n  HostName %h.example.com\nHost oak\n  ProxyCommand none\n',
  )
  expect(rows.map((row) => [row.name, row.box === null, row.problems.join(' ')])).toEqual([
    ['peak', true, expect.stringMatching(/ProxyCommand \(line 2\)/)],
    ['elm', true, expect.stringMatching(/%h\.example\.com \(line 4\)/)],
    ['oak', false, ''],
  ])
  expect(unsupported).toMatchObject([{ line: 2, reason: expect.stringContaining('never run') }])
})

test('jump hosts: chains, unnamed ones, none, and a ring', () => {
  const { rows } = read(`
Host outer
  HostName 192.0.2.1
Host inner
  HostName 192.0.2.2
  ProxyJump outer
Host deep
  HostName 10.0.0.5
  ProxyJump inner
Host two
  ProxyJump outer,ops@198.51.100.7:2222
Host direct
  ProxyJump none
Host ring-a
  ProxyJump ring-b
Host ring-b
  ProxyJump ring-a
`)
  const hops = Object.fromEntries(rows.map((row) => [row.name, row.hopNames]))
  expect(hops).toMatchObject({
    outer: [],
    inner: ['outer'],
    deep: ['outer', 'inner'],
    two: ['outer', 'ops@198.51.100.7:2222'],
    direct: [],
  })
  const row = (name: string) => rows.find((one) => one.name === name)
  expect(row('ops@198.51.100.7:2222')).toMatchObject({
    line: 11,
    box: { host: '198.51.100.7', port: 2222, user: 'ops', jumpOnly: true },
  })
  expect([row('outer')?.box?.jumpOnly, row('inner')?.box?.jumpOnly, row('deep')?.box?.jumpOnly]).toEqual([
    true,
    true,
    false,
  ])
  expect(row('ring-a')).toMatchObject({ box: null, problems: [expect.stringContaining('lead back')] })
})

test('several keys: the first is used, the others are named', () => {
  const { rows, unsupported } = read(
    'Host peak\n  IdentityFile ~/.ssh/a\n  IdentityFile ~/.ssh/b\n  IdentityFile ~/%u\n',
  )
  expect(rows[0]?.box?.auth).toEqual({ kind: 'key', path: `${homeDir}/.ssh/a` })
  expect(unsupported.map((one) => [one.line, one.text])).toEqual([
    [3, 'IdentityFile ~/.ssh/b'],
    [4, 'IdentityFile ~/%u'],
  ])
})

test('hostile names and values do not become machines', () => {
  const { rows } = read(
    'Host =cmd|calc\n  HostName 10.0.0.5\nHost x\u202ey\n  HostName -oProxyCommand=evil\nHost z\n  Port 0\n',
  )
  expect(rows.map((row) => [row.name, row.box !== null])).toEqual([
    ['cmd|calc', true],
    ['x⟨202E⟩y', false],
    ['z', false],
  ])
})

test('lines that cannot be understood cost only themselves', () => {
  const { rows, unsupported } = read(
    'Host peak\n  HostName 10.0.0.5\n  IdentityFile "unclosed\nHost\nHost elm\n  HostName 10.0.0.6\n\u0000\u0001 binary\n',
  )
  expect(rows.map((row) => row.name)).toEqual(['peak', 'elm'])
  expect(unsupported.map((one) => one.line)).toEqual([3, 4, 7])
})
