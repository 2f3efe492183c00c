import { expect, test } from 'vitest'
import { readKnownHosts } from './known-hosts.ts'

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMmWMnX2rDH3sDWn5X2bQAxC9mhaM1bNxlBPpl1p2YFi'
const fits = (hosts: string, host: string, port = 22) =>
  readKnownHosts(`${hosts} ${key}`).some((entry) => entry.isFor(host, port))

test.each([
  ['mac.example', 'mac.example', 22, true],
  ['mac.example', 'MAC.example', 22, true],
  ['mac.example', 'mac.example', 2222, false],
  ['[mac.example]:2222', 'mac.example', 2222, true],
  ['[mac.example]:2222', 'mac.example', 22, false],
  ['other,mac.example,10.0.0.5', '10.0.0.5', 22, true],
  ['*.example', 'mac.example', 22, true],
  ['m?c.example', 'mac.example', 22, true],
  ['*.example,!mac.example', 'mac.example', 22, false],
  ['!mac.example', 'pc.example', 22, false],
  ['a*a*a*a*b', 'aaaaaaaaaaaaaaaaaaaaaaaac', 22, false],
  ['*', 'anything', 22, true],
  ['m[ac]c', 'mac', 22, false],
])('%s, asked for %s port %i: %s', (hosts, host, port, expected) => {
  expect(fits(hosts, host, port)).toBe(expected)
})

test('lines that cannot be used are passed over, and lines are counted as an editor does', () => {
  const text = [
    '',
    '# note',
    `@cert-authority *.example ${key}`,
    `mac.example ${key} a comment`,
    'mac.example ssh-ed25519 AAAA',
    `mac.example ssh-rsa ${key.split(' ')[1]}`,
    `|2|a|b ${key}`,
  ].join('\r\n')
  expect(
    readKnownHosts(text)
      .filter((entry) => entry.isFor('mac.example', 22))
      .map((entry) => entry.line),
  ).toEqual([4])
})
