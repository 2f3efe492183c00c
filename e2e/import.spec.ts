import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { startSshdBox } from '../main/testing/sshd-box.ts'
import { launchApp, type RunningApp } from './app.ts'
import { takeScreens } from './screens.ts'

let app: RunningApp
let page: Page
let home: string

test.beforeEach(async () => {
  home = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-home-'))
  mkdirSync(path.join(home, '.ssh'))
  app = await launchApp({ env: { HOME: home } })
  page = app.page
  await page.getByRole('button', { name: /^I Import/ }).click()
})
test.afterEach(async () => {
  await app.close()
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
})

const good = [
  'peak-mini,10.0.0.1,22,dana,Peak Realty,',
  'harbor-mini,10.0.0.2,22,ops,Harbor Wealth,',
  'lakeside-pc,lakeside.example.com,2222,agent,Lakeside Homes,',
  'bright-mini,10.0.0.4,22,dana,Bright Roofing,',
  'elm-mini,10.0.0.5,22,dana,Elm Realty,',
  'nolan-mini,10.0.0.6,22,dana,Nolan Property,peak-mini',
  'cove-pc,10.0.0.7,22,dana,Cove Rentals,',
  'delta-mini,10.0.0.8,22,dana,Delta Insure,',
  'fox-mini,10.0.0.9,22,dana,Fox & Daughters,',
  'grant-mini,10.0.0.10,22,dana,Grant Homes,',
  'alder-mini,10.0.0.11,22,dana,Alder Homes,',
  'a-machine-whose-name-somebody-made-sixty-characters-long-x1,10.0.0.12,22,dana,The Client Whose Name Somebody Made Sixty Characters Long Ltd,',
]
const bad = [
  'no-host,,22,dana,,',
  'port-zero,10.1.0.2,0,dana,,',
  'port-high,10.1.0.3,99999,dana,,',
  'port-word,10.1.0.4,ssh,dana,,',
  'spaces,10.1.0.5 and more,22,dana,,',
  'shell,$(reboot),22,dana,,',
  'html,<img src=x onerror=alert(1)>,22,dana,,',
  'dash,-oProxyCommand=sh,22,dana,,',
  'hop-gone,10.1.0.9,22,dana,,nowhere',
  'cells,10.1.0.10,22,dana,,,,extra,cells',
  'user-dash,10.1.0.11,22,-l,,',
  'quote,"10.1.0.12,22,dana,,',
]
const csv = `name,host,port,user,client,jump\n${[...good, ...bad].join('\n')}\n`

const choose = (name: string, text: string) =>
  page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })

test('twelve good and twelve bad rows: the good are offered, the bad named with line and reason', async () => {
  await takeScreens(page, 'import')
  await choose('fleet.csv', csv)
  await expect(page.getByRole('button', { name: /^Import 12 machines/ })).toBeVisible()
  const named = page.locator('[data-bad-line]')
  await expect(named).toHaveCount(12)
  for (const [at, row] of bad.entries()) {
    const line = page.locator(`[data-bad-line="${good.length + at + 2}"]`)
    await expect(line, row).toHaveCount(1)
    expect((await line.innerText()).length, row).toBeGreaterThan(20)
  }
  await takeScreens(page, 'import-preview')
  await page.setViewportSize({ width: 960, height: 600 })
  await expect(page.getByRole('button', { name: /^Import 12 machines/ })).toBeInViewport()
  await page.setViewportSize({ width: 1280, height: 800 })

  await page.getByRole('button', { name: /^Import 12 machines/ }).click()
  await expect(page.getByText('12 machines were added.').first()).toBeVisible()
  await expect(page.getByText('Host key not accepted yet · 12')).toBeVisible()
  await takeScreens(page, 'import-after')

  await page.getByRole('button', { name: /^Undo/ }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByText(/No machines yet/).first()).toBeVisible()
})

