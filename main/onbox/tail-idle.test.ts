import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'

/** Runs the program as a box does, on a clock that moves only by a message. */
const onAClockToTurn = `
let now = 0
const due = new Map()
globalThis.setTimeout = (act, ms = 0, ...args) => {
  const timer = { unref: () => timer, ref: () => timer }
  due.set(timer, { at: now + ms, act: () => act(...args) })
  return timer
}
globalThis.clearTimeout = (timer) => { due.delete(timer) }
process.on('message', (ms) => {
  now += ms
  for (const [timer, { at, act }] of due) if (at <= now) { due.delete(timer); act() }
  process.send('turned')
})
const program = require('fs').readFileSync(process.env.PROGRAM, 'utf8').replaceAll('@@WHEELHOUSE-NONCE@@', 'nonce')
new Function('require', 'rest', program)(require, '')
`

test('a tail that was not asked for a minute ends by itself, and not a moment before', async () => {
  const child = spawn(process.execPath, ['-e', onAClockToTurn], {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, PROGRAM: path.resolve('out/box/tail.js') },
  })
  const { stdin, stdout } = child
  if (!stdin || !stdout) throw new Error('it has no pipes')
  const answers = createInterface(stdout)[Symbol.asyncIterator]()
  const answer = async () => (await answers.next()).value as string
  const turn = async (ms: number) => {
    child.send(ms)
    await once(child, 'message')
  }
  const ended = once(child, 'exit')
  expect(await answer()).toContain('"ready":true')
  await turn(59_999)
  // Any question begins the minute anew.
  stdin.write('{"id":1,"op":"nothing like it"}\n')
  expect(await answer()).toContain('"id":1')
  await turn(59_999)
  stdin.write('{"id":2,"op":"nothing like it"}\n')
  expect(await answer()).toContain('"id":2')
  child.send(60_000)
  expect((await ended)[0]).toBe(0)
})
