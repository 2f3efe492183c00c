import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { makeKey, startSshdBox } from '../main/testing/sshd-box.ts'
import { tempDir } from '../main/testing/temp-store.ts'
import { launchWith } from './real-boxes.ts'
import { takeScreens } from './screens.ts'

const named = [
  ['peak-mini', 'Peak Realty'],
  ['lake-mini', 'Lakeside Homes'],
  ['harbor-pc', 'Harbor Wealth'],
] as const

/** A machine whose server reads the `~/.ssh/authorized_keys` that its login may change. */
async function startBox() {
  const home = tempDir()
  const file = path.join(home, '.ssh', 'authorized_keys')
  const sshd = await startSshdBox({
    home,
    env: { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` },
    config: [`AuthorizedKeysFile ${file}`],
  })
  mkdirSync(path.dirname(file), { mode: 0o700 })
  writeFileSync(file, readFileSync(`${sshd.keyPath}.pub`), { mode: 0o600 })
  return { sshd, file, text: () => readFileSync(file, 'utf8') }
}

test('the SSH key is changed from the settings, and stops at the first machine that does not take it', async () => {
  test.setTimeout(240_000)
  const boxes = await Promise.all(named.map(startBox))
  // A place that reads well in a picture.
  const newKey = path.join(os.tmpdir(), 'id_2027')
  for (const file of [newKey, `${newKey}.pub`]) rmSync(file, { force: true })
  await makeKey(newKey, { comment: 'operator-2027' })
  const app = await launchWith(
    boxes.map(({ sshd }, at) => ({ ...sshd, name: named[at]?.[0] ?? '', clientName: named[at]?.[1] ?? '' })),
  )
  const { page } = app
  // The first by name is the canary where none is named.
  const first = boxes[2]
  try {
    if (first) chmodSync(first.file, 0o440)
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await page.getByRole('button', { name: 'Change it on machines…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change your SSH key on the machines' })
    await dialog.getByLabel('New private key file').fill(newKey)
    await page.keyboard.press('Enter')
    await expect(dialog.getByRole('button', { name: 'Change it on 3 machines' })).toBeVisible({ timeout: 30_000 })
    await takeScreens(page, 'rotate-key')

    app.answerDialog('Change the key')
    await dialog.getByRole('button', { name: 'Change it on 3 machines' }).click()
    const status = dialog.getByRole('status')
    await expect(status).toContainText('Stopped: not every machine has the new key.', { timeout: 60_000 })
    await expect(status).toContainText('0 of 3')
    await expect(dialog).toContainText('read-only: something else looks after it')
    expect(boxes.map(({ text }) => text().includes('operator-2027'))).toEqual([false, false, false])
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
  } finally {
    await app.close()
    for (const { sshd } of boxes) await sshd.stop()
  }
})
