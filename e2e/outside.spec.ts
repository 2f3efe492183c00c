import { expect, type Page, test } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { demoForAll, openByName } from './demo.ts'
import { unnamed } from './names.ts'
import { takeScreens } from './screens.ts'

/** The machine that Kevin changed in the demo's fortnight. */
test.describe('what changed without the operator', () => {
  let app: RunningApp
  let page: Page

  demoForAll(async (started) => {
    app = started
    page = app.page
    await openByName(page, 'bright-mini')
  })

  const section = () => page.getByRole('region', { name: 'Changed without you' })

  test('says what, when and who, with the difference and its evidence', async () => {
    await expect(section()).toBeVisible()
    await expect(section()).toContainText('Changed without you')
    await expect(section()).toContainText('new login key')
    await expect(section()).toContainText('as “kevin”')
    await expect(section()).toContainText('Its command stood in')
    await expect(section()).toContainText('agents.defaults.model.primary')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'machine-changed')
  })

  test('W says it was the operator, undo opens it again, A keeps it', async () => {
    const mine = section().getByRole('button', { name: /^(That was me|All were me)/ })
    await expect(mine.first()).toBeVisible()
    await page.keyboard.press('w')
    await expect(mine).toHaveCount(0)
    await page.getByRole('button', { name: /^Undo/ }).click()
    await expect(mine.first()).toBeVisible()
    await page.keyboard.press('a')
    await expect(mine).toHaveCount(0)
    await section()
      .getByRole('button', { name: /earlier change/ })
      .click()
    await expect(section()).toContainText('kept')
  })

  test('the group of keys and users counts them', async () => {
    await expect(page.getByRole('treeitem').filter({ hasText: 'Changes and keys' })).toContainText(
      '2 keys may log in · 3 users · no remote access',
    )
  })
})
