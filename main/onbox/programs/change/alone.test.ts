import { existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { tempDir } from '../../../testing/temp-store.ts'
import { alone } from './alone.ts'
import { bootId } from './time.ts'

const mostMs = 60_000
/** A sign that another process of this boot made, which still runs. */
function signed(by: string = `${process.ppid} ${bootId()}`) {
  const folder = tempDir()
  const sign = path.join(folder, 'going-back')
  writeFileSync(sign, by)
  return { folder, sign }
}

test('who comes later waits until the first has ended', async () => {
  const { folder, sign } = signed()
  let isDone = false
  const done = alone(folder, mostMs, async () => {
    isDone = true
    return existsSync(sign)
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(isDone).toBe(false)
  rmSync(sign)
  expect([await done, existsSync(sign)]).toEqual([true, false])
})

test.each([
  ['that died', () => signed(`999999999 ${bootId()}`)],
  ['of another start of the machine', () => signed(`${process.ppid} another start`)],
  [
    'whose number is somebody else’s by now',
    () => {
      const made = signed()
      utimesSync(made.sign, 0, 0)
      return made
    },
  ],
])('nobody waits for one %s', async (_, make) => {
  const { folder, sign } = make()
  expect(await alone(folder, mostMs, async () => 'done')).toBe('done')
  expect(existsSync(sign)).toBe(false)
})
