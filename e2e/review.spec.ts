import { expect, type Page, test } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { demoForAll } from './demo.ts'
import { unnamed } from './names.ts'
import { takeScreens } from './screens.ts'

/** The review of the demo's morning by keyboard alone; the tests walk through it in order. */
test.describe('the review', () => {
  let app: RunningApp
  let page: Page

  demoForAll(async (started) => {
    app = started
    page = app.page
    await expect(rows().first()).toBeVisible({ timeout: 60_000 })
  })

  const rows = () => page.getByRole('listbox', { name: 'Review' }).getByRole('option')
  const chosen = () => page.getByRole('option', { selected: true })
  const section = (name: string) => page.getByRole('group', { name })
  const pane = () => page.getByRole('complementary')
  /** "18 December", so many days from now. */
  const dayIn = (days: number) =>
    new Date(Date.now() + days * 86_400_000).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' })

  test('the clock starts when a person is there, and goes on after a reload', async () => {
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    await expect(page.getByText(/^Review \d+:\d\d$/)).toBeVisible()
    await page.reload()
    await expect(page.getByText(/^Review \d+:\d\d$/)).toBeVisible()
    expect(await unnamed(page)).toEqual([])
  })

  test('E tells what happened since the last review, and J goes on', async () => {
    await page.keyboard.press('e')
    await expect(pane().getByRole('heading', { name: 'Since the last review' })).toBeVisible()
    await takeScreens(page, 'review-since')
    await page.keyboard.press('j')
    await expect(pane().getByText('Next step')).toBeVisible()
    await page.keyboard.press('k')
  })

  test('Z and 1 put a row off; it waits in Later, and undo brings it back unseen', async () => {
    const key = await chosen().getAttribute('data-item')
    await page.keyboard.press('z')
    const popover = page.getByRole('dialog', { name: /^Snooze / })
    await expect(popover).toBeVisible()
    await takeScreens(page, 'review-snooze')
    await page.keyboard.press('w')
    await expect(popover.getByRole('radio', { name: 'Waiting for the client' })).toBeChecked()
    await page.keyboard.press('1')
    await expect(popover).toHaveCount(0)
    const later = section('Later').locator(`[data-item="later:${key}"]`)
    await expect(later).toContainText('Waiting for the client')
    await expect(later).toContainText('until tomorrow')
    await page.keyboard.press('Control+z')
    await expect(later).toHaveCount(0)
    await expect(page.locator(`[data-item="${key}"]`)).toHaveAttribute('data-seen', 'false')
  })

  test('a mark can be taken back by undo and by X again', async () => {
    const key = String(await chosen().getAttribute('data-item'))
    const row = page.locator(`[data-item="${key}"]`)
    await page.keyboard.press('x')
    await expect(row).toHaveAttribute('data-seen', 'true')
    await page.keyboard.press('Control+z')
    await expect(row).toHaveAttribute('data-seen', 'false')
    await expect(chosen()).toHaveAttribute('data-item', key)
    await page.keyboard.press('x')
    await expect(row).toHaveAttribute('data-seen', 'true')
    await row.click()
    await page.keyboard.press('x')
    await expect(row).toHaveAttribute('data-seen', 'false')
  })

  test('a paused client waits, with reason and end', async () => {
    await page.getByRole('option', { name: /Peak Realty/ }).click()
    await pane().getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: /^Pause / }).click()
    // A day as people write it, and one day on by the key.
    const back = dayIn(20)
    await page.getByLabel('Back on').fill(dayIn(19))
    await page.getByLabel('Back on').press('ArrowUp')
    await expect(page.getByLabel('Back on')).toHaveValue(new RegExp(`^${back}( \\d{4})?$`))
    await page.getByLabel('Reason').fill('Away until the new office is ready')
    await takeScreens(page, 'review-pause')
    await page.keyboard.press('Enter')
    const row = section('Later').getByRole('option', { name: /Peak Realty/ })
    await expect(row).toContainText('Away until the new office is ready')
    await expect(row).toContainText(`until ${back}`)
    await expect(row.getByRole('img', { name: 'Paused' })).toBeVisible()
  })

  test('the last row ends the review, which is in the diary; what was put off is named', async () => {
    const waiting = await section('Later').getByRole('option').count()
    const unseen = page.locator('[data-item][data-seen="false"]')
    for (let left = await unseen.count(), turn = 0; left > 0; left = await unseen.count(), turn++) {
      const key = await chosen().getAttribute('data-item')
      await expect(chosen()).toHaveAttribute('data-seen', 'false')
      if (turn === 1) {
        await page.keyboard.press('z')
        await expect(page.getByRole('dialog', { name: /^Snooze / })).toBeVisible()
        await page.keyboard.press('2')
      } else await page.keyboard.press('x')
      await expect(page.locator(`[data-item="${key}"][data-seen="false"]`)).toHaveCount(0)
    }
    await expect(page.getByText(/^Review done\. (\d+ left for later|\d+ still open, \d+ put off)\.$/)).toBeVisible()
    await expect(page.getByText(/^Reviewed \d\d:\d\d in /)).toBeVisible()
    await expect(section('Later').getByRole('option')).toHaveCount(waiting + 1)
    await section('Later').scrollIntoViewIfNeeded()
    // A row that came back by undo is where it belongs once nobody has touched anything for a while.
    await expect(section('Needs you').getByRole('option').first()).toContainText('Lakeside Homes')
    await takeScreens(page, 'review-later')
  })

  test('all quiet is said when all that is open was put off, and names it', async () => {
    const asks = page.locator('[role="group"]:not([aria-label="Later"]) [data-item]:not([data-item^="client:"])')
    for (let left = await asks.count(); left > 0; left = await asks.count()) {
      const key = await asks.first().getAttribute('data-item')
      await asks.first().click()
      await page.keyboard.press('z')
      await expect(page.getByRole('dialog', { name: /^Snooze / })).toBeVisible()
      await page.keyboard.press('3')
      await expect(page.locator(`[data-item="${key}"]`)).toHaveCount(0)
    }
    // A machine that was not read stands in the way until nobody expects it.
    const unread = (await page.getByText(/not seen: /).textContent()) ?? ''
    for (const [machine, client] of [
      ['elm-mini', 'Elm Realty'],
      ['nolan-mini', 'Nolan Property'],
    ] as const) {
      if (!unread.includes(machine)) continue
      await section('Later')
        .getByRole('option', { name: new RegExp(client) })
        .click()
      await pane().getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: /^Pause / }).click()
      await page.getByLabel('Reason').fill('Moves its office')
      await page.keyboard.press('Enter')
      await expect(page.getByLabel('Reason')).toHaveCount(0)
    }
    await expect(page.getByText(/^All quiet\. (\d+) of \1 (expected )?machines answered/)).toBeVisible()
    await expect(page.getByText(/^Snoozed: .* Paused: .*Nolan Property/)).toBeVisible()
    await expect(
      section('Later')
        .getByRole('option', { name: /Nolan Property/ })
        .getByRole('img', { name: 'Paused' }),
    ).toBeVisible()
    await page.getByText(/^All quiet\./).evaluate((sentence) => sentence.scrollIntoView({ block: 'center' }))
    await takeScreens(page, 'review-all-quiet')
  })

  test('nothing is cut at 960 × 600', async () => {
    await page.setViewportSize({ width: 960, height: 600 })
    const cut = await page.evaluate(() => {
      const root = document.getElementById('root')
      return root === null || root.scrollWidth > root.clientWidth
    })
    expect(cut).toBe(false)
    await page.screenshot({ path: 'out/review-960.png' })
    await page.keyboard.press('z')
    await expect(page.getByRole('dialog', { name: /^Snooze / })).toBeInViewport({ ratio: 1 })
    await page.screenshot({ path: 'out/review-960-snooze.png' })
    await page.keyboard.press('Escape')
    await page.keyboard.press('e')
    await page.screenshot({ path: 'out/review-960-since.png' })
  })
})
