import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, type Page, test } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { demoForAll, openByName, sweepAll } from './demo.ts'
import { unnamed } from './names.ts'
import { takeScreens } from './screens.ts'

/** Who can make each agent of the demo speak; the tests walk through the page in order. */
test.describe('access', () => {
  let app: RunningApp
  let page: Page

  demoForAll((started) => {
    app = started
    page = app.page
  })

  const doors = () => page.getByRole('grid', { name: 'Doors' }).locator('[data-door]')
  const chosen = () => page.getByRole('row', { selected: true })
  const pane = () => page.getByRole('complementary', { name: 'The chosen door' })

  test('G A shows every door, the open one first, and the sidebar counts it', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await expect(doors().first()).toContainText('Lakeside Homes')
    await expect(doors().first()).toContainText('everyone who writes')
    await expect(doors().first().getByRole('img')).toHaveAccessibleName('Unsafe')
    await expect(page.locator('footer')).toContainText(/\d+ doors · 1 open/)
    await expect(page.getByRole('button', { name: 'Access 1 need you' })).toBeVisible()
    await expect(doors().filter({ hasText: 'Fox & Daughters' })).toContainText('Clara only')
    await expect(doors().filter({ hasText: 'Nolan Property' })).toContainText('not seen since')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'access')
  })

  test('J and K move, Enter says who and why, Esc comes back', async () => {
    const first = await doors().nth(0).getAttribute('data-door')
    const second = await doors().nth(1).getAttribute('data-door')
    await page.keyboard.press('j')
    await expect(chosen()).toHaveAttribute('data-door', String(second))
    await page.keyboard.press('k')
    await expect(chosen()).toHaveAttribute('data-door', String(first))
    await page.keyboard.press('Enter')
    await expect(pane().getByRole('heading', { level: 2 }).first()).toContainText(
      'Lakeside Homes answers everyone who writes on iMessage',
    )
    await expect(pane().getByRole('region', { name: 'Rules that do not hold' })).toBeVisible()
    await expect(pane().getByRole('region', { name: 'Where it comes from' })).toContainText('* lets everyone in')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'access-door')
    await page.keyboard.press('Escape')
    await expect(pane()).toHaveCount(0)
  })

  test('it filters, sorts, and finds its way at 960 × 600', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('channel:telegram client:nolan -is:ok')
    await expect(doors()).toHaveCount(1)
    await page.keyboard.press('Escape')
    await page.setViewportSize({ width: 960, height: 600 })
    await page.keyboard.press('Enter')
    await expect(pane()).toBeInViewport({ ratio: 0.99 })
    await page.keyboard.press('Escape')
    await expect(pane()).toHaveCount(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(960)
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  test('⇧K, Enter stops the open door; what was seen stays on screen', async () => {
    const dialog = page.getByRole('dialog')
    await page.keyboard.press('Shift+K')
    await expect(dialog).toContainText('iMessage at Lakeside Homes answers everyone who writes')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'stop-channel')
    await page.keyboard.press('e')
    await expect(dialog).toContainText(/iMessage on \d+ machines will answer nobody/)
    await page.keyboard.press('e')
    await expect(dialog).toContainText('iMessage at Lakeside Homes answers everyone who writes')
    await page.keyboard.press('Enter')
    await expect(dialog.getByRole('heading', { name: 'iMessage at Lakeside Homes' })).toBeVisible()
    await expect(dialog).toContainText(/iMessage on lakeside-mini is off[.:].*Checked just now\./, { timeout: 40_000 })
    await expect(dialog.getByRole('alert')).toHaveCount(0)
    await takeScreens(page, 'stop-channel-off')
  })

  test('one key back: whom it would answer is said first', async () => {
    const dialog = page.getByRole('dialog')
    await page.keyboard.press('s')
    await expect(dialog.getByRole('heading', { name: 'Start it again' })).toBeVisible()
    await expect(dialog).toContainText('iMessage answers EVERYONE')
    // Fixed rules refuse it, and lead to what mends them.
    await expect(dialog.getByRole('alert')).toContainText('It stays off: fixed rules refuse it.')
    await expect(dialog.getByRole('button', { name: 'Turn iMessage on' })).toHaveCount(0)
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'start-channel')
    await page.keyboard.press('f')
    await expect(dialog.getByRole('heading', { name: 'Fix the rules at lakeside-mini' })).toBeVisible()
    await expect(dialog.getByRole('region', { name: 'Changes' })).toContainText('channels.imessage.allowFrom')
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
  })

  test('after the next look the door is off, and the key stops nothing else in its place', async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await sweepAll(page)
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await doors().filter({ hasText: 'Lakeside Homes' }).click()
    await page.keyboard.press('Enter')
    await expect(pane().getByRole('heading', { level: 2 }).first()).toContainText('Lakeside Homes is off on iMessage')
    await expect(pane().getByRole('button', { name: 'Start it again' })).toBeVisible()
    await page.keyboard.press('Shift+K')
    await expect(page.getByRole('dialog')).toContainText('This channel is off already')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })

  test('F shows what mends the door though it is off, and whom it would answer then', async () => {
    const dialog = page.getByRole('dialog')
    await page.keyboard.press('f')
    await expect(dialog.getByRole('heading', { name: 'Fix the rules at Lakeside Homes' })).toBeVisible()
    await expect(dialog.getByRole('region', { name: 'Whom it answers then' })).toContainText('It stays off.')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'fix-rules')
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
  })

  test('⇧K is there from a machine and from a row of the review', async () => {
    const dialog = page.getByRole('dialog')
    await page.keyboard.press('Escape')
    await openByName(page, 'fox-mini')
    await page.keyboard.press('Shift+K')
    await expect(dialog.getByRole('heading', { name: 'Stop a channel' })).toBeVisible()
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await expect(page.getByRole('option').first()).toBeVisible()
    await page.keyboard.press('Shift+K')
    await expect(dialog.getByRole('heading', { name: 'Stop a channel' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
  })

  test('somebody who may not was answered: who it is is read from the machine, kept nowhere, and looked after', async () => {
    const dialog = page.getByRole('dialog')
    const stranger = '+15550100777'
    answerStranger(path.join(app.dataDir, 'demo/boxes/fox-mini'), stranger)
    await sweepAll(page)
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await doors().filter({ hasText: 'Fox & Daughters' }).click()
    await page.keyboard.press('Enter')
    const strangers = pane().getByRole('region', { name: 'Strangers' })
    await expect(strangers).toContainText('…777 was answered once')
    await page.keyboard.press('w')
    await expect(dialog).toContainText('read from the machine now and kept nowhere')
    await dialog.getByLabel('Reason').fill('To call them')
    expect(await unnamed(page)).toEqual([])
    await page.keyboard.press('Enter')
    await expect(dialog.getByRole('list', { name: 'People who were answered' })).toContainText(stranger)
    expect(await unnamed(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await page.keyboard.press('a')
    await dialog.getByLabel('Reason').fill('Sam was called and knows')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    await expect(strangers.getByRole('img', { name: 'looked after', exact: true })).toBeVisible()
    await expect(strangers.getByRole('button', { name: 'Looked after' })).toHaveCount(0)
    const diary = readStore(app.dataDir)
    expect(diary).toContain('you asked who was answered: To call them.')
    expect(diary).toContain('who had been answered: Sam was called and knows.')
    expect(diary).not.toContain(stranger.slice(1))
  })
})

/** The agent of a demo box answers somebody who is on no list, as its runtime writes that down. */
function answerStranger(home: string, handle: string): void {
  const db = new DatabaseSync(path.join(home, '.openclaw/agents/main/agent/openclaw-agent.sqlite'), { timeout: 20_000 })
  const insert = db.prepare(
    'insert into transcript_events (session_id, seq, event_json, created_at) values (?, ?, ?, ?)',
  )
  const atMs = Date.now() - 20 * 60_000
  const line = (id: string, at: number, message: object) =>
    JSON.stringify({ type: 'message', id, parentId: null, timestamp: new Date(at).toISOString(), message })
  const meta = {
    senderIsOwner: false,
    senderId: handle,
    senderIdentity: { type: 'observation', id: handle, senderKind: 'human' },
    transport: { channel: 'imessage' },
  }
  insert.run(
    'stranger',
    1,
    line('s1', atMs, { role: 'user', content: '(made up)', timestamp: atMs, __openclaw: meta }),
    atMs,
  )
  const reply = { content: [{ type: 'text', text: '(made up)' }], stopReason: 'stop', timestamp: atMs + 5000 }
  insert.run('stranger', 2, line('s2', atMs + 5000, { role: 'assistant', ...reply }), atMs + 5000)
  db.close()
}

/** Everything that the store of the console holds, as text. */
function readStore(dataDir: string): string {
  const db = new DatabaseSync(path.join(dataDir, 'wheelhouse.db'), { readOnly: true, timeout: 20_000 })
  try {
    const tables = db.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite%'").all()
    return tables.map(({ name }) => JSON.stringify(db.prepare(`select * from "${name}"`).all())).join('\n')
  } finally {
    db.close()
  }
}
