import { expect, test } from 'vitest'
import { Secret } from '../base/secret.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { createRemoteVault } from './remote-vault.ts'

interface Request {
  kind: 'vault'
  id: number
  do: 'get' | 'set' | 'remove'
  name: string
  secret?: string
}

function lab(available = true) {
  const clock = fakeClock()
  const asked: Request[] = []
  const { vault, answered } = createRemoteVault(
    (message) => asked.push(message as Request),
    { available, why: available ? '' : 'no keychain' },
    clock,
  )
  return { clock, asked, vault, answered }
}

test('each request is a message, each answer finds its own', async () => {
  const { vault, asked, answered } = lab()
  const first = vault.get('a')
  const second = vault.get('b')
  const set = vault.set('c', new Secret('horse'))
  expect(asked.map(({ kind, do: what, name, secret }) => [kind, what, name, secret])).toEqual([
    ['vault', 'get', 'a', undefined],
    ['vault', 'get', 'b', undefined],
    ['vault', 'set', 'c', 'horse'],
  ])
  const [a, b, c] = asked.map(({ id }) => id) as [number, number, number]
  answered({ id: b, ok: true, secret: 'for b' })
  answered({ id: a, ok: true, secret: null })
  answered({ id: 999, ok: true, secret: 'for nobody' })
  answered({ id: c, ok: false, secret: null })
  expect((await second)?.reveal()).toBe('for b')
  expect(await first).toBeNull()
  await expect(set).rejects.toThrow('the keychain refused')
})

test('a keychain that never answers is not waited for for ever', async () => {
  const { vault, clock } = lab()
  const asking = vault.get('a')
  clock.advance(120_000)
  await expect(asking).rejects.toThrow('did not answer')
})

test('without a keychain nothing is asked and nothing is kept', async () => {
  const { vault, asked } = lab(false)
  expect(await vault.get('a')).toBeNull()
  await vault.set('a', new Secret('horse'))
  await vault.remove('a')
  expect(asked).toEqual([])
  expect(vault).toMatchObject({ available: false, why: 'no keychain' })
})
