import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { answering, type WrittenLine, writeLines } from './box-logs.ts'
import { demoForAll, openByName, sweepAll } from './demo.ts'
import { unnamed } from './names.ts'
import { takeScreens } from './screens.ts'

const minuteMs = 60_000
const run = 'run_7f3a'

/** What an agent writes on a plain day. */
const plain: readonly [subsystem: string, text: string][] = [
  ['gateway', 'remote model catalog refresh done in 212ms'],
  ['telegram', 'Inbound message (direct, 48 chars)'],
  ['agent', 'embedded run start: provider=anthropic model=sonnet'],
  ['agent', 'tool call calendar.find_slot answered in 340ms'],
  ['telegram', 'outbound send ok accountId=default'],
  ['health', 'channels: telegram connected, imessage connected'],
  ['reload', 'config change detected; evaluating reload'],
]

/** One run of an agent, with a step that takes most of it. */
const runLines = (atMs: number): WrittenLine[] => [
  {
    atMs,
    text: 'embedded run start: provider=anthropic model=sonnet',
    subsystem: 'agent',
    runId: run,
    channel: 'telegram',
  },
  { atMs: atMs + 180, text: 'tool call calendar.find_slot', subsystem: 'agent', runId: run, more: { durationMs: 140 } },
  { atMs: atMs + 9_400, text: 'tool call answered', subsystem: 'agent', runId: run, more: { slots: 3 } },
  { atMs: atMs + 9_900, text: 'aisle nine answered slowly', subsystem: 'agent', runId: run, level: 'WARN' },
  { atMs: atMs + 11_200, text: 'embedded run done', subsystem: 'agent', runId: run, channel: 'telegram' },
]

