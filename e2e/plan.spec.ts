import { expect, type Page, test } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { demoForAll } from './demo.ts'
import { unnamed } from './names.ts'
import { takeScreens } from './screens.ts'

/** What the demo's machines need to become what is declared; the tests walk through it in order. */
test.describe('plan', () => {
  let app: RunningApp
  let page: Page

  demoForAll((started) => {
    app = started
    page = app.page
  })

  const list = () => page.getByRole('listbox', { name: 'Machines by what changes' })
  const row = (words: string) => list().locator('[data-agent]').filter({ hasText: words })
  const pane = () => page.getByRole('complementary', { name: 'The chosen machine' })

  test('G P folds twelve machines by what changes, and says nothing of what is not known', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await expect(page.getByText(/machines need the same 3 changes/)).toBeVisible()
    const most = list().getByRole('region', { name: 'What changes' })
    await expect(most).toContainText('session.maintenance.pruneAfter: 90d')
    await expect(most).toContainText('Harbor Wealth')
    await expect(list().getByRole('region', { name: 'Will not start again' })).toContainText('Delta Insure')
    await expect(row('Bright Roofing')).toContainText('also agents.defaults.heartbeat.every')
    await expect(row('Grant Homes')).toContainText('1 thing it cannot be given')
    await expect(row('Nolan Property').getByRole('img')).toHaveAccessibleName('offline')
    await expect(row('Lakeside Homes')).toContainText('also channels.imessage.allowFrom')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'plan')
  })

  test('J and K move; the pane names the layer of each value, and who changed it on the machine', async () => {
    await row('Bright Roofing').click()
    await expect(pane().getByRole('heading', { level: 2 }).first()).toHaveText('Bright Roofing')
    const changes = pane().getByRole('region', { name: 'Changes' })
    await expect(changes).toContainText('Niche roofer · agents.defaults.heartbeat.every')
    await expect(changes).toContainText(/changed there .* by kevin/)
    await page.keyboard.press('k')
    await expect(pane().getByRole('heading', { level: 2 }).first()).not.toHaveText('Bright Roofing')
    await page.keyboard.press('j')
    await expect(pane().getByRole('heading', { level: 2 }).first()).toHaveText('Bright Roofing')
    await pane().getByRole('button', { name: 'Show them' }).click()
    await expect(pane().getByRole('region', { name: 'Its own settings' })).toContainText('gateway.bind: loopback')
    await page.keyboard.press('/')
    await page.keyboard.type('who:kevin')
    await expect(list().locator('[data-agent]')).toHaveCount(1)
    await page.keyboard.press('Escape')
    expect(await unnamed(page)).toEqual([])
  })

  const setting = (words: string) =>
    page
      .getByRole('listbox', { name: 'Settings other than declared' })
      .locator('[data-drift]')
      .filter({ hasText: words })
  const drift = () => page.getByRole('complementary', { name: 'The chosen setting' })

  test('D tells the drift: what was changed on a machine, by whom, and what is left as it is', async () => {
    await page.keyboard.press('d')
    await setting('agents.defaults.heartbeat.every: 4h, declared 30m').click()
    await expect(drift().getByRole('region', { name: 'Who changed it' })).toContainText('kevin')
    await expect(page.getByRole('region', { name: 'Left as it is for a while' })).toContainText('reply queue')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'drift')
  })

  test('a found value is adopted into a layer, and is drift no more; undo makes it one again', async () => {
    await page.keyboard.press('a')
    const sheet = page.getByRole('dialog')
    await expect(sheet.getByRole('radio', { name: /^bright-mini: / })).toBeChecked()
    await sheet.getByLabel('Reason').fill('Lena asked for it')
    await page.keyboard.press('Enter')
    await expect(sheet).toHaveCount(0)
    await expect(setting('agents.defaults.heartbeat.every')).toHaveCount(0)
    await page.keyboard.press('Control+z')
    await expect(setting('agents.defaults.heartbeat.every: 4h, declared 30m')).toHaveCount(1)
  })

  test('what a guided section decides is adopted in its words; who is answered is not', async () => {
    await setting('channels.imessage.allowFrom').click()
    await expect(drift()).toContainText('Who is answered is never taken over from a machine')
    await expect(drift().getByRole('button', { name: 'Adopt it' })).toBeDisabled()
    await setting('agents.defaults.model.primary').click()
    await expect(drift().getByRole('button', { name: 'Adopt it' })).toBeEnabled()
    await page.keyboard.press('a')
    const sheet = page.getByRole('dialog')
    await expect(sheet).toContainText('becomes what is declared: model.primary ')
    await sheet.getByLabel('Reason').fill('Kevin measured it')
    expect(await unnamed(page)).toEqual([])
    await page.keyboard.press('Enter')
    await expect(sheet).toHaveCount(0)
    await expect(setting('agents.defaults.model.primary')).toHaveCount(0)
    await page.keyboard.press('Control+z')
    await expect(setting('agents.defaults.model.primary')).toHaveCount(1)
  })

  test('it is left as it is until a day, and the exception ends', async () => {
    await setting('agents.defaults.model.primary').click()
    await page.keyboard.press('e')
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('Because').fill('A month of the cheaper one')
    await page.keyboard.press('Enter')
    await expect(sheet).toHaveCount(0)
    await setting('A month of the cheaper one').click()
    await page.keyboard.press('e')
    await sheet.getByLabel('Reason').fill('It was not good enough')
    await page.keyboard.press('Enter')
    await expect(sheet).toHaveCount(0)
    await expect(setting('A month of the cheaper one')).toHaveCount(0)
  })

  test('put back leads to the plan of the machine; without the drill nothing is sent', async () => {
    await setting('agents.defaults.heartbeat.every').click()
    await page.keyboard.press('p')
    await expect(pane().getByRole('heading', { level: 2 }).first()).toHaveText('Bright Roofing')
    await page.keyboard.press('p')
    const sheet = page.getByRole('dialog')
    await expect(sheet).toContainText('Nobody has seen yet that a change goes back by itself there')
    await expect(sheet.getByRole('button', { name: 'Make the change' })).toBeDisabled()
    await sheet.getByRole('button', { name: 'Run the drill' }).click()
    await expect(sheet).toContainText('Seen in a drill', { timeout: 90_000 })
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'apply')
  })

  test('⌘↵ asks in a dialog of the system, then the machine is changed, and its plan is empty', async () => {
    const sheet = page.getByRole('dialog')
    await page.keyboard.press('Control+Enter')
    await app.asked(1)
    await expect(sheet).toContainText('It was not confirmed, so nothing was sent.')
    app.answerDialog('Make the change')
    await page.keyboard.press('Control+Enter')
    await expect(sheet.getByRole('region', { name: 'Outcome' })).toContainText('Changed', { timeout: 200_000 })
    await expect(sheet.getByRole('region', { name: 'Outcome' })).toContainText('The agent uses the new config.')
    await takeScreens(page, 'apply-done')
    await page.keyboard.press('Escape')
    await expect(list().getByRole('region', { name: 'Nothing to change' })).toContainText('Bright Roofing', {
      timeout: 120_000,
    })
    await expect(pane()).toContainText('It holds what is declared.')
  })
})