test('rows can be left out, and nothing of a refused import is saved', async () => {
  await choose('fleet.csv', csv)
  await page.getByRole('checkbox', { name: 'peak-mini', exact: true }).uncheck()
  await expect(page.getByText('Its jump host peak-mini is not chosen.')).toBeVisible()
  await page.getByRole('button', { name: /^Import 11 machines/ }).click()
  await expect(page.getByRole('alert')).toContainText('jump host')
  await page.getByRole('checkbox', { name: 'nolan-mini', exact: true }).uncheck()
  await page.getByRole('button', { name: /^Import 10 machines/ }).click()
  await expect(page.getByText('10 machines were added.').first()).toBeVisible()
})

test('an ssh_config is read whole, and what it holds that is not used is listed', async () => {
  await choose(
    'config',
    [
      'Host bastion',
      '  HostName 203.0.113.7',
      '  User ops',
      'Host peak-mini',
      '  HostName 10.0.0.5',
      '  Port 2222',
      '  User dana',
      '  ProxyJump bastion',
      '  ProxyCommand nc %h %p',
      'Host *.internal',
      '  User agent',
      'Match exec "reboot"',
      '  User root',
    ].join('\n'),
  )
  await expect(page.getByRole('button', { name: /^Import 2 machines/ })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Not used' })).toContainText('ProxyCommand')
  await takeScreens(page, 'import-ssh-config')
})

test('a column can be given another field', async () => {
  await choose('odd.csv', 'Rechner,Adresse\npeak,10.0.0.1\nharbor,10.0.0.2\n')
  await expect(page.getByText('No column fills Host.')).toBeVisible()
  await page.getByRole('region', { name: 'Columns' }).getByRole('combobox').nth(1).selectOption({ label: 'Host' })
  await page.getByRole('region', { name: 'Columns' }).getByRole('combobox').nth(0).selectOption({ label: 'Name' })
  await page.getByRole('button', { name: /^Import 2 machines/ }).click()
  await expect(page.getByText('2 machines were added.').first()).toBeVisible()
})

test('keys of known_hosts are pinned on request, and all that are trusted are enrolled', async () => {
  const boxes = await Promise.all([startSshdBox(), startSshdBox()])
  try {
    const known = await Promise.all(
      boxes.map(async (box) => `[127.0.0.1]:${box.port} ssh-ed25519 ${await box.hostKey()}`),
    )
    writeFileSync(path.join(home, '.ssh', 'known_hosts'), `# mine\n${known.join('\n')}\n`)
    const hosts = boxes.map(
      (box, at) =>
        `Host real-${at + 1}\n  HostName ${box.host}\n  Port ${box.port}\n  User ${box.user}\n  IdentityFile ${box.keyPath}`,
    )
    await choose('config', `${hosts.join('\n')}\nHost stranger\n  HostName 127.0.0.1\n  Port 9\n  User dana\n`)
    await page.getByRole('button', { name: /^Import 3 machines/ }).click()
    await page.getByRole('button', { name: 'Look in known_hosts' }).click()
    await expect(page.getByText('known_hosts, line 2', { exact: false })).toBeVisible()
    await takeScreens(page, 'import-known-hosts')
    await page.getByRole('button', { name: 'Pin 2 keys' }).click()
    await expect(page.getByText('2 host keys were pinned', { exact: false })).toBeVisible()
    await page.getByRole('button', { name: 'Enrol all 2 that are trusted' }).click()
    await expect(page.getByText('enrolled', { exact: true })).toHaveCount(2, { timeout: 60_000 })
    await expect(page.getByText('Host key not accepted yet · 1')).toBeVisible()
    await takeScreens(page, 'import-enrolled')
    await page.getByRole('button', { name: 'Look at its key' }).click()
    await expect(page.getByText('stranger is there but takes no SSH connection on port 9.')).toBeVisible()
  } finally {
    await Promise.all(boxes.map((box) => box.stop()))
  }
})