test.describe('the logs of all machines', () => {
  let app: RunningApp
  let page: Page
  let startedMs = 0

  demoForAll(async (started) => {
    app = started
    page = app.page
    startedMs = Date.now() - minuteMs
    for (const [index, machine] of answering.entries()) {
      const each = Array.from({ length: 120 }, (_, at): WrittenLine => {
        const atMs = startedMs - (120 - at) * minuteMs + index * 5_000
        const bad = at % 40 === 20
        const [subsystem, text] = plain[(at * 3 + index) % plain.length] ?? ['gateway', 'ready']
        if (bad) return { atMs, text: 'aisle five answered 500, trying again', level: 'ERROR', subsystem: 'agent' }
        return { atMs, text, level: at % 30 === 7 ? 'WARN' : 'INFO', subsystem }
      })
      writeLines(app.dataDir, machine, each)
    }
    // Every minute of three days, so that any moment a fact speaks of has a line beside it.
    const minutes = Array.from(
      { length: 3 * 24 * 60 },
      (_, at): WrittenLine => ({
        atMs: startedMs - (2 + 3 * 24) * 60 * minuteMs + at * minuteMs,
        text: `heartbeat ${at}`,
        level: 'DEBUG',
      }),
    )
    writeLines(app.dataDir, 'harbor-mini', minutes)
    writeLines(app.dataDir, 'harbor-mini', runLines(startedMs - 30_000))
    writeLines(app.dataDir, 'harbor-mini', [
      {
        atMs: startedMs - 45 * minuteMs,
        text: `hostile \u202etxet \u001b[31mred\u001b[0m <b>bold</b> https://evil.example/ ${'long '.repeat(200)}`,
        level: 'ERROR',
        more: { usage: { input: 1200, output: 310 } },
      },
    ])
    await sweepAll(page)
  })

  const lines = () => page.getByRole('listbox', { name: 'Log lines' }).getByRole('option')
  const chosen = () => page.getByRole('option', { selected: true })
  const pane = () => page.getByRole('complementary', { name: 'The chosen line' })
  const filter = () => page.getByRole('textbox', { name: 'Filter' })
  const openLogs = async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await expect(page.getByRole('heading', { level: 1, name: 'Logs' })).toBeVisible()
    await expect(lines().first()).toBeVisible()
  }
  const writeNow = (text: string) => {
    const atMs = Date.now()
    for (const machine of answering) writeLines(app.dataDir, machine, [{ atMs, text: `${text} of ${machine}` }])
  }
  const found = (count: number) => expect(page.getByText(`${count} found`, { exact: true })).toBeVisible()

  test('all machines in one list, newest at the bottom, and new lines come as they are stored', async () => {
    await openLogs()
    await expect(page.getByText(/^\d+.\d{3} lines · 12 machines · newest/)).toBeVisible()
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'logs')
    writeNow('first news')
    await page.keyboard.press('r')
    for (const machine of answering) await expect(lines().filter({ hasText: `first news of ${machine}` })).toBeVisible()
  })

  test('scrolled up it stands still and counts what is new, and F goes back', async () => {
    await page.mouse.move(700, 400)
    await page.mouse.wheel(0, -3_000)
    await expect(page.getByRole('button', { name: 'Newest' })).toBeVisible()
    const top = await lines().first().textContent()
    writeNow('second news')
    await page.keyboard.press('r')
    await expect(page.getByRole('button', { name: `${answering.length} new` })).toBeVisible({ timeout: 60_000 })
    expect(await lines().first().textContent()).toBe(top)
    await page.keyboard.press('f')
    await expect(lines().last()).toContainText('second news')
    await expect(page.getByText('new lines follow')).toBeVisible()
  })

  test('the wheel, the keys and the thumb reach the oldest line and the newest', async () => {
    const bar = page.getByRole('scrollbar')
    await page.keyboard.press('Home')
    await expect(bar).toHaveAttribute('aria-valuenow', '0')
    const oldest = (await lines().first().textContent()) ?? ''
    await page.keyboard.press('PageDown')
    await expect(lines().first()).not.toHaveText(oldest)
    const box = await bar.boundingBox()
    if (!box) throw new Error('There is no scrollbar.')
    await page.mouse.move(box.x + 6, box.y + 8)
    await page.mouse.down()
    await page.mouse.move(box.x + 6, box.y + box.height / 2, { steps: 5 })
    await page.mouse.up()
    await expect(bar).toHaveAttribute('aria-valuenow', /^(4|5)\d$/)
    await page.keyboard.press('End')
    await expect(lines().last()).toContainText('second news')
    await page.keyboard.press('e')
    await page.keyboard.press('Shift+E')
    await expect(chosen()).toContainText('error')
  })

  test('a filter finds, drops what is not wanted, says what is wrong with an expression, and Esc clears it', async () => {
    await page.keyboard.press('/')
    await expect(filter()).toBeFocused()
    await page.keyboard.type('"second news" -harbor')
    await found(answering.length - 1)
    await expect(page.locator('mark')).toHaveCount(answering.length - 1)
    await filter().fill('/aisle (nine|ten/')
    await expect(page.getByRole('alert')).toContainText('This is no regular expression')
    await expect(filter()).toHaveValue('/aisle (nine|ten/')
    await filter().fill('/aisle (five|nine) answered/ level:warn')
    await found(answering.length * 3 + 1)
    await page.getByRole('button', { name: 'Drop: warn and worse' }).click()
    await expect(filter()).toHaveValue('/aisle (five|nine) answered/')
    await filter().focus()
    await page.keyboard.press('Enter')
    await takeScreens(page, 'logs-filtered')
    await page.keyboard.press('/')
    await filter().fill('nobody ever wrote this')
    await expect(page.getByText(/^Nothing found on all 12 machines: with “nobody”/)).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(filter()).toHaveCount(0)
    await expect(lines().first()).toBeVisible()
  })

  test('a line is shown whole, as text and nothing else; A shows what stood around it, Esc leads back', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('hostile')
    await found(1)
    await page.keyboard.press('Enter')
    await page.keyboard.press('j')
    await page.keyboard.press('Space')
    await expect(pane()).toContainText('hostile ⟨202E⟩txet')
    await expect(pane()).toContainText('<b>bold</b>')
    await expect(pane()).toContainText('"input": 1200')
    await expect(pane().getByRole('link')).toHaveCount(0)
    await takeScreens(page, 'logs-detail')
    await page.keyboard.press('a')
    await expect(lines().nth(20)).toBeVisible()
    await expect(chosen()).toContainText('hostile')
    await page.keyboard.press('Space')
    await page.keyboard.press('Escape')
    await found(1)
    await page.keyboard.press('Escape')
  })

  test('a run is shown as steps with how long each took, and is kept with a reason', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type(`run:${run}`)
    await found(5)
    await page.keyboard.press('Enter')
    await page.keyboard.press('k')
    await page.keyboard.press('o')
    await expect(page.getByRole('heading', { level: 1, name: 'One run' })).toBeVisible()
    await expect(page.getByText(/5 lines · 11\.2 s in all/)).toBeVisible()
    await page.keyboard.press('e')
    await expect(chosen()).toContainText('9.2 s')
    await takeScreens(page, 'logs-run')
    await page.keyboard.press('s')
    await page.getByLabel('Reason').fill('shows how slow the calendar is')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
    await page.keyboard.press('Space')
    await expect(pane()).toContainText('shows how slow the calendar is')
    await page.keyboard.press('Space')
    await page.keyboard.press('Escape')
    await found(5)
  })

  test('what is shown is saved as JSON lines', async () => {
    await page.keyboard.press('Control+s')
    await expect(page.getByRole('dialog', { name: 'Save to a file' })).toContainText('5 lines')
    await takeScreens(page, 'logs-export')
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save' }).last().click()
    const file = await (await coming).path()
    const saved = readFileSync(file, 'utf8').trim().split('\n')
    expect(saved.map((line) => JSON.parse(line).runId)).toEqual(Array.from({ length: 5 }, () => run))
    await expect(page.getByText('5 lines saved.')).toBeVisible()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
  })

  test('L on a fact opens the log at its moment with the line marked, and Esc comes back', async () => {
    await openByName(page, 'harbor-mini')
    const facts = page.getByRole('tree', { name: 'Facts' })
    const reply = facts.getByRole('treeitem').filter({ hasText: 'Last good reply' }).last()
    if (!(await reply.isVisible())) await facts.getByText('Channels', { exact: true }).click()
    await reply.click()
    await page.keyboard.press('l')
    await expect(page.getByText(/^Marked: the line /)).toBeVisible()
    await expect(page.getByRole('button', { name: 'harbor-mini' })).toBeVisible()
    await expect(chosen()).toBeVisible()
    await takeScreens(page, 'logs-evidence')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('heading', { level: 1, name: 'harbor-mini' })).toBeVisible()
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await page.keyboard.press('l')
    await expect(page.getByRole('heading', { level: 1, name: 'Logs' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('listbox', { name: 'Review' })).toBeVisible()
  })

  test('P shows the kinds of lines, the new ones first; one is muted with a reason, taken back, and opened at its line', async () => {
    await openLogs()
    await page.keyboard.press('p')
    await expect(page.getByRole('heading', { level: 1, name: 'Patterns' })).toBeVisible()
    const fresh = page.getByRole('group', { name: 'New this week' })
    const answered = fresh.getByRole('option').filter({ hasText: 'aisle five answered <n>, trying again' })
    // New on most, known on the one whose log reaches back further: one row all the same.
    await expect(answered).toHaveCount(1)
    await expect(answered).toContainText(`${answering.length} machines`)
    const lines = Number((await answered.locator('.figures').first().textContent())?.replace(/\D/g, ''))
    const plainKind = page.getByRole('option').filter({ hasText: /^outbound send ok/ })
    await page.keyboard.press('v')
    await expect(plainKind).toContainText(/\d+ of \d+ are warnings/)
    await expect(plainKind.locator('.text-warning')).toHaveCount(0)
    await page.keyboard.press('v')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'patterns')
    await answered.click()
    await page.keyboard.press('z')
    await page.getByLabel('Reason').fill('the provider is known to do this')
    await page.keyboard.press('Enter')
    await expect(answered).toHaveCount(0)
    await expect(page.getByRole('group', { name: 'Muted' })).toBeVisible()
    await page.keyboard.press('Control+z')
    await expect(answered).toHaveCount(1)
    await page.keyboard.press('/')
    await page.keyboard.type('heartbeat')
    await expect(page.getByRole('option').first()).toContainText('heartbeat')
    await expect(answered).toHaveCount(0)
    await page.keyboard.press('Escape')
    await answered.click()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: 'Logs' })).toBeVisible()
    await expect(chosen()).toContainText('trying again')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('heading', { level: 1, name: 'Patterns' })).toBeVisible()
    await openLogs()
    await page.keyboard.press('b')
    await page.getByRole('button', { name: /^All \d+$/ }).click()
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    await page.keyboard.type('"aisle five answered"')
    await found(lines)
    await page.keyboard.press('Escape')
  })

  test('N flags a line at its client: it stands in the review until D says that it is done, each taken back', async () => {
    await openLogs()
    await page.keyboard.press('/')
    await page.keyboard.type('"aisle nine answered slowly"')
    await found(1)
    await page.keyboard.press('Enter')
    await page.keyboard.press('k')
    await expect(chosen()).toContainText('aisle nine')
    await page.keyboard.press('n')
    const sheet = page.getByRole('dialog', { name: 'Note or flag' })
    await sheet.getByRole('radio', { name: /^A flag of Harbor Wealth/ }).check()
    await sheet.getByLabel('What has to be put right today').fill('told a client to wait')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'logs-flag')
    await page.keyboard.press('Enter')
    await expect(sheet).toBeHidden()
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    const review = page.getByRole('listbox', { name: 'Review' })
    await review.getByRole('option').filter({ hasText: 'Harbor Wealth' }).first().click()
    const done = page.getByRole('button', { name: 'Flag done' })
    await expect(done).toBeVisible()
    await expect(page.getByText(/told a client to wait/).first()).toBeVisible()
    await takeScreens(page, 'review-flag')
    await page.keyboard.press('d')
    await expect(done).toHaveCount(0)
    await page.keyboard.press('Control+z')
    await expect(done).toBeVisible()
    await page.keyboard.press('d')
    await expect(done).toHaveCount(0)
  })

  test('in a small window nothing is cut, and one machine says so when it does not answer', async () => {
    await page.setViewportSize({ width: 960, height: 600 })
    await openLogs()
    await page.keyboard.press('/')
    await page.getByRole('textbox', { name: 'Filter' }).fill('')
    await page.keyboard.press('Escape')
    await page.keyboard.press('b')
    await page.getByRole('button', { name: 'Only nolan-mini' }).click()
    await page.keyboard.press('Escape')
    await expect(page.getByText(/^nolan-mini does not answer/)).toBeVisible()
    await expect(page.getByText('No line is kept of this machine.')).toBeVisible()
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
    expect(wide).toBe(false)
    expect(await unnamed(page)).toEqual([])
  })
})
