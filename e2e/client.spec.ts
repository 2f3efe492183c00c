import { expect, type Page, test } from '@playwright/test'
import { launchApp, type RunningApp } from './app.ts'
import { takeScreens } from './screens.ts'

let app: RunningApp
let page: Page

test.beforeEach(async () => {
  app = await launchApp()
  page = app.page
  await page.evaluate(() => {
    location.hash = '#/new-client'
  })
  await page.reload()
  await expect(page.getByLabel('Name', { exact: true })).toBeVisible()
})
test.afterEach(() => app.close())

const name = () => page.getByLabel('Name', { exact: true })
const save = () => page.keyboard.press('Control+s')

test('only a name is needed, and undo takes the client back', async () => {
  await save()
  await expect(page.getByText('A client needs a name.')).toBeVisible()
  await name().fill('Bright Roofing')
  await save()
  await expect(page.getByRole('heading', { name: 'Bright Roofing' })).toBeVisible()
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(page.getByRole('heading', { name: 'Bright Roofing' })).toHaveCount(0)
})

test('bad input is counted, named under its field, and nothing typed is lost', async () => {
  await name().fill('The Client Whose Name Somebody Made Sixty Characters Long Ltd')
  await page.getByLabel('Region').fill('California')
  await page.getByLabel('Time zone').fill('Mars/Olympus')
  await page.getByLabel('Monday').fill('9 to whenever')
  await page.getByLabel('Tuesday').fill('9-12, 13-17')
  await page.getByRole('button', { name: 'Add a number of the client' }).click()
  await page.getByLabel('Number, address or id').fill('*')
  await save()
  await expect(page.getByText('4 fields need another look')).toBeVisible()
  await expect(page.getByText('“Mars/Olympus” is not a time zone.', { exact: false })).toBeVisible()
  await expect(page.getByText('A wildcard is not a handle', { exact: false })).toBeVisible()
  await takeScreens(page, 'client-errors')

  await page.keyboard.press('Escape')
  await page.evaluate(() => {
    location.hash = '#/new-client'
  })
  await page.reload()
  await expect(page.getByText('Unsaved edits from', { exact: false })).toBeVisible()
  await expect(page.getByLabel('Monday')).toHaveValue('9 to whenever')

  await page.getByLabel('Region').fill('us-ca')
  await page.getByLabel('Time zone').fill('America/Los_Angeles')
  await page.getByLabel('Monday').fill('9-17')
  await page.getByLabel('Number, address or id').fill('(310) 555-0142')
  await save()
  await expect(page.getByLabel('Number, address or id')).toHaveValue('+13105550142')
  await expect(page.getByText('assumed', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('Unsaved edits from', { exact: false })).toHaveCount(0)
  await takeScreens(page, 'client')

  await page.getByRole('button', { name: 'They are open' }).first().click()
  await expect(page.getByText('stated open', { exact: true })).toHaveCount(1)
  await save()
  await expect(page.getByText(/^\d+ unsaved$/)).toHaveCount(0)
  await page.reload()
  await expect(page.getByText('stated open', { exact: true })).toHaveCount(1)
})

test('settings hold at once, and the diary can be verified', async () => {
  await page.evaluate(() => {
    location.hash = '#/settings'
  })
  await page.reload()
  await page.getByLabel('Sweep every day at').fill('7am, 13:00')
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('Sweep every day at')).toHaveValue('07:00, 13:00')
  await page.getByLabel('As the system').scrollIntoViewIfNeeded()
  await takeScreens(page, 'settings')
  await page.getByLabel('Machines at once').fill('0')
  await page.keyboard.press('Tab')
  await expect(page.getByText('A whole number from 1 to 256.')).toBeVisible()
  await page.getByLabel('Machines at once').fill('32')
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Back up now' }).click()
  await expect(page.getByText('The newest backup was made just now.', { exact: false })).toBeVisible()
  await page.getByRole('button', { name: 'Verify the diary' }).click()
  await expect(page.getByRole('status').filter({ hasText: /hold: nothing was changed|empty and intact/ })).toBeVisible()
  await page.getByLabel('Dark').check()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.reload()
  await expect(page.getByLabel('Machines at once')).toHaveValue('32')
})
