import { expect, test } from 'vitest'
import { fakeClock } from '../testing/fake-clock.ts'
import { createRemoteConfirm } from './remote-confirm.ts'

const question = { title: 'Run this on 2 machines?', detail: 'uptime', button: 'Run it' }

function lab() {
  const clock = fakeClock()
  const asked: { kind: string; id: number; title: string }[] = []
  const remote = createRemoteConfirm((message) => asked.push(message as (typeof asked)[number]), clock)
  return { clock, asked, ...remote }
}

test('the answer to its own number decides; any other number decides nothing', async () => {
  const { confirm, answered, asked } = lab()
  const first = confirm(question)
  expect(asked).toMatchObject([{ kind: 'confirm', id: 1, title: 'Run this on 2 machines?' }])
  answered({ id: 7, yes: true })
  answered({ id: 1, yes: true })
  expect(await first).toBe(true)
  const second = confirm(question)
  answered({ id: 1, yes: true })
  answered({ id: 2, yes: false })
  expect(await second).toBe(false)
})

test('while one question is open every other is a no, and is not shown', async () => {
  const { confirm, answered, asked } = lab()
  const first = confirm(question)
  expect(await confirm(question)).toBe(false)
  answered({ id: 1, yes: true })
  expect(await first).toBe(true)
  expect(asked).toHaveLength(1)
})

test('nobody there for ten minutes is a no', async () => {
  const { confirm, clock } = lab()
  const asking = confirm(question)
  clock.advance(600_000)
  expect(await asking).toBe(false)
})
