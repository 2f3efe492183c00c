import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, type Page, test } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { demoForAll, sweepAll } from './demo.ts'
import { takeScreens } from './screens.ts'

/** The console beside the operator's work: what it tells outside of its window, and when it keeps still. */
test.describe('notifications', () => {
  let app: RunningApp
  let page: Page
  const machine = 'alder-mini'
  const config = () => path.join(app.dataDir, 'demo', 'boxes', machine, '.openclaw', 'openclaw.json')
  /** Red findings that stand and were neither told nor taken as known; what is put off is not told before its day. */
  const untold = () => {
    const db = new DatabaseSync(path.join(app.dataDir, 'wheelhouse.db'), { readOnly: true })
    try {
      const row = db
        .prepare(
          `select count(*) as count from finding where severity = 'red' and closed_at_ms is null
             and finding_id not in (select finding_id from finding_notice)
             and finding_id not in (select finding_id from snooze)`,
        )
        .get()
      return Number(row?.count)
    } finally {
      db.close()
    }
  }

  demoForAll((started) => {
    app = started
    page = app.page
  })

  test('settings: how often it looks in between, and when it keeps still', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    const pace = page.getByRole('combobox', { name: 'Look in between' })
    await expect(pace).toHaveValue('10')
    await pace.selectOption('Every 30 minutes')
    const from = page.getByRole('textbox', { name: 'Quiet from' })
    await expect(from).toHaveValue('22:00')
    await from.fill('late')
    await from.press('Enter')
    await expect(page.getByText('Write the time as 22:00.')).toBeVisible()
    await from.fill('7')
    await from.press('Enter')
    await expect(from).toHaveValue('07:00')
    const part = page.getByRole('region', { name: 'Notifications' })
    await part.scrollIntoViewIfNeeded()
    await takeScreens(page, 'settings-notifications')
    await page.keyboard.press('Control+1')
    await expect(page.getByRole('listbox', { name: 'Review' })).toBeVisible()
  })

  test('the troubles the demo comes with are no news; a new red one is, once, and so is its end', async () => {
    await sweepAll(page)
    await expect.poll(untold, { timeout: 30_000 }).toBe(0)
    expect(app.notifications()).toEqual([])
    const kept = readFileSync(config(), 'utf8')
    const open = JSON.parse(kept)
    for (const channel of Object.values<Record<string, unknown>>(open.channels))
      Object.assign(channel, { dmPolicy: 'open', allowFrom: ['*'] })
    writeFileSync(config(), JSON.stringify(open))
    await sweepAll(page)
    await app.notified(1)
    expect(app.notifications()[0]?.body).toMatch(/ answers everyone who writes on .+\. \S/)
    await sweepAll(page)
    app.clickNotification()
    await expect(page).toHaveURL(/#\/review$/)
    await expect(page.getByRole('option', { selected: true })).toContainText('answers everyone who writes')
    writeFileSync(config(), kept)
    await sweepAll(page)
    const ended = `${app.notifications()[0]?.title}: over`
    await expect.poll(() => app.notifications().map(({ title }) => title), { timeout: 30_000 }).toContain(ended)
    expect(app.notifications().filter(({ body }) => body.includes('answers everyone'))).toHaveLength(1)
  })
})
