import { expect, test } from 'vitest'
import { differingGroups, fingerprintCommands, speakable } from './fingerprint.ts'

test('cuts a fingerprint into groups of four that can be read aloud', () => {
  expect(speakable('SHA256:abcdefghi')).toEqual({ hash: 'SHA256', groups: ['abcd', 'efgh', 'i'] })
})

test('text without a hash name is grouped whole', () => {
  expect(speakable('abcdefgh')).toEqual({ hash: '', groups: ['abcd', 'efgh'] })
  expect(speakable('')).toEqual({ hash: '', groups: [] })
})

test('names the groups in which two fingerprints differ', () => {
  expect([...differingGroups('SHA256:aaaabbbbcc', 'SHA256:aaaaXbbbcc')]).toEqual([1])
  expect([...differingGroups('SHA256:aaaa', 'SHA256:aaaabbbb')]).toEqual([1])
  expect(differingGroups('SHA256:aaaa', 'SHA256:aaaa').size).toBe(0)
})

test.each([
  ['ssh-ed25519', 'ssh_host_ed25519_key.pub'],
  ['ecdsa-sha2-nistp256', 'ssh_host_ecdsa_key.pub'],
  ['rsa-sha2-512', 'ssh_host_rsa_key.pub'],
])('asks for the file of a %s key', (algorithm, file) => {
  expect(fingerprintCommands(algorithm).every(({ command }) => command.endsWith(file))).toBe(true)
})
