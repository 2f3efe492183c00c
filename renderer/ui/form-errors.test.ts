import { expect, test } from 'vitest'
import { errorAt, errorCountWords, errorPaths, nestErrors, resolverOf } from './form-errors.ts'

test('paths become a tree and come back in order', () => {
  const tree = nestErrors({ name: 'A name.', 'contacts.1.name': 'Another.', 'hours.0': 'A time.' })
  expect(errorPaths(tree)).toEqual(['name', 'contacts.1.name', 'hours.0'])
  expect(errorAt(tree, 'contacts.1.name')).toBe('Another.')
  expect(errorAt(tree, 'contacts.0.name')).toBeUndefined()
  expect(errorAt(tree, 'name.first')).toBeUndefined()
})

test('a form without errors passes its values on', async () => {
  const resolve = resolverOf<{ name: string }>(({ name }) => ({
    errors: name ? ({} as Record<string, string>) : { name: 'A name.' },
  }))
  expect(await resolve({ name: 'a' }, undefined, {} as never)).toEqual({ values: { name: 'a' }, errors: {} })
  expect(await resolve({ name: '' }, undefined, {} as never)).toMatchObject({
    errors: { name: { message: 'A name.' } },
  })
})

test('the header counts in words', () => {
  expect([0, 1, 3].map(errorCountWords)).toEqual(['', '1 field needs another look', '3 fields need another look'])
})
