import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { type SshdFleet, startSshdFleet } from '../main/testing/sshd-box.ts'
import type { RunningApp } from './app.ts'
import { unnamed } from './names.ts'
import { launchWith } from './real-boxes.ts'

const longName = 'the-mac-mini-in-the-back-office-of-harbor-wealth-on-the-shelf'
const withinMs = 60_000

test.describe('machines followed live', () => {
  test.describe.configure({ mode: 'serial' })
  let fleet: SshdFleet
  let app: RunningApp
  let page: Page
  let written = 0

  test.beforeAll(async () => {
    test.setTimeout(120_000)
    fleet = await startSshdFleet(2, { env: () => ({ PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` }) })
    for (const { home } of fleet.boxes) {
      mkdirSync(path.join(home, '.openclaw'), { recursive: true })
      const settings = { logging: { file: path.join(home, 'openclaw.log') } }
      writeFileSync(path.join(home, '.openclaw/openclaw.json'), JSON.stringify(settings))
    }
    write()
    const { user, keyPath } = fleet
    app = await launchWith(
      fleet.boxes.map(({ host, port }, at) => ({
        ...{ host, port, user, keyPath },
        ...(at === 0 ? { clientName: 'Harbor Wealth', name: longName } : { clientName: 'Elm Homes', name: 'elm' }),
      })),
      { engineInChild: true },
    )
    page = app.page
    await page.setViewportSize({ width: 1280, height: 800 })
  })
  test.afterAll(async () => {
    await app.close()
    await fleet.stop()
  })

  /** One more line on each machine. */
  function write(): void {
    written += 1
    for (const { home } of fleet.boxes) {
      const text = { 0: '{"subsystem":"gateway"}', time: new Date().toISOString(), message: `number ${written} of it` }
      appendFileSync(path.join(home, 'openclaw.log'), `${JSON.stringify(text)}\n`)
    }
  }
  const rows = () => page.getByRole('listbox', { name: 'Log lines' }).getByRole('option')
  const line = (number: number) => rows().filter({ hasText: `number ${number} of it` })

  test('lines come from both as they are written', async () => {
    test.setTimeout(2 * withinMs)
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await expect(page.getByText('live from 2 machines')).toBeVisible({ timeout: withinMs })
    write()
    await expect(line(2)).toHaveCount(2)
    await expect(line(1)).toHaveCount(2)
  })

  test('the engine is killed meanwhile: what was written while it was away comes once, and the tails are live again', async () => {
    test.setTimeout(3 * withinMs)
    process.kill(app.enginePid(), 'SIGKILL')
    await expect(page.getByText('live from 2 machines')).toHaveCount(0)
    write()
    await app.engineStart(2)
    await expect(page.getByText('live from 2 machines')).toBeVisible({ timeout: 2 * withinMs })
    write()
    for (const number of [1, 2, 3, 4]) await expect(line(number)).toHaveCount(2, { timeout: withinMs })
  })

  test('a name of 60 characters is cut in its column and whole in the pane; at 150 % nothing is cut off', async () => {
    // The smallest screen, with everything half as large again.
    await page.setViewportSize({ width: 854, height: 534 })
    const row = line(1).first()
    const [machine, words] = [row.locator('bdi').first(), row.locator('bdi').last()]
    const [at, beside] = [await machine.boundingBox(), await words.boundingBox()]
    expect(at && beside && at.x + at.width <= beside.x).toBe(true)
    await row.click()
    await page.keyboard.press('Space')
    const pane = page.getByRole('complementary', { name: 'The chosen line' })
    await expect(pane).toContainText(/the-mac-mini-in-the-back-office|elm/)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
    expect(wide).toBe(false)
    const inside = await pane.evaluate((element) => {
      const { left, right } = element.getBoundingClientRect()
      return left >= 0 && right <= window.innerWidth
    })
    expect(inside).toBe(true)
    expect(await unnamed(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect(page.getByRole('button', { name: /Filter/ })).toBeInViewport()
    await expect(rows().last()).toBeInViewport()
  })
})
