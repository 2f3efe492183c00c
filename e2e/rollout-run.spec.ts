import { expect, type Page, test } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { demoForAll } from './demo.ts'
import { unnamed } from './names.ts'
import { takeScreens } from './screens.ts'

/** Longest a drill on a loaded machine takes, all of the demo together; and one wave of a rollout, its looks included. */
const drillsWithinMs = 300_000
const waveWithinMs = 240_000

/** From an edited value to every machine, and back again; the tests go on from each other. */
test.describe('rollout run', () => {
  let app: RunningApp
  let page: Page

  demoForAll(
    (started) => {
      app = started
      page = app.page
    },
    { engineInChild: true },
  )

  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const decisions: string[] = []
  /** A key that decides something, not one that only moves. */
  const decide = async (what: string, act: () => Promise<unknown>) => {
    decisions.push(what)
    await act()
  }
  const sheet = () => page.getByRole('dialog')
  const start = () => page.getByRole('region', { name: 'Start' })
  const choices = () => page.getByRole('region', { name: 'Choices to make' })
  const lanes = () => page.getByRole('listbox', { name: 'Machines by wave' })
  const question = () => page.getByRole('region', { name: 'It waits for you' })
  const report = () => page.getByRole('region', { name: 'Report' })
  const state = () => page.locator('header [role="status"]')
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })

  test('an edited value is a patch, and its preview says who goes in which wave', async () => {
    test.setTimeout(drillsWithinMs + 120_000)
    await press('g', 'o')
    await page.locator('[data-layer]').filter({ hasText: 'Fleet' }).first().click()
    await page.getByRole('navigation', { name: 'Sections' }).getByRole('button', { name: 'Logging' }).click()
    await page.locator('[data-value-path="sections.logging.level"]').getByRole('combobox').selectOption('warn')
    await press('Control+s')
    await sheet().getByLabel('Why').fill('Less noise in the logs')
    await decide('make a patch of it', () => sheet().getByRole('button', { name: 'Make a patch…' }).click())
    await expect(sheet()).toContainText('setting sections.logging.level')
    await expect(sheet().getByLabel('Name')).toHaveValue('logging-level')
    await expect(sheet().getByRole('button', { name: 'Make the patch' })).toBeEnabled()
    await decide('this patch', () => sheet().getByLabel('Why').press('Enter'))
    await expect(start()).toContainText('choices left')
    const working = page.getByText(/^The (drill runs|answers are being recorded)/)
    // On a computer too busy for it a machine does not show in time that it goes back; the drill runs there again.
    await expect(async () => {
      if ((await working.count()) === 0) await decide('take the recommended answers', () => press('a'))
      await expect(choices()).toHaveCount(0, { timeout: 60_000 })
    }).toPass({ timeout: drillsWithinMs })
    const order = page.getByRole('region', { name: 'Order' })
    await expect(order).toContainText('Lab')
    await expect(order).toContainText('after the lab passes')
    await expect(order.getByRole('button', { name: 'Now' })).toHaveAttribute('aria-pressed', 'true')
    await press('h')
    await expect(order).toContainText('after their hours')
    await press('h')
    await expect(start().getByRole('button', { name: 'Start with the lab' })).toBeEnabled()
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'preview')
  })

  test('⌘↵ asks in a dialog of the system; a no sends nothing, a yes begins with the lab', async () => {
    test.setTimeout(waveWithinMs)
    const asked = app.dialogs().length
    await press('Control+Enter')
    await app.asked(asked + 1)
    await expect(start()).toContainText('It was not confirmed, so nothing was sent.')
    app.answerDialog('Start')
    await decide('start it', () => press('Control+Enter'))
    decisions.push('yes in the dialog of the system')
    await expect(page.getByRole('heading', { level: 1, name: 'logging-level' })).toBeVisible()
    await expect(lanes().getByRole('region', { name: /^Lab/ }).getByRole('option').first()).toContainText(
      /of 6|Left at work|Looked at again|Changed/,
      { timeout: 60_000 },
    )
    const most = decisions.filter((what) => what.startsWith('take')).length > 1 ? decisions.length : 5
    expect(decisions.length, decisions.join('; ')).toBeLessThanOrEqual(most)
    test.info().annotations.push({ type: 'decisions', description: `${decisions.length}: ${decisions.join('; ')}` })
    console.log(`decisions from the saved edit to the running canary: ${decisions.length} (${decisions.join('; ')})`)
  })

  test('P pauses after what is under way, and goes on; elsewhere it is said that it runs', async () => {
    test.setTimeout(2 * waveWithinMs)
    await press('p')
    await expect(state()).toContainText(/^paus/)
    await expect(state()).toContainText(/^paused/, { timeout: waveWithinMs })
    await press('g', 'r')
    await expect(page.getByText('Rollout logging-level')).toBeVisible()
    await button('Open').click()
    await press('p')
    await expect(state()).not.toContainText('paus')
    await press('g', 'u')
    await expect(page.getByRole('region', { name: 'Rollouts' })).toContainText('logging-level')
    await page.getByRole('region', { name: 'Rollouts' }).getByRole('button').first().click()
    await expect(lanes()).toBeVisible()
  })

  /** Takes whatever is asked as good enough, until the given thing is on screen. */
  const until = async (there: () => Promise<boolean>, withinMs: number) => {
    await expect(async () => {
      if (await there()) return
      if ((await question().count()) > 0) {
        console.log(`asked: ${await question().innerText()}`)
        await takeScreens(page, 'rollout-question')
        await press('c')
        await expect(question()).toHaveCount(0, { timeout: 15_000 })
      }
      expect(await there()).toBe(true)
    }).toPass({ timeout: withinMs, intervals: [100] })
  }

  test('the machine under way is followed until somebody moves', async () => {
    test.setTimeout(4 * waveWithinMs)
    const inWave = lanes()
      .getByRole('region', { name: /^Wave 2/ })
      .getByRole('option')
      .filter({ hasText: /[23] of 6/ })
    await until(async () => (await inWave.count()) > 0, 3 * waveWithinMs)
    await takeScreens(page, 'rollout-run')
    await expect(state()).toContainText(/^wave 2 of 2/)
    await expect(page.getByRole('complementary', { name: 'The chosen machine' })).toContainText(/Step \d of \d/)
    expect(await unnamed(page)).toEqual([])
    const chosen = () => lanes().getByRole('option', { selected: true }).getAttribute('data-lane')
    const followed = await chosen()
    await press('k')
    expect(await chosen()).not.toBe(followed)
    await press('j')
    expect(await chosen()).toBe(followed)
    await press('f')
  })

  test('it ends as its own report, which is copied and found again', async () => {
    test.setTimeout(4 * waveWithinMs)
    await until(async () => (await report().count()) > 0, 3 * waveWithinMs)
    await expect(report()).toContainText(/^Changed \d of \d/)
    await expect(report()).toContainText('its settings are kept in their layers')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'rollout-report')
    await press('l')
    await expect(page.getByRole('heading', { level: 1, name: 'Logs' })).toBeVisible()
    await press('Escape')
    await expect(report()).toBeVisible()
    await press('y')
    await expect(page.getByText('Copied: the report, as Markdown.')).toBeVisible()
    await press('Escape')
    await press('Control+k')
    await page.getByRole('combobox').fill('logging-level changed')
    await expect(page.getByRole('option', { name: /logging-level/ }).first()).toBeVisible()
    await press('Escape')
  })

  test('it finds its way at 960 × 600', async () => {
    await page.setViewportSize({ width: 960, height: 600 })
    await lanes().getByRole('option').first().click()
    await expect(sheet()).toContainText('Steps')
    await press('Escape')
    await expect(sheet()).toHaveCount(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(960)
    await page.screenshot({ path: 'out/rollout-report-960.png' })
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  test('B puts back what it changed, machine by machine', async () => {
    test.setTimeout(3 * waveWithinMs)
    await press('b')
    await expect(sheet()).toContainText('the settings of the patch are taken back out of their layers too')
    expect(await sheet().getByRole('checkbox').count()).toBeGreaterThan(1)
    await takeScreens(page, 'rollout-put-back')
    await press('Control+Enter')
    await expect(sheet()).toContainText('It was not confirmed, so nothing was sent.')
    app.answerDialog('Take it back')
    await press('Control+Enter')
    await expect(page.getByRole('heading', { level: 1, name: 'Put back: logging-level' })).toBeVisible()
    await until(async () => (await report().count()) > 0, 2 * waveWithinMs)
    await expect(report()).toContainText(/^Took back \d of \d/)
    await report().getByRole('button', { name: 'what it put back' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'logging-level', exact: true })).toBeVisible()
    await expect(report()).toContainText('its settings are taken back out of their layers')
  })

  test('⌘. stops one: what was begun ends, the rest is not attempted; R goes on with those', async () => {
    test.setTimeout(2 * waveWithinMs + drillsWithinMs)
    await press('e')
    await expect(page.getByRole('region', { name: 'What it does' })).toBeVisible()
    await press('p')
    await expect(start()).toBeVisible()
    const ready = start().getByRole('button', { name: 'Start with the lab' })
    const again = start().getByRole('button', { name: 'Preview again' })
    app.answerDialog('Start')
    // Machines are still being looked at after they were put back: what moves meanwhile is previewed again.
    await expect(async () => {
      if ((await lanes().count()) > 0) return
      if ((await again.count()) > 0) await press('r')
      else await press((await ready.count()) > 0 ? 'Control+Enter' : 'a')
      await expect(lanes()).toBeVisible({ timeout: 10_000 })
    }).toPass({ timeout: drillsWithinMs })
    await expect(lanes()).toContainText(/of 6|Left at work/, { timeout: 60_000 })
    await press('Control+.')
    await expect(report()).toContainText(/^Changed \d of \d/, { timeout: waveWithinMs })
    await expect(lanes()).toContainText('Not attempted')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'rollout-stopped')
    await expect(button(/^Retry \d/)).toBeVisible()
    await press('r')
    await expect(lanes()).toContainText(/of 6|Left at work/, { timeout: 60_000 })
    await press('g', 'u')
    await expect(page.getByRole('region', { name: 'Rollouts' }).getByRole('button')).toHaveCount(3)
    await takeScreens(page, 'rollouts')
    await page.getByRole('region', { name: 'Rollouts' }).getByRole('button').first().click()
    await expect(lanes()).toBeVisible()
  })

  test('a console that ended asks the machines when it is back, and goes on only by a word', async () => {
    test.setTimeout(2 * waveWithinMs)
    await expect(lanes()).toContainText(/of 6|Left at work/, { timeout: waveWithinMs })
    process.kill(app.enginePid(), 'SIGKILL')
    await app.engineStart(2)
    await expect(question()).toContainText(/^Interrupted at \d of \d/, { timeout: waveWithinMs })
    await expect(question().getByRole('button', { name: 'Continue' })).toBeVisible()
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'rollout-interrupted')
    await press('g', 'r')
    await expect(page.getByText('A rollout waits for you: logging-level')).toBeVisible()
    await button('Open').click()
    await press('c')
    await expect(page.getByText('It was not confirmed, so nothing was sent.')).toBeVisible({ timeout: 60_000 })
    await press('Escape')
    await press('Control+.')
    await expect(report()).toBeVisible({ timeout: waveWithinMs })
  })
})
