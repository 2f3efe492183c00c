import { expect, test } from '@playwright/test'
import { backupHome } from '../main/testing/backup-lab.ts'
import { type SshdBox, startSshdBox } from '../main/testing/sshd-box.ts'
import { tempDir } from '../main/testing/temp-store.ts'
import { launchWith } from './real-boxes.ts'
import { takeScreens } from './screens.ts'

const named = [
  ['peak-mini', 'Peak Realty'],
  ['lake-mini', 'Lakeside Homes'],
  ['harbor-pc', 'Harbor Wealth'],
] as const

test('agents of the chosen machines are backed up with one key, stopped, and tried again where none was made', async () => {
  test.setTimeout(240_000)
  const homes = named.map(() => backupHome(tempDir()))
  const boxes: SshdBox[] = await Promise.all(
    homes.map((home) => startSshdBox({ home: home.home, env: { PATH: home.path } })),
  )
  const app = await launchWith(named.map(([name, clientName], at) => ({ ...(boxes[at] as SshdBox), name, clientName })))
  const { page } = app
  try {
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.keyboard.press('g')
    await page.keyboard.press('f')
    await expect(page.getByRole('heading', { name: 'Fleet' })).toBeVisible()
    await page.keyboard.press('Shift+R')
    await expect(page.getByText('3 answered')).toBeVisible({ timeout: 60_000 })
    homes[1]?.behave('fails')
    homes[2]?.behave('hangs')

    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.press('b')
    const dialog = page.getByRole('dialog', { name: 'Back up 3 machines' })
    await expect(dialog.getByRole('status')).toContainText('2 of 3', { timeout: 60_000 })
    await expect(dialog).toContainText('Backed up and found whole')
    await expect(dialog).toContainText('It said: Error: the state database is locked')
    await expect(dialog).toContainText('Packing')
    await takeScreens(page, 'backup')

    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(page.getByText('Backing up agents.')).toBeVisible()
    await page.getByRole('button', { name: 'Show' }).click()
    await page.keyboard.press('ControlOrMeta+.')
    await expect(dialog.getByRole('status')).toContainText('1 of 3 made', { timeout: 60_000 })
    await expect(dialog).toContainText('It was stopped')

    for (const home of homes) home.behave('')
    await dialog.getByRole('button', { name: 'Try again' }).click()
    const again = page.getByRole('dialog', { name: 'Back up 2 machines' })
    await expect(again.getByRole('status')).toContainText('2 of 2 made', { timeout: 60_000 })
    expect(homes.map((home) => home.left().filter((name) => name.endsWith('.json')).length)).toEqual([1, 1, 1])
    await page.keyboard.press('Escape')
    await expect(again).toBeHidden()
  } finally {
    await app.close()
    for (const box of boxes) await box.stop()
  }
})
