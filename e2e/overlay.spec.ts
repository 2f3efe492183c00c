import { expect, type Page, test } from '@playwright/test'
import { demoForAll } from './demo.ts'
import { unnamed } from './names.ts'
import { takeScreens } from './screens.ts'

/** What the demo's machines are to be, layer by layer; the tests walk through the form in order. */
test.describe('overlay', () => {
  let page: Page

  demoForAll((app) => {
    page = app.page
  })

  const layers = (name: string) => page.locator('[data-layer]').filter({ hasText: name })
  const section = (name: string) => page.getByRole('navigation', { name: 'Sections' }).getByRole('button', { name })
  const field = (path: string) => page.locator(`[data-value-path="${path}"]`)
  const pane = () => page.getByRole('complementary', { name: 'What each machine becomes' })
  const sheet = () => page.getByRole('dialog')
  const openLayer = async (name: string) => {
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await layers(name).first().click()
    await expect(section('Channels')).toBeVisible()
  }
  const save = async (why: string) => {
    await page.keyboard.press('Control+s')
    await expect(sheet().getByRole('heading', { name: 'Review changes' })).toBeVisible()
    await sheet().getByLabel('Why').fill(why)
    await expect(sheet().getByRole('button', { name: 'Save' })).toBeEnabled()
    await page.keyboard.press('Enter')
    await expect(sheet()).toHaveCount(0)
  }

  test('G O shows every layer, widest first; J and Enter open one', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await expect(page.getByRole('heading', { level: 1, name: 'Overlays' })).toBeVisible()
    await expect(page.locator('[data-layer]').first()).toContainText('Fleet')
    await expect(layers('Bright Roofing')).toContainText('1 agent')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'overlays')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'layer: Fleet' })).toBeVisible()
  })

  test('a value of the fleet is set, shown for every machine, reviewed and saved', async () => {
    await section('Logging').click()
    const level = field('sections.logging.level')
    await expect(field('sections.logging.file')).toContainText('Not said: each machine keeps what it has')
    await expect(level.getByRole('combobox')).toHaveValue('info')
    await level.getByRole('combobox').selectOption('warn')
    await expect(level).toContainText('From this layer, unsaved')
    await expect(pane()).toContainText('logging.level')
    await page.keyboard.press('Control+s')
    await expect(sheet()).toContainText('Saving changes no machine')
    await expect(sheet()).toContainText('sections.logging.level')
    await expect(sheet().getByRole('button', { name: 'Save' })).toBeDisabled()
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'overlay-review')
    await page.keyboard.press('Escape')
    await save('Less noise in the logs')
    await expect(level).toContainText('From this layer')
    await expect(page.getByText('Fleet is saved as revision 2')).toBeVisible()
  })

  test('a client shows where the value comes from, says its own, and is put back by a key', async () => {
    await openLayer('Bright Roofing')
    await section('Logging').click()
    const level = field('sections.logging.level')
    await expect(level.getByRole('combobox')).toHaveValue('warn')
    await expect(level).toContainText('From Fleet')
    await level.getByRole('button', { name: 'change here' }).click()
    await expect(level).toContainText('From this layer, unsaved')
    await level.getByRole('combobox').selectOption('debug')
    await level.getByRole('combobox').press('Alt+r')
    await expect(level).toContainText('From Fleet')
    await expect(level.getByRole('combobox')).toHaveValue('warn')
  })

  test('what was typed and is no value stays, with the reason; the header counts it', async () => {
    await section('Hours').click()
    const from = field('sections.heartbeat.from')
    await from.getByRole('textbox').fill('8 am')
    await expect(from.getByRole('alert')).toHaveText('A time of day as 08:30.')
    await expect(page.locator('header')).toContainText('1 place cannot be saved')
    await from.getByRole('textbox').fill('08:30')
    await expect(from.getByRole('alert')).toHaveCount(0)
  })

  test('an exception has an end and a reason', async () => {
    const from = field('sections.heartbeat.from')
    await from.getByRole('button', { name: 'except until…' }).click()
    await sheet().getByLabel('Because').fill('They move house')
    await page.keyboard.press('Enter')
    await expect(from).toContainText(/Left as it is on the machines until .*: They move house/)
    await from.getByRole('button', { name: 'end it' }).click()
    await expect(from).not.toContainText('They move house')
  })

  test('fixed values have a lock, the rule and its incident, and no control', async () => {
    await section('Channels').click()
    const iMessage = page.getByRole('region', { name: 'iMessage' })
    await expect(iMessage).toContainText('The agent can read every conversation on that Mac')
    for (const [label, value] of [
      ['Groups', 'Off'],
      ['Strangers', 'No answer, no pairing code'],
      ['Settings by chat', 'Off'],
    ] as const) {
      const fixed = iMessage.locator('dl > div').filter({ hasText: label })
      await expect(fixed).toContainText(value)
      await expect(fixed).toContainText('Fixed:')
      await expect(fixed.getByRole('img', { name: 'Fixed' })).toBeVisible()
      await expect(fixed.locator('input, select, button')).toHaveCount(0)
    }
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'overlay-form')
  })

  test('who wants everyone gets another number of the client', async () => {
    const iMessage = page.getByRole('region', { name: 'iMessage' })
    const people = iMessage.getByRole('list', { name: 'Who it answers' })
    const before = await people.getByRole('listitem').count()
    await iMessage.getByRole('button', { name: 'Add another number of the client' }).click()
    await iMessage.getByLabel('Number, address or chat id of the client').fill('*')
    await page.keyboard.press('Enter')
    await expect(iMessage.getByRole('alert')).toContainText('“everyone” cannot be saved here')
    await iMessage.getByLabel('Number, address or chat id of the client').fill('+14155550177')
    await page.keyboard.press('Enter')
    await expect(people.getByRole('listitem')).toHaveCount(before + 1)
    await expect(people).toContainText('+14155550177')
    await expect(people).toContainText('not proved yet')
  })

  test('a wildcard and a secret among all settings are refused in place', async () => {
    await page.keyboard.press('/')
    await expect(page.getByRole('heading', { level: 1, name: 'All settings' })).toBeVisible()
    await page.getByLabel('Path of one more setting').fill('channels.imessage.allowFrom')
    await page.getByLabel('Its value').fill('["*"]')
    await page.keyboard.press('Enter')
    const people = field('raw.openclaw.channels.imessage.allowFrom')
    await expect(people.getByRole('alert')).toContainText('"*" stands for everyone')
    await expect(people.getByRole('button', { name: 'Add another number of the client' })).toBeVisible()
    await people.getByRole('button', { name: 'put back' }).click()
    await page.getByLabel('Path of one more setting').fill('channels.telegram.botToken')
    await page.getByLabel('Its value').fill('123456789:AAEx0000000000000000000000000000000')
    await page.keyboard.press('Enter')
    const token = field('raw.openclaw.channels.telegram.botToken')
    await expect(token.getByRole('alert')).toContainText('in plain text at')
    await page.keyboard.press('Control+s')
    await expect(sheet()).toContainText('1 place cannot be saved as it stands.')
    await page.keyboard.press('Escape')
    await token.getByRole('button', { name: 'put back' }).click()
    await page.getByLabel('Words, or a path').fill('gateway port')
    await expect(page.getByRole('list', { name: 'Settings' })).toContainText('gateway.port')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'overlay-settings')
  })

  test('leaving with unsaved edits shows them first; kept as a draft they come back', async () => {
    await page.keyboard.press('Escape')
    await expect(sheet().getByRole('heading', { name: 'Before you leave: unsaved changes' })).toBeVisible()
    await expect(sheet()).toContainText('sections.heartbeat.from')
    await sheet().getByRole('button', { name: 'Leave, keep them as a draft' }).click()
    await expect(sheet()).toHaveCount(0)
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await expect(layers('Bright Roofing').first()).toContainText('1 unsaved')
    await layers('Bright Roofing').first().click()
    await save('They start early')
  })

  test('the history has every revision with its difference, and restores one as a new one', async () => {
    await section('Hours').click()
    const from = field('sections.heartbeat.from')
    await from.getByRole('textbox').fill('09:00')
    await save('An hour later')
    await page.getByRole('button', { name: 'History' }).click()
    const revisions = sheet().getByRole('list', { name: 'Revisions' })
    await expect(revisions.getByRole('listitem')).toHaveCount(2)
    await expect(sheet().getByLabel('Revision 2', { exact: true })).toContainText('An hour later')
    await sheet().getByLabel('Revision 1', { exact: true }).getByRole('button', { name: 'Restore this' }).click()
    await sheet().getByLabel('Why revision 1 again').fill('They start early after all')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'overlay-history')
    await page.keyboard.press('Enter')
    await expect(revisions.getByRole('listitem')).toHaveCount(3)
    await expect(sheet().getByLabel('Revision 3', { exact: true })).toContainText('as revision 1')
    await page.keyboard.press('Escape')
    await expect(from.getByRole('textbox')).toHaveValue('08:30')
  })

  test('a public account is opened with every safeguard, and lacks none without being told', async () => {
    await openLayer('Nolan Property')
    const telegram = page.getByRole('region', { name: 'Telegram' })
    await telegram.getByLabel('Whose it is').selectOption('public')
    await expect(telegram).toContainText('Whoever finds this Telegram account can write to it')
    await expect(telegram.locator('dl > div').filter({ hasText: 'One per sender' })).toContainText('Fixed:')
    await expect(pane().getByRole('region', { name: 'Rules' })).toContainText('a fallback sentence')
    await telegram.getByLabel('Whose it is').selectOption('team')
    await telegram.getByRole('button', { name: 'Add another person' }).click()
    await telegram.getByLabel('Name').fill('Kim')
    await telegram.getByLabel('Handle on this channel').fill('*')
    await expect(telegram.getByRole('alert')).toContainText('"*" stands for everyone')
    await telegram.getByLabel('Handle on this channel').fill('71650099')
    await expect(telegram.getByRole('alert')).toHaveCount(0)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Discard unsaved edits' }).click()
    await expect(telegram.getByLabel('Whose it is')).toHaveValue('')
  })

  test('a file is chosen from this computer and kept by its hash; the plan shows its text against the machine', async () => {
    await openLayer('Bright Roofing')
    await section('Files').click()
    await page.getByLabel('A path inside the workspace').fill('SOUL.md')
    await page.keyboard.press('Enter')
    const file = page.getByRole('region', { name: 'SOUL.md' })
    const choose = (text: string) =>
      file
        .locator('input[type=file]')
        .setInputFiles({ name: 'soul.txt', mimeType: 'text/plain', buffer: Buffer.from(text) })
    await choose('api_key: sk-abcdefghijklmnopqrstuvwxyz\n')
    await expect(file.getByRole('alert').filter({ hasText: 'Line 1 holds a secret in plain text' })).toBeVisible()
    await choose('# Soul\nBe kind.\n')
    await expect(file).toContainText('soul.txt, 16 bytes, is kept here.')
    expect(await unnamed(page)).toEqual([])
    await save('So that it is kind')
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await page.locator('[data-agent]').filter({ hasText: 'Bright Roofing' }).click()
    const changes = page.getByRole('region', { name: 'Changes', exact: true })
    await expect(changes).toContainText('file SOUL.md')
    await changes.getByRole('button', { name: 'Show the text' }).click()
    await expect(changes).toContainText('It is not on the machine.')
    await expect(changes.getByRole('region', { name: /^SOUL.md, / })).toContainText('Be kind.')
    expect(await unnamed(page)).toEqual([])
    await openLayer('Bright Roofing')
  })

  test('it finds its way at 960 × 600', async () => {
    await page.setViewportSize({ width: 960, height: 600 })
    await expect(page.getByRole('button', { name: 'Review changes' })).toBeInViewport({ ratio: 0.99 })
    await page.keyboard.press('p')
    await expect(sheet()).toContainText('What each machine becomes')
    await page.keyboard.press('Escape')
    await expect(sheet()).toHaveCount(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(960)
    await page.setViewportSize({ width: 1280, height: 800 })
  })
})
