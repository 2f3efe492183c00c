import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { demoForAll, openByName } from './demo.ts'
import { unnamed } from './names.ts'
import { takeScreens } from './screens.ts'

/** The demo fleet read once; the tests walk through it in order, as an operator does in the morning. */
test.describe('the daily round', () => {
  let app: RunningApp
  let page: Page

  demoForAll((started) => {
    app = started
    page = app.page
  })

  const rows = () => page.getByRole('listbox', { name: 'Review' }).getByRole('option')
  const chosen = () => page.getByRole('option', { selected: true })
  const fleetRows = () => page.getByRole('grid', { name: 'Machines' }).locator('[data-box]')

  test('R sweeps, with a number, and the review fills worst first', async () => {
    const sweep = page.getByRole('button', { name: 'Sweep now' })
    await page.keyboard.press('r')
    await expect(sweep).toBeDisabled()
    await expect(page.getByRole('progressbar', { name: 'Sweep' })).toContainText(/\d+ of 12 · /)
    await expect(sweep).toBeEnabled({ timeout: 90_000 })
    await expect(rows().first()).toBeVisible()
    expect(
      await rows()
        .first()
        .getByRole('img')
        .first()
        .getAttribute('aria-label')
        .catch(() => null),
    ).not.toBe('OK')
    await expect(page.getByText(/12 machines · \d+ answered/)).toBeVisible()
    await takeScreens(page, 'review')
  })

  test('J and K move, and the pane follows', async () => {
    const first = await rows().nth(0).getAttribute('data-item')
    const second = await rows().nth(1).getAttribute('data-item')
    await expect(chosen()).toHaveAttribute('data-item', String(first))
    await page.keyboard.press('j')
    await expect(chosen()).toHaveAttribute('data-item', String(second))
    await page.keyboard.press('k')
    await expect(chosen()).toHaveAttribute('data-item', String(first))
    await expect(page.getByRole('complementary', { name: 'The chosen row' })).toContainText('Next step')
  })

  test('the focus ring goes along with J, and what leaves takes no key', async () => {
    await chosen().focus()
    await page.keyboard.press('j')
    await expect(chosen()).toBeFocused()
    await page.keyboard.press('k')
    await expect(chosen()).toBeFocused()
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('combobox')).toBeFocused()
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await expect(page).toHaveTitle('Settings · Wheelhouse')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('listbox', { name: 'Review' })).toBeVisible()
  })

  test('every control has a name on every page', async () => {
    for (const address of ['#/review', '#/fleet', '#/add', '#/import', '#/new-client', '#/settings', '#/review']) {
      await page.evaluate((hash) => {
        location.hash = hash
      }, address)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      expect(await unnamed(page), address).toEqual([])
    }
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toBeVisible()
    expect(await unnamed(page)).toEqual([])
    await page.keyboard.press('Escape')
  })

  test('no letter is shown as a key while letters are turned off', async () => {
    const cap = page.getByRole('button', { name: 'Sweep now' }).locator('kbd')
    await expect(cap).toBeVisible()
    await page.keyboard.press('Control+8')
    await page.getByRole('checkbox', { name: 'Single letters are keys' }).uncheck()
    await page.keyboard.press('Control+1')
    await expect(cap).toBeHidden()
    await page.keyboard.press('Control+8')
    await page.getByRole('checkbox', { name: 'Single letters are keys' }).check()
    await page.keyboard.press('Control+1')
    await expect(cap).toBeVisible()
  })

  test('X marks every row seen, the count beside Review falls to nothing, and the review ends', async () => {
    const unseen = page.locator('[data-item][data-seen="false"]')
    for (let left = await unseen.count(); left > 0; left = await unseen.count()) {
      const key = await chosen().getAttribute('data-item')
      await expect(chosen()).toHaveAttribute('data-seen', 'false')
      await page.keyboard.press('x')
      await expect(page.locator(`[data-item="${key}"]`)).toHaveAttribute('data-seen', 'true')
    }
    await expect(page.getByText(/^Review done\. (\d+ left for later|\d+ still open, \d+ put off)\.$/)).toBeVisible()
    await expect(page.getByRole('button', { name: 'Review', exact: true })).toBeVisible()
    await page.keyboard.press('x')
    await expect(unseen).toHaveCount(1)
  })

  test('G F opens the fleet; the table filters, sorts, groups and folds', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('f')
    await expect(fleetRows()).toHaveCount(12)
    await expect(page.getByText('12 machines · worst first')).toBeVisible()
    await expect(page.getByRole('button', { name: /^\d+ machines: / }).first()).toBeVisible()
    await takeScreens(page, 'fleet')

    await page.keyboard.press('/')
    await page.keyboard.type('is:behind client:peak')
    await expect(fleetRows()).toHaveCount(1)
    await page.keyboard.press('Escape')
    await expect(fleetRows()).toHaveCount(12)

    const worst = await fleetRows().first().getAttribute('data-box')
    const head = page.getByRole('columnheader', { name: 'Behind' })
    await head.getByRole('button').click()
    await expect(head).toHaveAttribute('aria-sort', 'descending')
    expect(await fleetRows().first().getAttribute('data-box')).not.toBe(worst)
    await head.getByRole('button').click()
    await expect(head).toHaveAttribute('aria-sort', 'ascending')
    await head.getByRole('button').click()
    await expect(page.getByText('12 machines · worst first')).toBeVisible()
    expect(await fleetRows().first().getAttribute('data-box')).toBe(worst)

    await page.keyboard.press('Alt+g')
    await expect(page.getByText('grouped by client')).toBeVisible()
    for (let more = 0; more < 5; more++) await page.keyboard.press('Alt+g')
    await expect(page.getByText('grouped by')).toHaveCount(0)
  })

  test('X and ⇧ select, the foot says what can be done, Space peeks', async () => {
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.keyboard.press('Shift+ArrowDown')
    await expect(page.locator('footer')).toContainText('2 machines')
    await page.keyboard.press('Control+a')
    await expect(page.locator('footer')).toContainText('12 machines')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Space')
    await expect(page.getByRole('complementary', { name: 'The chosen machine' })).toBeVisible()
    await takeScreens(page, 'fleet-peek')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('complementary', { name: 'The chosen machine' })).toHaveCount(0)
  })

  test('a column hidden and put back stays so after a reload', async () => {
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('checkbox', { name: 'Days' }).uncheck()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('columnheader', { name: 'Days' })).toHaveCount(0)
    await page.reload()
    await expect(fleetRows()).toHaveCount(12)
    await expect(page.getByRole('columnheader', { name: 'Days' })).toHaveCount(0)
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('button', { name: 'As it was at first' }).click()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('columnheader', { name: 'Days' })).toBeVisible()
  })

  test('the palette finds machines and says why an action does not apply', async () => {
    // A page that was just opened has changed nothing yet.
    await page.reload()
    await expect(fleetRows()).toHaveCount(12)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('undo')
    await expect(page.getByText('Nothing was changed that can be taken back.')).toBeVisible()
    await page.getByRole('combobox').fill('mini')
    await takeScreens(page, 'palette')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await openByName(page, 'peak-mini')
  })

  test('the machine page puts what is wrong first and shows where a fact comes from', async () => {
    const lines = page.getByRole('treeitem')
    await expect(page.getByRole('group', { name: 'Not right' })).toBeVisible()
    await takeScreens(page, 'machine')
    await page.keyboard.press('j')
    await expect(lines.first()).toHaveAttribute('aria-selected', 'true')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toContainText('What said so')
    await takeScreens(page, 'machine-evidence')
    await page.keyboard.press('Escape')
    const group = page.getByRole('treeitem', { name: /^Reach(?!ed)/ })
    await expect(group).toHaveAttribute('aria-expanded', 'false')
    await group.click()
    await expect(group).toHaveAttribute('aria-expanded', 'true')
    await page.keyboard.press('ArrowLeft')
    await expect(group).toHaveAttribute('aria-expanded', 'false')
  })

  test('a quirk is written where it stands, and undone by one key', async () => {
    await page.keyboard.press('n')
    await page.keyboard.type('The router needs a minute.')
    await page.keyboard.press('Control+Enter')
    const offer = page.getByRole('button', { name: 'Undo' })
    await expect(offer).toBeVisible()
    const settings = await page.getByRole('button', { name: 'Settings' }).boundingBox()
    const undo = await page.getByRole('status').filter({ has: offer }).boundingBox()
    expect(undo && settings && undo.y + undo.height <= settings.y && undo.x + undo.width <= 200).toBe(true)
    await expect(page.getByText('The router needs a minute.')).toBeVisible()
    await page.keyboard.press('Control+z')
    await expect(offer).toHaveCount(0)
    await expect(page.getByText('The router needs a minute.')).toHaveCount(0)
  })

  test('whose a channel is stands on its line: said and taken back, and fixed for iMessage', async () => {
    const group = page.getByRole('treeitem', { name: /^Who it answers/ })
    const door = (name: string) => page.getByRole('treeitem').filter({ hasText: `Answers, ${name}/default` })
    const open = async () => {
      if ((await group.count()) > 0 && (await group.getAttribute('aria-expanded')) === 'false') await group.click()
    }
    await open()
    await expect(door('imessage')).toContainText('Client’s own')
    await expect(door('imessage').getByRole('combobox')).toHaveCount(0)
    await openByName(page, 'alder-mini')
    await open()
    const kind = door('telegram').getByRole('combobox', { name: 'Kind of Telegram' })
    await expect(kind).toHaveValue('')
    await kind.selectOption('Public')
    await expect(page.getByText('Telegram on alder-mini: Public.')).toBeVisible()
    await expect(kind).toHaveValue('public')
    await takeScreens(page, 'machine-channel')
    await kind.focus()
    await page.keyboard.press('Control+z')
    await expect(kind).toHaveValue('')
  })

  test('a channel that is taken out of the machine stays until it is removed, and comes back by one key', async () => {
    const file = path.join(app.dataDir, 'demo', 'boxes', 'alder-mini', '.openclaw', 'openclaw.json')
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), channels: {} }))
    await page.getByRole('button', { name: 'Sweep' }).click()
    const gone = page.getByRole('region', { name: 'Channels no longer found' })
    await expect(gone).toContainText('Telegram · not said yet')
    await takeScreens(page, 'machine-channel-gone')
    await gone.getByRole('button', { name: 'Remove' }).click()
    await expect(gone).toHaveCount(0)
    await page.keyboard.press('Control+z')
    await expect(gone).toBeVisible()
  })

  test('a changed key leaves two fingerprints and one way on', async () => {
    await openByName(page, 'elm-mini')
    await expect(page.getByRole('alert')).toContainText('This machine shows another key than the one you trusted.')
    await expect(page.getByTestId('fingerprint')).toHaveCount(2)
    await expect(page.getByRole('button', { name: 'Sweep' })).toHaveCount(0)
    await takeScreens(page, 'machine-key-changed')
  })

  test('a machine that does not answer shows old values with their age and whom to ask', async () => {
    await openByName(page, 'nolan-mini')
    await expect(page.getByText('Ask there')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Write a message' })).toBeVisible()
    await takeScreens(page, 'machine-offline')
  })

  test('? lists the keys of the page, and Esc leads back', async () => {
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toContainText('All keys here')
    await expect(page.getByRole('dialog')).toContainText('Copy the ssh command')
    await takeScreens(page, 'keys')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('heading', { level: 1, name: 'elm-mini' })).toBeVisible()
  })

  test('nothing is cut at 960 × 600, and the pane comes as a sheet', async () => {
    await page.setViewportSize({ width: 960, height: 600 })
    for (const keys of [
      ['g', 'r'],
      ['g', 'f'],
    ]) {
      for (const key of keys) await page.keyboard.press(key)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      const cut = await page.evaluate(() => {
        const root = document.getElementById('root')
        return root === null || root.scrollWidth > root.clientWidth
      })
      expect(cut).toBe(false)
    }
    await expect(fleetRows().getByText('peak-mini')).toBeVisible()
    await expect(fleetRows().getByText('iMessage: everyone who writes')).toBeVisible()
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await page.keyboard.press('Space')
    await expect(page.getByRole('dialog')).toContainText('Next step')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })
})
