import { expect, type Page, test } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { demoForAll, openByName } from './demo.ts'
import { unnamed } from './names.ts'
import { takeScreens } from './screens.ts'

test.describe('a client, its messages and its facts', () => {
  let app: RunningApp
  let page: Page

  demoForAll((started) => {
    app = started
    page = app.page
  })

  test('the page of a client says how it goes there and who they are', async () => {
    await openByName(page, 'Bright Roofing')
    await expect(page.getByText(/roofer · \d\d:\d\d there, (open|closed) until/)).toBeVisible()
    await expect(page.getByText(/^Answered \d+ of \d+ in 30 days\.$/)).toBeVisible()
    await expect(page.getByRole('region', { name: 'Workflows' })).toContainText('Quotes')
    await expect(page.getByRole('region', { name: 'People' })).toContainText('Lena Bright')
    const chart = page.getByRole('slider', { name: 'Messages in a day, over 30 days' })
    await chart.press('Home')
    await expect(chart).toHaveAttribute('aria-valuenow', '1')
    await chart.press('End')
    await expect(chart).toHaveAttribute('aria-valuetext', /^\w+ \d+ \w+: /)
    await expect(page.getByRole('region', { name: 'Integrations' })).toContainText(/CRM hubspot.*worked /)
    await chart.blur()
    await takeScreens(page, 'client-page')
    expect(await unnamed(page)).toEqual([])
  })

  test('a client that is away is paused with a reason and an end, and taken back by one key', async () => {
    await page.keyboard.press('p')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('trade fair')
    await page.keyboard.press('Enter')
    await expect(page.getByText(/^Paused until .*: trade fair/)).toBeVisible()
    await page.getByRole('button', { name: 'End it' }).click()
    await expect(page.getByText(/: trade fair/)).toHaveCount(0)
    await page.keyboard.press('Control+z')
    await expect(page.getByText(/: trade fair/)).toBeVisible()
  })

  test('M drafts a message that nobody but the operator sends', async () => {
    await openByName(page, 'Nolan Property')
    await page.keyboard.press('m')
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByLabel('Message')).toHaveValue(/^Hi Marcus, the computer your assistant runs on has been/)
    await expect(dialog).toContainText('Wheelhouse sends nothing.')
    await takeScreens(page, 'message-draft')
    await page.keyboard.press('Control+Enter')
    await expect(dialog.getByRole('status')).toContainText('Copied. Nothing was sent.')
    expect(await page.evaluate(() => navigator.clipboard.readText().catch(() => 'not readable'))).toMatch(
      /^Hi Marcus|^not readable/,
    )
    expect(await unnamed(page)).toEqual([])
    await page.keyboard.press('Escape')
  })

  test('a fact shows how to see it by hand, jump hosts and all, and Y copies that line', async () => {
    await openByName(page, 'bright-mini')
    const tree = page.getByRole('tree', { name: 'Facts' })
    await tree.getByText('Changes and keys').click()
    await tree.getByText('Config fingerprint').click()
    await page.keyboard.press('y')
    await expect(page.getByText('Copied, with what shows this fact: shasum -a 256 ')).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('region', { name: 'See it by hand' })).toContainText(
      /^See it by handssh .*bright@bright-mini\.demo 'shasum -a 256 .*\/\.openclaw\/openclaw\.json'/,
    )
    // What the command prints stands on the page, too.
    const note = page.getByText(/^It prints [0-9a-f]{12}…, the sha256 of the whole file; [0-9a-f]{12} is /)
    const printed = /[0-9a-f]{12}/.exec((await note.textContent()) ?? '')?.[0]
    await expect(page.getByRole('dialog')).toContainText(`"sha256": "${printed}`)
    await takeScreens(page, 'fact-by-hand')
    expect(await unnamed(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })
})
