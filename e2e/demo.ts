import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, type Page, test } from '@playwright/test'
import { type AppOptions, launchApp, type RunningApp } from './app.ts'

/** Longest a loaded machine takes to live through the demo's past, and to sweep twelve boxes. */
const pastWithinMs = 240_000
const sweepWithinMs = 120_000

/**
 * The demo as an operator meets it, for the tests of one group, which go on from each other: its past is made, and it
 * has looked at its machines once by itself. It ends with the group, also when it did not get that far.
 */
export function demoForAll(
  begin: (app: RunningApp) => Promise<void> | void,
  options: Pick<AppOptions, 'engineInChild'> = {},
): void {
  test.describe.configure({ mode: 'serial' })
  let app: RunningApp | undefined
  test.beforeAll(async () => {
    test.setTimeout(pastWithinMs + 2 * sweepWithinMs)
    const startedMs = Date.now()
    app = await launchApp({ args: ['--demo'], ...options })
    await untilReady(app, startedMs)
    await begin(app)
  })
  test.afterAll(() => app?.close())
}

async function untilReady({ page, dataDir }: RunningApp, startedMs: number): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 800 })
  await expect(page.getByText('DEMO · 12 made-up machines')).toBeVisible({ timeout: pastWithinMs })
  await expect.poll(() => hasSwept(dataDir, startedMs), { timeout: sweepWithinMs }).toBe(true)
  await expect(page.getByRole('button', { name: 'Sweep now' })).toBeEnabled({ timeout: sweepWithinMs })
}

/** Sweeps of the made-up past lie before the start; between the past and the first look of its own the button can be pressed already. */
function hasSwept(dataDir: string, sinceMs: number): boolean {
  const db = new DatabaseSync(path.join(dataDir, 'wheelhouse.db'), { readOnly: true })
  try {
    const asked = db.prepare(
      "select 1 from sweep where reason = 'operator' and state = 'done' and started_at_ms >= ? limit 1",
    )
    return asked.get(sinceMs) !== undefined
  } finally {
    db.close()
  }
}

/** Sweeps all machines by the key, and waits for the end. */
export async function sweepAll(page: Page): Promise<void> {
  const sweep = page.getByRole('button', { name: 'Sweep now' })
  await expect(sweep).toBeEnabled({ timeout: sweepWithinMs })
  await page.keyboard.press('r')
  await expect(sweep).toBeDisabled()
  await expect(sweep).toBeEnabled({ timeout: sweepWithinMs })
}

/** Opens the page of a machine or a client by its name, through the palette. */
export async function openByName(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill(name)
  await expect(page.getByRole('option', { name, selected: true })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}
