import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { type SshdFleet, startSshdFleet } from '../main/testing/sshd-box.ts'
import type { RunningApp } from './app.ts'
import { unnamed } from './names.ts'
import { launchWith } from './real-boxes.ts'
import { takeScreens } from './screens.ts'

const clients = [
  'Alder Dental',
  'Bright Roofing',
  'Cedar Law',
  'Dune Fitness',
  'Elm Homes',
  'Fern Florist',
  'Grove Vets',
  'Harbor Wealth',
  'Iris Salon',
  'Juniper Books',
  'Kite Travel',
  'Lakeside Homes',
]
const settings = (port: number, mode: string) =>
  `gateway.mode   ${mode}\ngateway.port   ${port}\nlogs.keep      24h\nupdate.auto    off\nworkspace      ~/agent\n`

test.describe('one command on twelve machines', () => {
  test.describe.configure({ mode: 'serial' })
  let fleet: SshdFleet
  let app: RunningApp
  let page: Page
  const home = (at: number, name: string) => path.join(fleet.boxes[at]!.home, name)
  const group = (name: string | RegExp) => page.getByRole('region', { name })
  const command = () => page.getByRole('textbox', { name: 'Command', exact: true })

  test.beforeAll(async () => {
    test.setTimeout(120_000)
    fleet = await startSshdFleet(12)
    for (const [at, box] of fleet.boxes.entries()) {
      mkdirSync(box.home, { recursive: true })
      writeFileSync(home(at, 'settings'), settings(at === 7 ? 18790 : 18789, 'local'))
    }
    writeFileSync(home(4, 'broken'), 'settings: permission denied\n')
    app = await launchWith(
      fleet.boxes.map(({ host, port }, at) => ({
        host,
        port,
        user: fleet.user,
        keyPath: fleet.keyPath,
        clientName: clients[at]!,
        name: `${clients[at]!.split(' ')[0]!.toLowerCase()}-mini`,
      })),
    )
    page = app.page
    await page.setViewportSize({ width: 1280, height: 800 })
  })
  test.afterAll(async () => {
    await app.close()
    await fleet.stop()
  })

  test('from a selection of the fleet: whom it reaches stands there before anything is sent', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('f')
    await expect(page.getByRole('grid', { name: 'Machines' })).toBeVisible()
    await page.keyboard.press('Control+a')
    await expect(page.locator('footer')).toContainText('12 machines')
    await page.keyboard.press('c')
    await command().fill('cd; if [ -e broken ]; then cat broken; exit 3; fi; cat settings')
    await expect(page.getByRole('region', { name: 'It reaches' })).toContainText('harbor-mini')
    await expect(page.getByRole('button', { name: /^Run on 12 machines/ })).toBeVisible()
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'command')
    await page.keyboard.press('Control+Enter')
    await app.asked(1)
    const [asked] = app.dialogs()
    expect(asked?.message).toBe('Run this command on 12 machines?')
    expect(asked?.detail).toContain('harbor-mini (Harbor Wealth)')
    expect(asked?.detail).toContain('    cd; if [ -e broken ]; then cat broken; exit 3; fi; cat settings')
    // Cancelled by whoever sits there: nothing was sent.
    await expect(page.getByRole('button', { name: /^Run on 12 machines/ })).toBeEnabled()
    await expect(page.getByRole('region', { name: 'Sent before' })).toHaveCount(0)
  })

  test('ten that agree are one line, the odd one is a difference, the failed one stands apart', async () => {
    app.answerDialog('Run it')
    await page.keyboard.press('Control+Enter')
    await expect(group('10 machines, same 5 lines, exit 0')).toContainText('gateway.port   18789', { timeout: 30_000 })
    const odd = group('1 machine, other than the majority, exit 0')
    await expect(odd).toContainText('harbor-mini')
    await expect(odd).toContainText('−only the majority:gateway.port   18789')
    await expect(odd).toContainText('+only here:gateway.port   18790')
    const failed = group('1 machine, 1 line, exit 3')
    await expect(failed).toContainText('elm-mini')
    await expect(failed).toContainText('settings: permission denied')
    const headings = await page.getByRole('heading', { level: 2 }).allTextContents()
    expect(headings.filter((words) => words.includes('exit')).map((words) => words.split(',')[0])).toEqual([
      '1 machine',
      '1 machine',
      '10 machines',
    ])
    const machines = page.getByRole('region', { name: 'Machines', exact: true }).getByRole('listitem')
    await expect(machines.nth(0)).toContainText('elm-mini')
    await expect(machines.nth(1)).toContainText('harbor-mini')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'command-folded')
  })

  test('retry asks the failed one alone, in the same record', async () => {
    const address = page.url()
    rmSync(home(4, 'broken'))
    app.answerDialog('Run it')
    await page.keyboard.press('r')
    await app.asked(3)
    expect(app.dialogs()[2]?.message).toBe('Run this command on 1 machine?')
    await expect(group('11 machines, same 5 lines, exit 0')).toBeVisible()
    await expect(page.getByRole('region', { name: 'Machines', exact: true })).toContainText('exit 0, sent 2 times')
    expect(page.url()).toBe(address)
  })

  test('Esc stops what runs and keeps what had arrived', async () => {
    await page.keyboard.press('e')
    await command().fill('echo begun; exec sleep 60')
    await expect(page.getByRole('button', { name: /^Run on 12 machines/ })).toBeEnabled()
    app.answerDialog('Run it')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('status').filter({ hasText: '0 of 12' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Machines', exact: true }).getByText('runs')).toHaveCount(12)
    await page.keyboard.press('Escape')
    await expect(page.getByText('You stopped it.', { exact: false })).toBeVisible()
    // Some may have been stopped before their line came.
    await expect(page.getByRole('region', { name: 'Machines', exact: true }).getByText('stopped by you')).toHaveCount(
      12,
    )
    await expect(group(/^\d+ machines?, (same 1 line|1 line|no output), stopped by you$/).first()).toBeVisible()
  })

  test('a command is kept as a snippet, put away, and taken back', async () => {
    await page.keyboard.press('e')
    await page.getByRole('button', { name: 'Snippets' }).click()
    await page.getByRole('textbox', { name: 'Save this command as' }).fill('Sleepers')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'Sleepers', exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Remove Sleepers' }).click()
    await expect(page.getByText('No command is saved yet.')).toBeVisible()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Undo/ }).click()
    await command().fill('uptime')
    await page.getByRole('button', { name: 'Snippets' }).click()
    await page.getByRole('button', { name: 'Sleepers', exact: true }).click()
    await expect(command()).toHaveValue('echo begun; exec sleep 60')
  })
})
