import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../../../base/ids.ts'
import { moveOver, sha256Of } from '../../../runtimes/runtimes.ts'
import { tempDir } from '../../../testing/temp-store.ts'
import { arm } from './arm.ts'
import type { CarriedFile } from './files.ts'
import {
  commitChange,
  decide,
  endPutBack,
  forgetChange,
  leftOf,
  observeChanges,
  putBack,
  rewritePlan,
  stateOf,
} from './marker.ts'
import { recover } from './recover.ts'
import { stageDrill } from './stage.ts'
import { isSameBoot, secondsLeft } from './time.ts'

beforeAll(() => {
  process.env.HOME = tempDir()
})

/** A change of a file of its own, put in place, without a timer. */
function active() {
  const staged = stageDrill(newId(), 60)
  decide(staged.folder, 'staged', 'armed')
  moveOver(staged.plan.after, staged.plan.target)
  return staged
}
function takeBack(folder: string) {
  const back = putBack(folder)
  if (back !== null) endPutBack(folder, back)
  return back
}
const told = (folder: string) => observeChanges().find(({ id }) => id === path.basename(folder))
/** As ten minutes later. */
async function recoverLater(folder: string) {
  utimesSync(folder, 0, 0)
  await recover(
    async () => {},
    async () => {},
  )
}
const text = (file: string) => readFileSync(file, 'utf8')

test('of a commit and the timer that race, one decides, and the file says which', async () => {
  const program = text(path.resolve('out/box/revert.js'))
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, async (_, at) => {
      const { folder, plan } = stageDrill(newId(), 3)
      moveOver(plan.after, plan.target)
      await arm(folder, plan, program)
      await new Promise((resolve) => setTimeout(resolve, at * 500))
      const committed = commitChange(folder)
      await vi.waitFor(() => expect(['committed', 'reverted']).toContain(stateOf(folder)), { timeout: 20_000 })
      expect(stateOf(folder)).toBe(committed ? 'committed' : 'reverted')
      expect(text(plan.target)).toBe(committed ? 'changed\n' : 'as it was\n')
      return committed
    }),
  )
  expect(new Set(outcomes).size).toBe(2)
})

test('going back may be killed after each part of it and done again', () => {
  const { folder, plan } = active()
  decide(folder, 'armed', 'reverting')
  expect(commitChange(folder)).toBe(false)
  expect(putBack(folder)?.went).toBe('back')
  expect(putBack(folder)?.went).toBe('back')
  expect(text(plan.target)).toBe('as it was\n')
  takeBack(folder)
  expect([stateOf(folder), putBack(folder), existsSync(plan.before)]).toEqual(['reverted', null, false])
})

test('what somebody else wrote is left alone, and told until the old file was looked at', () => {
  const { folder, plan } = active()
  writeFileSync(plan.target, 'by hand\n')
  expect(takeBack(folder)).toMatchObject({ went: 'left-alone', config: 'left-alone' })
  expect(told(folder)).toMatchObject({ state: 'reverted', wentBack: 'left-alone' })
  expect([text(plan.target), text(plan.before)]).toEqual(['by hand\n', 'as it was\n'])
  forgetChange(folder)
  expect(told(folder)).toBeUndefined()
})

/** An active change that carries a file which was there, and one which was not. */
function carrying() {
  const { folder, plan } = active()
  const root = tempDir()
  const carried = (name: string, old: string | null): CarriedFile => {
    const before = path.join(root, `${name}-before`)
    if (old !== null) writeFileSync(before, old)
    writeFileSync(path.join(root, name), 'changed')
    return {
      root,
      target: path.join(root, name),
      before: old === null ? null : before,
      after: path.join(root, `${name}-after`),
      hashBefore: old === null ? '' : sha256Of(Buffer.from(old)),
      hashAfter: sha256Of(Buffer.from('changed')),
    }
  }
  const [soul, skill] = [carried('SOUL.md', 'as it was'), carried('SKILL.md', null)]
  rewritePlan(folder, { ...plan, files: [soul, skill] })
  return { folder, plan, soul, skill }
}

test('where the config went back and a file did not, its old one lies beside it until somebody looked', async () => {
  const { folder, plan, soul, skill } = carrying()
  writeFileSync(soul.target, 'by hand')
  expect(takeBack(folder)).toEqual({ went: 'left-alone', config: 'back', files: ['left-alone', 'back'], install: null })
  expect([text(plan.target), text(soul.target), existsSync(skill.target)]).toEqual(['as it was\n', 'by hand', false])
  await recoverLater(folder)
  expect(told(folder)).toMatchObject({ state: 'reverted', wentBack: 'left-alone' })
  expect(text(soul.before ?? '')).toBe('as it was')
  rmSync(soul.before ?? '')
  expect(told(folder)).toBeUndefined()
  await recoverLater(folder)
  expect(existsSync(folder)).toBe(false)
})

test('a new file that somebody wrote over is told as long as it stands there; a file that went back keeps no copy', () => {
  const { folder, soul, skill } = carrying()
  writeFileSync(skill.target, 'by hand')
  expect(takeBack(folder)?.files).toEqual(['back', 'left-alone'])
  expect([text(soul.target), existsSync(soul.before ?? '')]).toEqual(['as it was', false])
  expect(told(folder)).toMatchObject({ wentBack: 'left-alone' })
  rmSync(skill.target)
  expect(told(folder)).toBeUndefined()
})

test('an armed change is not forgotten, and one that was never put in place goes nowhere', () => {
  const { folder, plan } = stageDrill(newId(), 60)
  decide(folder, 'staged', 'armed')
  writeFileSync(plan.target, 'by hand\n')
  forgetChange(folder)
  expect(stateOf(folder)).toBe('armed')
  expect(putBack(folder)?.went).toBe('never-left')
  expect(text(plan.target)).toBe('by hand\n')
})

test('its time follows neither a clock that is set nor a sleep, and ends with a restart', () => {
  const from = { monotonicS: 100, uptimeS: 1000 }
  expect(secondsLeft(60, from, { monotonicS: 110, uptimeS: 1010 })).toBe(50)
  expect(secondsLeft(60, from, { monotonicS: 110, uptimeS: 1400 })).toBe(-340)
  const { plan } = stageDrill(newId(), 60)
  const armed = { ...plan, bootId: 'one', armedUptimeS: 1000 }
  expect(leftOf(armed, 'one', { uptimeS: 1010 })).toBe(50)
  expect(leftOf(armed, 'two', { uptimeS: 10 })).toBe(0)
})

test.each([
  ['the same name', 'a-b', 'a-b', true],
  ['another name', 'a-b', 'a-c', false],
  ['a start that reads a second later', 'started at 1000019', 'started at 1000020', true],
  ['a clock that was set by less than two minutes', 'started at 1000000', 'started at 1000119', true],
  ['a start two minutes later', 'started at 1000000', 'started at 1000120', false],
  ['a name and a start', 'a-b', 'started at 1000000', false],
])('%s', (_, one, other, isSame) => expect(isSameBoot(one, other)).toBe(isSame))

test('a box that started again within two minutes of its last start is told by its uptime', () => {
  const armed = { ...stageDrill(newId(), 60).plan, bootId: 'started at 1000000', armedUptimeS: 60 }
  expect(leftOf(armed, 'started at 1000090', { uptimeS: 70 })).toBe(50)
  expect(leftOf(armed, 'started at 1000090', { uptimeS: 5 })).toBe(0)
})
