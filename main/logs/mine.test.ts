import { expect, test } from 'vitest'
import { maskVariables } from './mask.ts'
import { createMiner, otherLines, type Template } from './mine.ts'

test.each([
  ['took 41ms for 12 messages', 'took <n>ms for <n> messages'],
  ['run 3f2b8c1e-9a11-4c22-8d3e-1b2c3d4e5f60 ended', 'run <id> ended'],
  ['commit e2785589a is newer', 'commit <id> is newer'],
  ['defaced the facade', 'defaced the facade'],
  ['at 2026-11-20T09:16:59.509+00:00 the disk was 93% full', 'at <time> the disk was <n>% full'],
  ['GET https://api.example.com/v1?a=1 answered 401', 'GET <url> answered <n>'],
  ['listening on 127.0.0.1:18789', 'listening on <address>'],
  ['cannot read /home/dana/.openclaw/openclaw.json', 'cannot read <path>'],
  ['message of ⟨phone 3f9a…123⟩ dropped', 'message of <*> dropped'],
  ['v2026.9.6 is ready', 'v2026.9.6 is ready'],
  ['freed 1.5GB and 20KiB', 'freed <n>GB and <n>KiB'],
])('%s is masked', (line, masked) => expect(maskVariables(line)).toBe(masked))

/** Kinds are named by number here. */
const minerOf = (options: { known?: readonly Template[]; most?: number } = {}) => {
  let last = options.known?.length ?? 0
  return createMiner({
    newId: () => {
      last += 1
      return String(last)
    },
    ...options,
  })
}

test('lines that differ in names become one kind, others stay apart', () => {
  const miner = minerOf()
  const first = miner.learn('channel telegram connected as dana')
  expect(first).toMatchObject({ isNew: true, template: { text: 'channel telegram connected as dana' } })
  const second = miner.learn('channel telegram connected as lena')
  expect(second).toEqual({
    isNew: false,
    changed: true,
    template: { id: first.template.id, text: 'channel telegram connected as <*>' },
  })
  expect(miner.learn('channel telegram connected as kim')).toMatchObject({ isNew: false, changed: false })
  expect(miner.learn('model refused the key with status 401').isNew).toBe(true)
  expect(miner.learn('config reload skipped: invalid config').isNew).toBe(true)
  expect(miner.size).toBe(3)
})

test('lines that only have variables in common are not one kind', () => {
  const miner = minerOf()
  miner.learn('12 34 alpha beta')
  expect(miner.learn('56 78 gamma delta').isNew).toBe(true)
})

test('what was learnt before is known again, under the same number', () => {
  const before = minerOf()
  const { template } = before.learn('gateway ready in 400ms')
  const after = minerOf({ known: [template] })
  expect(after.learn('gateway ready in 912ms')).toEqual({ template, isNew: false, changed: false })
  expect(after.learn('channel imessage suppressed').template.id).not.toBe(template.id)
})

test('a machine that writes a new kind each line costs a bounded number of kinds', () => {
  const miner = minerOf({ most: 50 })
  const word = (number: number) => [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
  const told = new Set<string>()
  for (let line = 0; line < 5000; line++) {
    const { template } = miner.learn(`${word(line)} ${word(line * 7)} ${word(line * 13)} ${word(line * 31)}`)
    told.add(template.id)
  }
  expect(miner.size).toBe(50)
  expect(told.size).toBe(51)
  expect(miner.learn('qq rr ss tt').template.text).toBe(otherLines)
})

test('a line of a megabyte and one of nothing are kinds too', () => {
  const miner = minerOf()
  expect(miner.learn('').template.text).toBe('(empty)')
  expect(miner.learn('word '.repeat(200_000)).template.text.split(' ')).toHaveLength(60)
  expect(miner.learn(`${'/'.repeat(500_000)}`).isNew).toBe(true)
})

test('the same lines in the same order give the same kinds', () => {
  const lines = Array.from(
    { length: 400 },
    (_, number) => `job ${number % 7} of queue q${number % 3} ended ${'okay'.slice(number % 4)}`,
  )
  const mine = () => {
    const miner = minerOf()
    return lines.map((line) => miner.learn(line).template.text)
  }
  expect(mine()).toEqual(mine())
})
