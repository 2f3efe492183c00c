import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'

const root = path.resolve(import.meta.dirname, '..')
let folder: string

test.beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-start-'))
})
test.afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }))

/** Starts as `npm start` does without Electron and without a display. */
function start(...args: string[]) {
  const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...env } = process.env
  const child = spawn(
    process.execPath,
    [path.join(root, 'scripts/standin/start.ts'), '--data', path.join(folder, 'data'), ...args],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      // Every temporary file of the run lands here, so that what it leaves behind can be seen.
      env: { ...env, WHEELHOUSE_HEADLESS: '1', WHEELHOUSE_SCREENSHOTS: folder, TMPDIR: folder },
    },
  )
  let output = ''
  const waiting = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
    for (const check of waiting) check()
  })
  return {
    child,
    output: () => output,
    ended: new Promise<number | null>((resolve) => void child.once('exit', resolve)),
    says: (text: string) =>
      new Promise<void>((resolve) => {
        const check = (): void => {
          if (output.includes(text)) resolve()
        }
        waiting.add(check)
        check()
      }),
  }
}

const widthAndHeight = (png: Buffer): number[] => [png.readUInt32BE(16), png.readUInt32BE(20)]

test('without a display it says what it is, draws the demo, prints where the picture is, and ends', async () => {
  const run = start('--demo', '--once')
  expect(await run.ended).toBe(0)
  expect(run.output()).toContain('This is the stand-in')
  const file = /Screenshot of the window: (\S+)/.exec(run.output())?.[1] ?? ''
  expect(existsSync(file), run.output()).toBe(true)
  expect(widthAndHeight(readFileSync(file))).toEqual([1280, 800])
})

test('Ctrl+C ends it, the browser and the engine with it', async () => {
  const run = start()
  await run.says('Ctrl+C ends it.')
  run.child.kill('SIGINT')
  expect(await run.ended).toBe(0)
  const left = path.join(folder, 'data')
  expect(existsSync(path.join(left, 'window.json'))).toBe(true)
})
