import { expect, test } from 'vitest'
import { byName } from './session.ts'

test('a name is found however its letters are written', () => {
  const all = [{ name: 'Peak' }, { name: 'Caf\u00e9' }]
  for (const name of ['Cafe\u0301', 'CAF\u00c9', 'caf\u00e9']) expect(byName(all, name, 'client')).toBe(all[1])
  expect(() => byName(all, 'Cafe', 'client')).toThrow('not-found')
})
