import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { type SshdBox, startSshdBox } from '../main/testing/sshd-box.ts'
import type { RunningApp } from './app.ts'
import { unnamed } from './names.ts'
import { launchWith } from './real-boxes.ts'
import { takeScreens } from './screens.ts'

/** Asks the terminal for this and keeps what it sends back; without an answer for a second and a half it goes on. */
const asks = (sequence: string) => `stty raw -echo min 0 time 15
printf '${sequence}'
cat > ~/answer
stty sane
`

test.describe('a terminal on a real machine', () => {
  test.describe.configure({ mode: 'serial' })
  let box: SshdBox
  let app: RunningApp
  let page: Page
  const home = (name: string) => path.join(box.home, name)
  const screen = () => page.locator('.xterm-rows')
  const type = (text: string) => page.keyboard.type(text)
  const enter = async (text: string) => {
    await type(text)
    await page.keyboard.press('Enter')
  }
  /** What the page was made to do against its policy or the operator's will. */
  const trouble = () => page.evaluate(() => (window as unknown as { trouble: string[] }).trouble)

  test.beforeAll(async () => {
    box = await startSshdBox({ env: { PS1: '$ ', LANG: 'C.UTF-8' } })
    mkdirSync(box.home, { recursive: true })
    app = await launchWith([{ ...box, name: 'peak-mini', clientName: 'Peak Realty' }])
    page = app.page
    page.on('dialog', (dialog) => void dialog.dismiss())
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.evaluate(() => {
      const seen: string[] = []
      Object.assign(window, { trouble: seen })
      document.addEventListener('securitypolicyviolation', (event) =>
        seen.push(`${event.effectiveDirective} ${event.sourceFile}:${event.lineNumber} ${event.sample}`),
      )
      document.addEventListener('copy', () => seen.push('copied'))
      window.open = () => {
        seen.push('opened a window')
        return null
      }
      window.confirm = () => {
        seen.push('asked to open a link')
        return true
      }
      navigator.clipboard.writeText = async (text) => void seen.push(`wrote the clipboard: ${text}`)
    })
  })
  test.afterAll(async () => {
    await app.close()
    await box.stop()
  })

  test('it opens only once a person said yes in a dialog outside of the page', async () => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('peak-mini')
    await expect(page.getByRole('option', { name: /peak-mini/ })).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: 'peak-mini' })).toBeVisible()
    await page.keyboard.press('Shift+T')
    await app.asked(1)
    const [asked] = app.dialogs()
    expect(asked).toMatchObject({
      message: 'Open a terminal on peak-mini?',
      buttons: ['Open the terminal', 'Cancel'],
    })
    expect(asked?.detail).toContain('Client: Peak Realty')
    expect(asked?.detail).toContain(`ssh -p ${box.port} -i ${box.keyPath}`)
    await expect(page.getByText('No terminal is open here.', { exact: false })).toBeVisible()
    expect(await box.sessions()).toEqual([])
    await expect(page.getByText('In your own terminal')).toBeVisible()

    app.answerDialog('Open the terminal')
    await page.getByRole('button', { name: 'Open a terminal' }).click()
    await expect(screen()).toContainText(/[$#%>] /, { timeout: 30_000 })
    await enter("PS1='$ ' exec bash --norc")
    await enter('clear; echo "at"" home"')
    await expect(screen()).toContainText('at home')
    expect(await unnamed(page)).toEqual([])
  })

  test('vim runs in it, and a window of another size is another size there', async () => {
    writeFileSync(
      home('hours.ts'),
      "/** When somebody answers. */\nexport const hours = { from: '09:00', to: '17:00' } as const\n\n// Closed on Sundays.\nexport const closed = ['Sunday']\n",
    )
    await enter('cd; vim --clean -c "syntax on" -c "set number" hours.ts')
    await expect(screen()).toContainText('When somebody answers')
    const size = async (file: string) => {
      await page.keyboard.press('Escape')
      await enter(`:call writefile([&lines . " " . &columns], $HOME . "/${file}")`)
      await expect.poll(() => readFile(home(file))).toMatch(/\d+ \d+\n/)
      return readFile(home(file)).trim().split(' ').map(Number) as [number, number]
    }
    const [lines, columns] = await size('large')
    expect(lines).toBe(await screen().locator('> div').count())
    await type('Goexport const answered = true')
    await page.keyboard.press('Escape')
    await expect(screen()).toContainText('answered = true')
    await takeScreens(page, 'terminal')
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 1000, height: 620 })
    await expect(async () => expect(await screen().locator('> div').count()).toBeLessThan(lines)).toPass()
    const [fewer, narrower] = await size('small')
    expect(fewer).toBe(await screen().locator('> div').count())
    expect(narrower).toBeLessThan(columns)
    await page.setViewportSize({ width: 1280, height: 800 })
    await enter(':x')
    await expect.poll(() => readFile(home('hours.ts'))).toContain('answered = true')
  })

  test('what a machine writes opens no link, writes no clipboard, and is sent back nothing it chose', async () => {
    writeFileSync(
      home('attack'),
      [
        "printf '\\033]0;root@bank\\007'",
        "printf '\\033]52;c;cm0gLXJmIC8=\\007'",
        "printf '\\033]8;;https://evil.example/\\033\\\\press here\\033]8;;\\033\\\\\\n'",
        "printf 'https://evil.example/plain\\n'",
        "printf '\\033[38;2;10;20;30;48;2;240;240;240mtrue colours\\033[m\\n'",
        "printf '\\033]10;#fafaf8\\007\\033]11;#fafaf8\\007'",
        'echo written',
      ].join('\n'),
    )
    await enter('clear; sh ~/attack')
    await expect(screen()).toContainText('written')
    await expect(page.getByRole('tab', { name: /peak-mini/ })).toContainText('root@bank')
    expect(await page.title()).toBe('Terminal: peak-mini · Wheelhouse')
    for (const words of ['press here', 'evil.example/plain']) {
      const line = screen().getByText(words).first()
      const position = { x: 10, y: 8 }
      // The terminal lies over its own rows and takes the pointer.
      // Its rows are drawn anew while the machine still writes.
      await expect(async () => {
        await line.click({ position, force: true, timeout: 1_000 })
        await line.click({ position, force: true, modifiers: ['Control'], timeout: 1_000 })
      }).toPass()
    }
    await expect(page.locator('.xterm a, .xterm-cursor-pointer')).toHaveCount(0)

    let asked = 0
    const answerTo = async (sequence: string) => {
      writeFileSync(home('asking'), asks(sequence))
      // What is typed is not what ends it, nor is what ended it before: keys that come sooner would be taken for the answer.
      asked += 1
      await enter(`clear; sh ~/asking; echo "end""ed ${asked}"`)
      await expect(screen()).toContainText(`ended ${asked}`)
      return readFile(home('answer'))
    }
    // It does answer what it is, so that a silence below says something.
    expect(await answerTo('\\033[c')).toContain('\u001b[?')
    const silent = [
      '\\033P$q"p\\033\\\\',
      '\\033P$qm;id\\033\\\\',
      '\\033[18t',
      '\\033]52;c;?\\007',
      '\\033]4;1;?\\007',
      '\\033]0;rm -rf ~\\007\\033[21t',
    ]
    expect(JSON.stringify(await answerTo(silent.join('')))).toBe(JSON.stringify(''))
  })

  test('a paste of several lines asks, and is typed whole or not at all', async () => {
    const paste = (text: string) =>
      page.locator('.xterm-helper-textarea').evaluate((textarea, pasted) => {
        const clipboardData = new DataTransfer()
        clipboardData.setData('text/plain', pasted)
        textarea.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
      }, text)
    await enter('clear')
    await paste('echo never > ~/pasted\necho never >> ~/pasted\n')
    await expect(page.getByText('These are 2 lines. The machine runs each as it comes.')).toBeVisible()
    const shown = page.getByRole('region', { name: 'What would be pasted' }).getByRole('listitem')
    await expect(shown).toContainText(['echo never > ~/pasted', 'echo never >> ~/pasted'])
    await takeScreens(page, 'terminal-paste')
    await page.getByRole('button', { name: 'Do not paste' }).click()
    await expect(page.locator('.xterm-helper-textarea')).toBeFocused()
    await enter('ls ~/pasted; echo looked')
    await expect(screen()).toContainText('No such file')
    await paste('echo one > ~/pasted; \u001b[201~\necho two >> ~/pasted\n')
    await page.getByRole('button', { name: /^Paste/ }).click()
    await page.keyboard.press('Enter')
    await expect.poll(() => readFile(home('pasted'))).toBe('one\ntwo\n')
    await paste('echo single')
    await expect(screen()).toContainText('echo single')
    await page.keyboard.press('Enter')
  })

  test('it is found again by what it said, goes on behind other pages, and its end is told', async () => {
    await enter('seq 2000 2100; echo needle-in-it; seq 3000 3100')
    await expect(screen()).toContainText('3100')
    await page.keyboard.press('Control+Shift+F')
    const find = page.getByRole('textbox', { name: 'Find in the terminal' })
    await find.fill('needle-in-it')
    await expect(screen()).toContainText('needle-in-it')
    await find.fill('nothing like this')
    await expect(page.getByText('It is not in the last 10 000 lines.')).toBeVisible()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Shift+L')
    await page.keyboard.press('g')
    await page.keyboard.press('f')
    await expect(page.getByRole('grid', { name: 'Machines' })).toBeVisible()
    await page.getByRole('button', { name: '1 terminal is open' }).click()
    await expect(screen()).toContainText('3100')
    await page.reload()
    await expect(screen()).toContainText('3100')
    await page.locator('.xterm-helper-textarea').focus()
    await enter('exit 3')
    await expect(page.getByText('Its shell ended with 3. What it showed stays.')).toBeVisible()
    await page.getByRole('button', { name: 'Put the terminal away' }).click()
    await page.keyboard.press('o')
    await expect(page.getByText(/The terminal on peak-mini ended after .*: its shell ended with 3\./)).toBeVisible()
  })

  test.afterEach(async () => {
    if (page) expect((await trouble().catch(() => [])) ?? []).toEqual([])
  })
})

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
