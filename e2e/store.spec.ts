import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { launchApp, type RunningApp } from './app.ts'
import { takeScreens } from './screens.ts'

let dataDir: string
let app: RunningApp | undefined

test.beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-store-'))
})
test.afterEach(async () => {
  await app?.close()
  app = undefined
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
})

const database = () => path.join(dataDir, 'wheelhouse.db')
const sidecars = () => readdirSync(dataDir).filter((name) => /^wheelhouse\.db-(wal|shm)$/.test(name))

async function start(): Promise<RunningApp> {
  app = await launchApp({ dataDir })
  return app
}

async function addClient({ page }: RunningApp, name: string): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/new-client'
  })
  await page.reload()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('heading', { name })).toBeVisible()
}

async function breakStore(): Promise<void> {
  await app?.close()
  for (const name of sidecars()) rmSync(path.join(dataDir, name))
  writeFileSync(database(), Buffer.alloc(64 * 1024, 'not a database '))
}

test('a damaged store is set aside, and the newest good backup goes on', async () => {
  const first = await start()
  await addClient(first, 'Harbor Wealth')
  await first.page.evaluate(() => {
    location.hash = '#/settings'
  })
  await first.page.reload()
  await first.page.getByRole('button', { name: 'Back up now' }).click()
  await expect(first.page.getByText('The newest backup was made just now.', { exact: false })).toBeVisible()
  await breakStore()

  const { page } = await start()
  await expect(page.getByRole('heading', { name: 'The database is damaged' })).toBeVisible()
  await takeScreens(page, 'store-damaged')
  await page.getByRole('button', { name: 'Go on from the backup' }).click()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('harbor')
  await expect(page.getByText('Harbor Wealth').first()).toBeVisible()
})

test('a damaged store without a backup begins empty, with the damaged file kept', async () => {
  writeFileSync(database(), Buffer.alloc(64 * 1024, 'not a database '))
  const { page } = await start()
  await expect(page.getByText('There is no good backup', { exact: false })).toBeVisible()
  await page.getByRole('button', { name: 'Begin with an empty store' }).click()
  await expect(page.getByRole('heading', { name: 'No machines yet' })).toBeVisible()
  expect(readdirSync(dataDir).length).toBeGreaterThan(1)
})
