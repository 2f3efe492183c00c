import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { StoredBox } from '../inventory/inventory.ts'
import { sshCommand } from './command.ts'

const box = (fields: Partial<StoredBox>) =>
  ({ host: 'till.example', port: 22, user: 'dana', auth: { kind: 'agent' }, ...fields }) as StoredBox

test('port, key and jump hosts as ssh takes them', () => {
  expect(sshCommand(box({}), [])).toBe('ssh dana@till.example')
  expect(sshCommand(box({ port: 2222, auth: { kind: 'key', path: '~/.ssh/id_ed25519' } }), [])).toBe(
    'ssh -p 2222 -i ~/.ssh/id_ed25519 -o IdentitiesOnly=yes dana@till.example',
  )
  expect(sshCommand(box({ auth: { kind: 'key', path: '~/my keys/id' } }), [])).toContain(" -i ~/'my keys/id' ")
  const hops = [box({ host: 'gate.example', user: 'kim' }), box({ host: 'fe80::1', port: 2200 })]
  expect(sshCommand(box({ host: '10.0.0.5' }), hops)).toBe(
    "ssh -J 'kim@gate.example:22,dana@[fe80::1]:2200' dana@10.0.0.5",
  )
})

test.each(['$(id)', "a'b", 'a b', '`id`', 'a;id', 'a\nb', '*', '-oProxyCommand=id', 'ü'])(
  '%s stays one word of a shell',
  (user) => {
    const command = sshCommand(box({ user, auth: { kind: 'key', path: `/keys/${user}` } }), [])
    const words = execFileSync('sh', [
      '-c',
      `for word in ${command.replace(/^ssh /, '')}; do printf '%s\\0' "$word"; done`,
    ])
      .toString()
      .split('\0')
      .slice(0, -1)
    const options = ['-i', `/keys/${user}`, '-o', 'IdentitiesOnly=yes', ...(user.startsWith('-') ? ['--'] : [])]
    expect(words).toEqual([...options, `${user}@till.example`])
  },
)
