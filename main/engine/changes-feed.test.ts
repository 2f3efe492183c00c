import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createChanges } from '../base/changes.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { changesFeed } from './changes-feed.ts'

test('what changes within 50 ms is told once, what comes later in the next', async () => {
  const changes = createChanges()
  const clock = fakeClock()
  const stop = new AbortController()
  const feed = changesFeed(changes, clock, stop.signal)
  const first = feed.next()
  for (let n = 0; n < 100; n++) changes.publish('facts', 'review')
  await nextTurn()
  changes.publish('sweep')
  clock.advance(50)
  expect(await first).toEqual({ done: false, value: { topics: ['facts', 'review', 'sweep'] } })
  changes.publish('ledger')
  const second = feed.next()
  await nextTurn()
  clock.advance(50)
  expect(await second).toEqual({ done: false, value: { topics: ['ledger'] } })
})

test('it ends with its signal and listens no more', async () => {
  const heard: unknown[] = []
  const bus = createChanges()
  const changes = {
    ...bus,
    subscribe: (listener: Parameters<typeof bus.subscribe>[0]) => {
      const end = bus.subscribe(listener)
      return () => {
        heard.push('ended')
        end()
      }
    },
  }
  const stop = new AbortController()
  const feed = changesFeed(changes, fakeClock(), stop.signal)
  const waiting = feed.next()
  await nextTurn()
  stop.abort()
  expect(await waiting).toEqual({ done: true, value: undefined })
  expect(heard).toEqual(['ended'])
})
