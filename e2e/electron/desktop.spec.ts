import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { _electron, type ElectronApplication, expect, type Page, test } from '@playwright/test'
import { askVersion, openPort } from '../engine-port.ts'

// What only Electron itself can show. Run with `playwright test --project=desktop` where its binary and a display are.

const root = path.resolve(import.meta.dirname, '../..')
let dataDir: string
let app: ElectronApplication
let page: Page

test.beforeAll(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-electron-'))
  app = await _electron.launch({ args: [root, '--data', dataDir], cwd: root })
  page = await app.firstWindow()
})
test.afterAll(async () => {
  await app?.close()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
})

test('the page comes from the app scheme, and the engine answers through the preload', async () => {
  expect(page.url()).toMatch(/^app:\/\/wheelhouse\/index\.html/)
  await expect(page.getByRole('navigation')).toBeVisible()
  await openPort(page)
  expect(await askVersion(page)).toBe(await app.evaluate(({ app }) => app.getVersion()))
})

test('the page is isolated', async () => {
  const present = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
  )
  expect(present).toEqual([])
  expect(await page.evaluate(() => Object.isFrozen((globalThis as unknown as { wheelhouse: object }).wheelhouse))).toBe(
    true,
  )
})

test('the policy is enforced on the app scheme', async () => {
  const planted = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.planted = true'
    document.body.append(script)
    return 'planted' in window
  })
  expect(planted).toBe(false)
})

test('menu, one engine process, no second window', async () => {
  const labels = await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map((item) => item.label))
  expect(labels).toEqual(expect.arrayContaining(['File', 'Edit', 'Go', 'View']))
  const engines = await app.evaluate(
    ({ app }) =>
      app.getAppMetrics().filter((metric) => metric.type === 'Utility' && metric.name === 'Wheelhouse engine').length,
  )
  expect(engines).toBe(1)
  await page.evaluate(() => void window.open('https://example.org/'))
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

test('the engine is started again after a crash, and the page has a new port', async () => {
  const pid = await app.evaluate(
    ({ app }) => app.getAppMetrics().find((metric) => metric.name === 'Wheelhouse engine')?.pid,
  )
  process.kill(pid ?? 0, 'SIGKILL')
  await expect(page.getByText('The engine stopped and is being started again')).toBeVisible()
  await expect(page.getByText('The engine stopped and is being started again')).toBeHidden()
  await openPort(page)
  expect(await askVersion(page)).not.toBe('')
})
