import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { launchApp, type RunningApp } from './app.ts'
import { askVersion, openPort, sendFrames } from './engine-port.ts'

const { version } = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../package.json'), 'utf8'))

test.describe('the window', () => {
  let app: RunningApp
  test.beforeAll(async () => {
    app = await launchApp()
  })
  test.afterAll(() => app.close())

  test('opens, and the engine answers', async () => {
    await expect(app.page.getByRole('navigation')).toBeVisible()
    await openPort(app.page)
    expect(await askVersion(app.page)).toBe(version)
  })

  test('has nothing of Node or Electron in it, and what the preload shows is frozen', async () => {
    const seen = await app.page.evaluate(() => {
      const world = globalThis as unknown as Record<string, unknown>
      const names = ['require', 'process', 'module', 'exports', 'Buffer', 'electron', 'ipcRenderer', '__host', '__in']
      return {
        present: names.filter((name) => name in world),
        keys: Object.keys(world.wheelhouse as object),
        frozen: Object.isFrozen(world.wheelhouse),
      }
    })
    expect(seen).toEqual({ present: [], keys: ['platform'], frozen: true })
  })

  test('runs no inline script, no eval, and asks no other host', async () => {
    const tried = await app.page.evaluate(async () => {
      const violated = new Set<string>()
      const frameRefused = new Promise<void>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => {
          violated.add(event.effectiveDirective)
          if (event.effectiveDirective === 'frame-src') resolve()
        })
      })
      const script = document.createElement('script')
      script.textContent = 'window.planted = true'
      document.body.append(script)
      // In a turn of its own: what the debugger itself evaluates is exempt from the policy.
      const evaluated = await new Promise<boolean>((resolve) => {
        setTimeout(() => {
          try {
            new Function('return 1')()
            resolve(true)
          } catch {
            resolve(false)
          }
        })
      })
      const fetched = await fetch('https://example.org/').then(
        () => true,
        () => false,
      )
      const framed = document.createElement('iframe')
      framed.src = 'https://example.org/'
      document.body.append(framed)
      await frameRefused
      framed.remove()
      script.remove()
      return { violated: [...violated], evaluated, fetched, planted: 'planted' in window }
    })
    expect(tried).toMatchObject({ evaluated: false, fetched: false, planted: false })
    expect(tried.violated).toEqual(
      expect.arrayContaining(['connect-src', 'frame-src', 'script-src', 'script-src-elem']),
    )
  })

  test('opens no second window and goes to no other page', async () => {
    const before = app.page.url()
    // Without an opener: a popup of the page's own process is held by Playwright's debugger, and the page with it.
    await app.page.evaluate(() => void window.open('https://example.org/', '_blank', 'noopener'))
    await app.page.evaluate(() => window.location.assign('https://example.org/'))
    await app.page.evaluate(() => window.location.assign('/assets/other.html'))
    await openPort(app.page)
    expect(await askVersion(app.page)).toBe(version)
    expect(app.page.url()).toBe(before)
    await expect.poll(() => app.page.context().pages().length).toBe(1)
  })

  test('drops frames that are not requests, and goes on', async () => {
    await openPort(app.page)
    await sendFrames(app.page, [
      'garbage{',
      '{',
      '{}',
      'null',
      '[]',
      '{"i":1}',
      '{"i":"x","p":7}',
      42,
      null,
      { i: 'x' },
      'x'.repeat(1_000_000),
    ])
    await sendFrames(app.page, [
      JSON.stringify({ i: 'x', p: { u: '/no/such/thing', b: {} } }),
      JSON.stringify({ i: 'y', p: { u: '/../app', b: { json: '__proto__' } } }),
    ])
    expect(await askVersion(app.page)).toBe(version)
  })

  test('has a working port after each of three reloads', async () => {
    for (let time = 0; time < 3; time++) {
      await app.page.reload()
      await expect(app.page.getByRole('navigation')).toBeVisible()
      await openPort(app.page)
      expect(await askVersion(app.page)).toBe(version)
    }
  })

  test('does what the native menu asks', async () => {
    app.menu('go-settings')
    await expect(app.page.getByRole('heading', { name: 'Settings' })).toBeVisible()
    app.menu('go-fleet')
    await expect(app.page.getByRole('heading', { name: 'Fleet' })).toBeVisible()
  })

  test('outlives sleep and waking', async () => {
    app.power('suspend')
    app.power('resume')
    await openPort(app.page)
    expect(await askVersion(app.page)).toBe(version)
  })
})

test('closing the window ends the app, where there is no tray', async () => {
  const app = await launchApp()
  await app.page.close()
  await app.ended
  await app.close()
})

test.describe('the engine', () => {
  let app: RunningApp
  test.beforeEach(async () => {
    app = await launchApp({ engineInChild: true })
  })
  test.afterEach(() => app.close())

  test('killed: the window says so, it is started again, calls work again', async () => {
    await openPort(app.page)
    expect(await askVersion(app.page)).toBe(version)
    const said = app.page.getByText('The engine stopped and is being started again, attempt 1 of 5.')
    const seen = said.waitFor({ state: 'visible' })
    process.kill(app.enginePid(), 'SIGKILL')
    await seen
    await app.engineStart(2)
    await expect(said).toBeHidden()
    const back = app.page.getByText(
      'The engine stopped and is running again. Nothing was lost; no machine was read yet.',
    )
    await expect(back).toBeVisible()
    await app.page.keyboard.press('Escape')
    await expect(back).toBeHidden()
    await openPort(app.page)
    expect(await askVersion(app.page)).toBe(version)
  })

  test('killed six times in a row: it stays off, says so, and is started by hand', async () => {
    for (let time = 1; time <= 6; time++) {
      await app.engineStart(time)
      process.kill(app.enginePid(), 'SIGKILL')
    }
    await expect(app.page.getByText('The engine stopped 6 times and stays off.')).toBeVisible()
    await expect(app.page.getByText(path.join(app.dataDir, 'logs', 'engine.log'))).toBeVisible()
    await app.page.getByRole('button', { name: 'Start the engine' }).click()
    await app.engineStart(7)
    await expect(app.page.getByText('stays off')).toBeHidden()
    await openPort(app.page)
    expect(await askVersion(app.page)).toBe(version)
  })
})
