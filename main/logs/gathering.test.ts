import { expect, test } from 'vitest'
import { fakeClock } from '../testing/fake-clock.ts'
import { createGathering, type Outcome } from './gathering.ts'

function gathering(pass: (items: readonly string[]) => readonly Outcome<string>[] | Error) {
  const clock = fakeClock()
  const passed: (readonly string[])[] = []
  const { add, end } = createGathering<string, string>({
    clock,
    momentMs: 100,
    most: 10,
    size: ({ length }) => length,
    pass: async (items) => {
      passed.push(items)
      const outcomes = pass(items)
      if (outcomes instanceof Error) throw outcomes
      return outcomes
    },
  })
  return { clock, passed, add, end }
}
const loud = (items: readonly string[]) => items.map((item) => ({ done: item.toUpperCase() }))

test('what comes within a moment goes on together, what is much goes on at once', async () => {
  const { clock, passed, add, end } = gathering(loud)
  const first = [add('a'), add('b')]
  clock.advance(99)
  expect(passed).toEqual([])
  clock.advance(1)
  expect(passed).toEqual([['a', 'b']])
  expect(await Promise.all(first)).toEqual(['A', 'B'])
  const second = [add('c'), add('x'.repeat(9))]
  expect(passed.at(-1)).toEqual(['c', 'x'.repeat(9)])
  await Promise.all(second)
  const third = add('d')
  await end()
  expect(await third).toBe('D')
  clock.advance(1000)
  expect(passed).toHaveLength(3)
})

test('each has its own outcome, unless all failed', async () => {
  const odd = new Error('odd')
  const { clock, add } = gathering((items) =>
    items.includes('all') ? new Error('all') : items.map((item) => (item === 'odd' ? { failed: odd } : { done: item })),
  )
  const outcomes = Promise.allSettled([add('a'), add('odd')])
  clock.advance(100)
  expect(await outcomes).toMatchObject([{ value: 'a' }, { reason: odd }])
  const both = Promise.allSettled([add('a'), add('all')])
  clock.advance(100)
  expect(await both).toMatchObject([{ reason: { message: 'all' } }, { reason: { message: 'all' } }])
})
