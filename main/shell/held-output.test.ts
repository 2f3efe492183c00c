import { expect, test } from 'vitest'
import { holdOutput } from './held-output.ts'

/** Whether a promise has settled once everything that was ready has run. */
async function settled(wait: Promise<unknown>): Promise<boolean> {
  let done = false
  void wait.then(() => {
    done = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  return done
}

test('while nobody listens nothing waits, and the oldest goes', async () => {
  const held = holdOutput({ held: 10, ahead: 4 })
  held.push('0123456789')
  held.push('abcdefghij')
  expect(await settled(held.room())).toBe(true)
  const { value } = await held.follow(undefined).next()
  expect(value).toEqual({ text: 'abcdefghij', missing: 0, again: false })
})

test('a listener that does not draw holds the writer up, and each drawn character makes room', async () => {
  const held = holdOutput({ ahead: 4 })
  const output = held.follow(undefined)
  held.push('abcd')
  expect((await output.next()).value).toEqual({ text: 'abcd', missing: 0, again: false })
  const room = held.room()
  expect(await settled(room)).toBe(false)
  held.ack(1)
  expect(await settled(room)).toBe(true)
})

test('a page that claims to have drawn more than it was sent gains nothing', async () => {
  const held = holdOutput({ ahead: 4 })
  const output = held.follow(undefined)
  held.push('ab')
  await output.next()
  held.ack(1_000_000)
  held.push('cdef')
  expect(await settled(held.room())).toBe(false)
})

test('a listener that leaves holds nobody up, and the next one gets what is held', async () => {
  const held = holdOutput({ ahead: 4 })
  const leave = new AbortController()
  const first = held.follow(leave.signal)
  held.push('abcdef')
  await first.next()
  const room = held.room()
  expect(await settled(room)).toBe(false)
  leave.abort()
  await first.next()
  expect(await settled(room)).toBe(true)
  expect((await held.follow(undefined).next()).value).toEqual({ text: 'abcdef', missing: 0, again: true })
})

test('a second listener takes over, and both end with the session', async () => {
  const held = holdOutput()
  const first = held.follow(undefined)
  held.push('a')
  await first.next()
  const waiting = first.next()
  const second = held.follow(undefined)
  expect((await second.next()).value).toEqual({ text: 'a', missing: 0, again: true })
  expect((await waiting).done).toBe(true)
  held.push('z')
  held.end()
  expect((await second.next()).value).toEqual({ text: 'z', missing: 0, again: false })
  expect((await second.next()).done).toBe(true)
})
