import { execFileSync } from 'node:child_process'
import { expect, type Page, test } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { demoForAll } from './demo.ts'
import { takeScreens } from './screens.ts'

/** What the purpose of the review is measured by: a morning of six troubles and more, by keyboard alone. */
const mostKeys = 40

test.describe('a Monday morning', () => {
  test.describe.configure({ timeout: 300_000 })
  let app: RunningApp
  let page: Page
  let pressed = 0

  demoForAll(async (started) => {
    app = started
    page = app.page
    await expect(row('Nolan Property')).toBeVisible({ timeout: 60_000 })
  })

  const rows = () => page.getByRole('listbox', { name: 'Review' }).getByRole('option')
  const row = (client: string) => rows().filter({ hasText: client })
  const chosen = () => page.getByRole('option', { selected: true })
  const dialog = () => page.getByRole('dialog')
  /** Every key a person would press counts; those of a chord each. */
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) {
      pressed += key.split('+').length
      await page.keyboard.press(key)
    }
  }
  const copyMessage = async (client: string) => {
    await press('m')
    await expect(dialog()).toContainText(client)
    await press('Control+Enter')
    await expect(dialog().getByRole('status')).toContainText(/copied/i)
    await press('Escape')
    await expect(dialog()).toHaveCount(0)
  }
  const snooze = async (...keys: readonly string[]) => {
    await press('z')
    await expect(page.getByRole('dialog', { name: /^Snooze / })).toBeVisible()
    await press(...keys)
    await expect(dialog()).toHaveCount(0)
  }
  const triage = async () => {
    await press('t')
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(/day/)
    await press('Escape')
    await expect(page.getByRole('listbox', { name: 'Review' })).toBeVisible()
  }

  test('opens with what happened while nobody looked, and what needs the operator, worst first', async () => {
    await takeScreens(page, 'morning-start')
    await expect(page.getByText(/^Nobody watched /)).toBeVisible()
    await expect(page.getByText(/came and went/).first()).toBeVisible()
    await press('e')
    await expect(page.getByRole('complementary')).toContainText('Fox & Daughters')
    await takeScreens(page, 'morning-since')
    await press('e')
    for (const [client, sentence] of [
      ['Lakeside Homes', 'answers everyone who writes on iMessage'],
      ['Alder Homes', 'answers nothing'],
      ['Harbor Wealth', 'the key is not accepted'],
      ['Cove Rentals', 'nobody has logged in since'],
      ['Nolan Property', 'has not answered since'],
      ['Bright Roofing', '2 settings and 1 new login key'],
      ['Peak Realty', '366 commits'],
      ['Delta Insure', 'broken config under a running agent'],
    ] as const)
      await expect(row(client)).toContainText(sentence)
    await expect(page.getByRole('option').first()).toContainText('Lakeside Homes')
  })

  test(`is gone through in at most ${mostKeys} keys`, async () => {
    const unseen = page.locator('[data-item][data-seen="false"]')
    const handled: Record<string, () => Promise<void>> = {
      // Its list is put right over ssh; the command is in the clipboard.
      'Lakeside Homes': () => press('y', 'x'),
      'Alder Homes': async () => {
        await triage()
        await press('x')
      },
      'Harbor Wealth': async () => {
        await copyMessage('Dana')
        await snooze('w', '1')
      },
      'Cove Rentals': async () => {
        await copyMessage('Ines')
        await press('x')
      },
      'Nolan Property': async () => {
        await copyMessage('Marcus')
        await snooze('w', '1')
      },
      'Bright Roofing': () => press('a'),
      'Peak Realty': () => snooze('p', '2'),
      'Delta Insure': async () => {
        await triage()
        await press('x')
      },
    }
    for (let left = await unseen.count(); left > 0; left = await unseen.count()) {
      const text = (await chosen().textContent()) ?? ''
      const client = Object.keys(handled).find((name) => text.includes(name))
      if (client === undefined) throw new Error(`No plan for ${text}`)
      await handled[client]?.()
      await expect(unseen).toHaveCount(left - 1)
      if (client === 'Harbor Wealth') await takeScreens(page, 'morning-middle')
    }
    await expect(page.getByText(/^Review done\. (\d+ left for later|\d+ still open, \d+ put off)\.$/)).toBeVisible()
    await takeScreens(page, 'morning-end')
    console.log(`${pressed} keys for the morning`)
    expect(pressed).toBeLessThanOrEqual(mostKeys)
  })

  test('stands in the diary as it ended', async () => {
    const left = /^Review done\. (.*)\.$/.exec((await page.getByText(/^Review done\./).textContent()) ?? '')?.[1]
    const diary = execFileSync(
      process.execPath,
      ['out/main/cli.js', '--data', app.dataDir, '--json', 'ledger', 'list'],
      {
        encoding: 'utf8',
      },
    )
    const entries = JSON.parse(diary) as { kind: string; sentence: string; atMs: number }[]
    const ended = entries.filter(({ kind }) => kind === 'review.ended')
    expect(ended[0]?.sentence).toContain(String(left))
    expect(Date.now() - (ended[0]?.atMs ?? 0)).toBeLessThan(600_000)
    // The reviews of the days before are there, too: nothing was written into it afterwards.
    expect(ended.length).toBeGreaterThan(2)
    expect(await page.getByRole('button', { name: 'Review', exact: true }).count()).toBe(1)
  })
})
