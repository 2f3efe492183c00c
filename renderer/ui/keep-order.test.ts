import { expect, it } from 'vitest'
import { keepOrder } from './keep-order.ts'

it('keeps the places of rows while values change, and new ones come last', () => {
  expect(keepOrder(['a', 'b', 'c'], ['c', 'n', 'a'])).toEqual(['a', 'c', 'n'])
  expect(keepOrder([], ['b', 'a'])).toEqual(['b', 'a'])
})
