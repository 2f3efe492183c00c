import { expect, test } from 'vitest'
import { isBranch, readAddress } from './address.ts'

test.each([
  ['https://github.com/kit/skills.git', 'github.com/kit/skills', 'https://github.com/kit/skills.git'],
  ['https://GitHub.com/kit/skills/', 'github.com/kit/skills', 'https://GitHub.com/kit/skills/'],
  ['https://kit:ghp_secret@github.com/kit/skills', 'github.com/kit/skills', 'https://github.com/kit/skills'],
  ['git@github.com:kit/skills.git', 'github.com/kit/skills', 'git@github.com:kit/skills.git'],
  ['ssh://git@github.com:22/kit/skills.git', 'github.com/kit/skills', 'ssh://git@github.com:22/kit/skills.git'],
  ['ssh://git@git.example.org:2222/~kit/x', 'git.example.org:2222/~kit/x', 'ssh://git@git.example.org:2222/~kit/x'],
  ['ssh://git@[fd7a::1]/srv/x.git', '[fd7a::1]/srv/x', 'ssh://git@[fd7a::1]/srv/x.git'],
])('%s is an address', (text, key, url) => {
  expect(readAddress(text)).toEqual({ address: { key, url } })
})

test.each([
  '',
  '--upload-pack=touch /tmp/x',
  'ext::sh -c touch% /tmp/x',
  'git://github.com/kit/skills',
  'http://github.com/kit/skills',
  'file:///etc/passwd',
  '/srv/git/skills.git',
  'ssh://-oProxyCommand=touch/x',
  '-oProxyCommand=touch:x',
  'git@-oProxyCommand=x:y',
  'ssh://-l@host/x',
  'git@host:-x',
  'https://host/$(touch x)',
  'https://host/a\nb',
  'https://host/a\u202eb',
  'https://host',
  'https://localhost/x',
  'https://127.0.0.1/x',
  'ssh://git@[::1]/x',
  'https://169.254.169.254/latest',
  'fd::17/foo',
  `https://host/${'a'.repeat(2000)}`,
])('%j of a machine is asked by nobody, and the reason is a sentence', (text) => {
  expect(readAddress(text)).toEqual({ problem: expect.stringMatching(/\.$/) })
})

test('on this very computer a folder and a loopback host are places', () => {
  expect(readAddress('/srv/git/skills.git', true)).toEqual({
    address: { key: 'this computer:/srv/git/skills', url: '/srv/git/skills.git' },
  })
  expect(readAddress('file:///srv/git/skills', true)).toMatchObject({
    address: { key: 'this computer:/srv/git/skills' },
  })
  expect(readAddress('ssh://kit@127.0.0.1:2222/srv/x.git', true)).toMatchObject({
    address: { key: '127.0.0.1:2222/srv/x' },
  })
  expect(readAddress('ext::sh -c x', true)).toHaveProperty('problem')
})

test.each([
  ['main', true],
  ['release/2026.9', true],
  ['-x', false],
  ['a..b', false],
  ['a b', false],
  ['*', false],
  ['a@{1}', false],
  ['x.lock', false],
  ['', false],
])('a branch %j: %s', (name, good) => {
  expect(isBranch(name)).toBe(good)
})
