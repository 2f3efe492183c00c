import path from 'node:path'
import type { Page } from '@playwright/test'

const folder = path.resolve(import.meta.dirname, '../docs/screens')

/** Takes the window at 1280 × 800 in light and dark into `docs/screens/NAME-{light,dark}.png`. */
export async function takeScreens(page: Page, name: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 800 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.evaluate(() => document.fonts.ready.then(() => undefined))
    await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`), caret: 'hide' })
  }
}
