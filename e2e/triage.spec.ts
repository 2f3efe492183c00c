import { expect, type Page, test } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { demoForAll, openByName } from './demo.ts'
import { unnamed } from './names.ts'
import { takeScreens } from './screens.ts'

/** The demo fleet read once; each machine's own trouble is asked for, as at three at night with a client on the phone. */
test.describe('why it went quiet', () => {
  let app: RunningApp
  let page: Page

  demoForAll((started) => {
    app = started
    page = app.page
  })

  const questions = () => page.getByRole('listbox', { name: 'Questions' }).getByRole('option')
  const chosen = () => page.getByRole('option', { selected: true })
  const lead = () => page.locator('[data-lead]')
  const triageOf = async (name: string) => {
    await openByName(page, name)
    await page.keyboard.press('t')
    await expect(page).toHaveTitle(new RegExp(`Why quiet: ${name}`))
    await expect(lead()).toBeVisible()
  }

  /** Rows that lie half under the sentence on top. */
  const cutRows = () =>
    page.getByRole('listbox', { name: 'Questions' }).evaluate((list) => {
      const edge = list.previousElementSibling?.getBoundingClientRect().bottom ?? 0
      const rows = [...list.children].map((row) => row.getBoundingClientRect())
      return rows.filter(({ top, bottom }) => top < edge - 1 && bottom > edge + 1).length
    })

  test('T on a machine asks in order, the version gap first, and names the likely cause', async () => {
    await triageOf('harbor-mini')
    await expect(questions().first()).toHaveAttribute('data-probe', 'version-gap')
    await expect(lead()).toHaveText(/^Most likely: it is refused by its model/)
    await expect(chosen()).toHaveAttribute('data-probe', 'model')
    const pane = page.getByRole('complementary', { name: 'The chosen question' })
    await expect(pane).toContainText('Next step')
    await expect(pane).toContainText('Shown on the machine by')
    expect(await unnamed(page)).toEqual([])
    expect(await cutRows()).toBe(0)
    await takeScreens(page, 'triage')
  })

  test('J and K move, Enter shows the evidence, Esc goes back step by step', async () => {
    await page.keyboard.press('k')
    await expect(chosen()).not.toHaveAttribute('data-probe', 'model')
    await page.keyboard.press('j')
    await expect(chosen()).toHaveAttribute('data-probe', 'model')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toContainText('lastFailure')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('heading', { level: 1, name: 'harbor-mini' })).toBeVisible()
  })

  test('R asks the machine now, and the answers are fresh', async () => {
    await triageOf('harbor-mini')
    await page.keyboard.press('r')
    await expect(page.getByRole('button', { name: 'Ask it now' })).toBeDisabled()
    await expect(page.getByRole('button', { name: 'Ask it now' })).toBeEnabled({ timeout: 60_000 })
    await expect(lead()).toHaveText(/^Most likely: it is refused by its model/)
  })

  test('a machine that does not answer says so before all that was known of it', async () => {
    await triageOf('nolan-mini')
    await expect(lead()).toHaveAttribute('data-lead', 'reach')
    await expect(page.getByText(/Tried/)).toBeVisible()
    await takeScreens(page, 'triage-offline')
  })

  test('in a small window the chosen question comes over the list', async () => {
    await page.setViewportSize({ width: 960, height: 600 })
    await triageOf('cove-mini')
    await expect(lead()).toHaveText(/^Most likely: nobody has logged in since the restart /)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toContainText('Next step')
    await page.keyboard.press('Escape')
  })
})
