import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { demoForAll, openByName } from './demo.ts'
import { unnamed } from './names.ts'
import { takeScreens } from './screens.ts'

const askedWithinMs = 60_000

/** The demo's lab machine is changed on its disk between two snapshots, which are asked of it over SSH; the tests go on from each other. */
test.describe('patch from a lab machine', () => {
  let page: Page
  let home: string

  demoForAll((app) => {
    page = app.page
    home = path.join(app.dataDir, 'demo', 'boxes', 'lab-mini')
  })

  const sheet = () => page.getByRole('dialog')
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const put = (name: string, text: string, mode = 0o644) => {
    const file = path.join(home, '.openclaw/workspace', name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text, { mode })
  }
  const change = (edit: (config: Record<string, unknown>) => void) => {
    const file = path.join(home, '.openclaw/openclaw.json')
    const config = JSON.parse(readFileSync(file, 'utf8'))
    edit(config)
    writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`)
  }
  const line = (name: string) => sheet().getByRole('checkbox', { name })

  test('F on Rollouts: no snapshot yet, and what to do', async () => {
    await press('g', 'u')
    await expect(page.getByRole('heading', { level: 1, name: 'Rollouts' })).toBeVisible()
    await press('f')
    await expect(sheet().getByLabel('Machine').locator('option:checked')).toHaveText('lab-mini')
    await expect(sheet()).toContainText('No snapshot yet: take one, change the machine, come back.')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'from-lab-empty')
  })

  test('a snapshot is taken with the keyboard; with nothing changed the comparison says so', async () => {
    await sheet().getByLabel('What for').fill('before orders')
    await press('Enter')
    const compare = sheet().getByRole('button', { name: 'Compare with now' })
    await expect(compare).toBeVisible({ timeout: askedWithinMs })
    await expect(sheet()).toContainText('before orders')
    await compare.focus()
    await press('Enter')
    await expect(sheet()).toContainText('Nothing was changed since then.', { timeout: askedWithinMs })
    expect(await unnamed(page)).toEqual([])
    await sheet().getByRole('button', { name: 'Back to the snapshots' }).click()
    await expect(sheet().getByRole('button', { name: 'Open' })).toHaveCount(1)
    await takeScreens(page, 'from-lab-snapshots')
    await press('Escape')
    await expect(sheet()).toHaveCount(0)
  })

  test('what was changed on the machine is told; secrets and who is answered by name alone', async () => {
    change((config) => {
      config.messages = { ...(config.messages as object), responsePrefix: '[orders]' }
      config.mcp = { servers: { sheets: { url: 'https://sheets.example.org/mcp', token: 's3cr3t-5eb63bbbe01eeed0' } } }
      config.gateway = { ...(config.gateway as object), controlUi: { allowInsecureAuth: true } }
    })
    put('AGENTS.md', '# Agent\nAsk before you order anything.\n')
    put('skills/orders/SKILL.md', '---\nname: orders\ndescription: Orders go to the sheet.\n---\nAsk first.\n')
    put('skills/orders/run.mjs', '#!/usr/bin/env node\nimport { send } from "sheets"\nsend()\n', 0o755)
    await openByName(page, 'lab-mini')
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Patch from this machine' }).click()
    await sheet().getByRole('button', { name: 'Compare with now' }).last().click()
    await expect(line('messages.responsePrefix')).toBeChecked({ timeout: askedWithinMs })
    await expect(line('skills/orders/run.mjs')).toBeChecked()
    // The fixed rules refuse it, so it is not in the patch by itself.
    await expect(line('gateway.controlUi.allowInsecureAuth')).not.toBeChecked()
    await expect(sheet().getByRole('region', { name: 'Left out' })).toContainText('mcp.servers.sheets.token')
    await expect(sheet()).not.toContainText('s3cr3t')
    const script = line('skills/orders/run.mjs').locator('xpath=ancestor::li')
    await script.getByRole('button', { name: 'Show its text' }).click()
    await expect(script.getByRole('region', { name: 'Text of skills/orders/run.mjs' })).toContainText('from "sheets"')
    await script.getByRole('button', { name: 'Hide its text' }).click()
    await expect(sheet()).toContainText('A reason is missing.')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'from-lab')
    await sheet().evaluate((node) => node.scrollTo(0, node.scrollHeight))
    await takeScreens(page, 'from-lab-save')
  })

  test('what the rules refuse cannot be saved, and says why beside the line', async () => {
    await line('gateway.controlUi.allowInsecureAuth').check()
    await expect(sheet()).toContainText('refused as it stands')
    await expect(sheet().getByRole('button', { name: 'Save the patch' })).toBeDisabled()
    await line('gateway.controlUi.allowInsecureAuth').uncheck()
    await line('AGENTS.md').focus()
    await press('Space')
    await expect(line('AGENTS.md')).not.toBeChecked()
  })

  test('Enter saves it, and its page says what it does and needs', async () => {
    await sheet().getByLabel('Name').fill('orders')
    await sheet().getByLabel('Why').fill('Orders go to a sheet.')
    await expect(sheet()).not.toContainText('is being read')
    await sheet().getByLabel('Why').press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: 'orders' })).toBeVisible()
    const does = page.getByRole('region', { name: 'What it does' })
    await expect(does).toContainText('messages.responsePrefix')
    await expect(does).toContainText('skills/orders/run.mjs')
    await expect(does).not.toContainText('AGENTS.md')
    await expect(page.locator('body')).toContainText('sheets')
  })

  test('a machine that is away is said, and the snapshots stay', async () => {
    await openByName(page, 'nolan-mini')
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Patch from this machine' }).click()
    await sheet().getByRole('button', { name: 'Take a snapshot' }).click()
    await expect(sheet().getByRole('alert')).toContainText('nolan-mini', { timeout: askedWithinMs })
    await expect(sheet()).toContainText('No snapshot yet')
    expect(await unnamed(page)).toEqual([])
    await page.setViewportSize({ width: 960, height: 600 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(960)
    await press('Escape')
    await expect(sheet()).toHaveCount(0)
  })
})
