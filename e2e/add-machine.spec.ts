import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { type SshdBox, startSshdBox } from '../main/testing/sshd-box.ts'
import { launchApp, type RunningApp } from './app.ts'
import { takeScreens } from './screens.ts'

let app: RunningApp
let box: SshdBox
let page: Page

test.beforeEach(async () => {
  const [launched, started] = await Promise.all([launchApp(), startSshdBox()])
  app = launched
  box = started
  page = app.page
})
test.afterEach(async () => {
  await app.close()
  await box.stop()
})

const fingerprintOf = async (): Promise<string> => {
  const digest = createHash('sha256')
    .update(Buffer.from(await box.hostKey(), 'base64'))
    .digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}

async function paste(command: string): Promise<void> {
  await page.getByRole('button', { name: /^A Add a machine/ }).click()
  await page.getByLabel('Paste the ssh command you use today').fill(command)
  await page.keyboard.press('Enter')
}

const shown = () => page.getByTestId('fingerprint')

async function addAndAccept(name: string): Promise<void> {
  await paste(`ssh -p ${box.port} -i ${box.keyPath} ${box.user}@${box.host}`)
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: /^Save and look/ }).click()
  await expect(shown()).toHaveAttribute('data-value', await fingerprintOf())
  await page.getByRole('button', { name: /^It is the same/ }).click()
  await expect(page.getByRole('heading', { name: 'Enrolled' })).toBeVisible({ timeout: 30_000 })
}

test('a pasted command becomes an enrolled machine in the fleet', async () => {
  await takeScreens(page, 'first-run')
  await paste(`ssh -A -p ${box.port} -i ${box.keyPath} -o Compression=yes ${box.user}@${box.host}`)
  await expect(page.getByLabel('Host', { exact: true })).toHaveValue('127.0.0.1')
  await expect(page.getByLabel('Port', { exact: true })).toHaveValue(String(box.port))
  await expect(page.getByRole('textbox', { name: 'Key file' })).toHaveValue(box.keyPath)
  await expect(page.getByText('Left out of the command')).toBeVisible()
  await page.getByLabel('Name', { exact: true }).fill('harbor-mini')
  await page.getByLabel('Client', { exact: true }).selectOption({ label: 'A new client…' })
  await page.getByLabel('Name of the new client').fill('Harbor Wealth')
  await takeScreens(page, 'add-machine')
  await page.getByRole('button', { name: /^Save and look/ }).click()

  await expect(shown()).toHaveAttribute('data-value', await fingerprintOf())
  await takeScreens(page, 'add-machine-host-key')
  await page.getByRole('button', { name: /^It is the same/ }).click()

  await expect(page.getByRole('heading', { name: 'Enrolled' })).toBeVisible({ timeout: 30_000 })
  for (const step of ['reach', 'host-key', 'login', 'node', 'probe'])
    await expect(page.locator(`[data-step=${step}]`)).toHaveAttribute('data-state', 'ok')
  await expect(page.locator('[data-step=host-key]')).not.toContainText('SHA256')
  await takeScreens(page, 'add-machine-enrolled')

  await page.getByRole('button', { name: 'Fleet' }).first().click()
  await expect(page.getByText('harbor-mini').first()).toBeVisible()
  await expect(page.getByText('Harbor Wealth').first()).toBeVisible()
})

test('a login that is refused says which key was offered, and can be tried again', async () => {
  const authorized = `${box.dir}/authorized_keys`
  const keys = readFileSync(authorized, 'utf8')
  rmSync(authorized)
  await paste(`ssh -p ${box.port} -i ${box.keyPath} ${box.user}@${box.host}`)
  await page.getByLabel('Name', { exact: true }).fill('locked-out')
  await page.getByRole('button', { name: /^Save and look/ }).click()
  await page.getByRole('button', { name: /^It is the same/ }).click()
  await expect(page.locator('[data-step=login]')).toHaveAttribute('data-state', 'failed')
  await expect(page.getByText(/does not let “.+” in\. Offered: .*id_ed25519/).first()).toBeVisible()
  await takeScreens(page, 'add-machine-refused')

  writeFileSync(authorized, keys, { mode: 0o600 })
  await page.getByRole('button', { name: /^Try again/ }).click()
  await expect(page.getByRole('heading', { name: 'Enrolled' })).toBeVisible({ timeout: 30_000 })
})

test('nobody listening is said in a sentence, and undo takes the machine back', async () => {
  await box.stop()
  await paste(`ssh -p ${box.port} dana@127.0.0.1`)
  await page.getByLabel('Name', { exact: true }).fill('nobody-home')
  await page.getByRole('button', { name: /^Save and look/ }).click()
  await expect(page.getByText(`nobody-home is there but takes no SSH connection on port ${box.port}.`)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(page.getByLabel('Paste the ssh command you use today')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(
    page.getByRole('heading', { name: 'No machines yet' }).or(page.getByText('No machines yet.')),
  ).toBeVisible()
})

test('a changed host key stops everything and shows both fingerprints', async () => {
  await addAndAccept('moved-mini')
  const old = await fingerprintOf()
  const address = page.url()
  await box.rotateHostKey()
  await page.keyboard.press('Shift+R')
  await page.goto(address)
  await expect(shown()).toHaveCount(2, { timeout: 30_000 })
  await expect(shown().first()).toHaveAttribute('data-value', old)
  await expect(shown().last()).toHaveAttribute('data-value', await fingerprintOf())
  await takeScreens(page, 'add-machine-key-changed')

  await page.getByRole('button', { name: 'Forget the old key' }).click()
  await expect(shown()).toHaveCount(1)
  await expect(shown()).toHaveAttribute('data-value', await fingerprintOf())
  await page.getByRole('button', { name: /^It is the same/ }).click()
  await expect(page.getByRole('heading', { name: 'Enrolled' })).toBeVisible({ timeout: 30_000 })
})

test('a key with a passphrase asks for it, and the passphrase stays nowhere in the window', async () => {
  const keyPath = `${box.dir}/locked`
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'correct horse', '-f', keyPath])
  appendFileSync(`${box.dir}/authorized_keys`, readFileSync(`${keyPath}.pub`))
  await paste(`ssh -p ${box.port} -i ${keyPath} ${box.user}@${box.host}`)
  await page.getByRole('button', { name: /^Save and look/ }).click()
  await page.getByRole('button', { name: /^It is the same/ }).click()
  const field = page.getByLabel('Passphrase of the key')
  await field.fill('wrong battery')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/The passphrase does not open/)).toBeVisible()
  await takeScreens(page, 'add-machine-passphrase')
  await expect(field).toHaveValue('')
  await field.fill('correct horse')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Enrolled' })).toBeVisible({ timeout: 30_000 })
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }) + location.href + document.body.innerHTML)
  expect(kept).not.toContain('correct horse')
  expect(app.output()).not.toContain('correct horse')
})

test('a jump host of the command is added, trusted first, and passed through', async () => {
  const jump = await startSshdBox({ authorizedKeys: [readFileSync(`${box.keyPath}.pub`, 'utf8')] })
  try {
    await paste(
      `ssh -J ${jump.user}@${jump.host}:${jump.port} -p ${box.port} -i ${box.keyPath} ${box.user}@${box.host}`,
    )
    await page.getByLabel('Name', { exact: true }).fill('behind-mini')
    await expect(page.getByRole('button', { name: /^Save and look/ })).toBeDisabled()
    await takeScreens(page, 'add-machine-jump')
    await page.getByRole('button', { name: 'Add it as a jump host' }).click()
    await page.getByRole('button', { name: /^Save and look/ }).click()
    await page.getByRole('button', { name: /^Look at the key of/ }).click()
    await expect(page.getByText(`${jump.user}@${jump.host}:${jump.port}`)).toBeVisible()
    await page.getByRole('button', { name: /^It is the same/ }).click()
    await page.getByRole('button', { name: 'Go on with behind-mini' }).click()
    await expect(shown()).toHaveAttribute('data-value', await fingerprintOf())
    await page.getByRole('button', { name: /^It is the same/ }).click()
    await expect(page.getByRole('heading', { name: 'Enrolled' })).toBeVisible({ timeout: 30_000 })
    await expect(page.locator('[data-step=hops]')).toHaveAttribute('data-state', 'ok')
  } finally {
    await jump.stop()
  }
})

test('a machine is edited and removed, and both are taken back', async () => {
  await paste(`ssh -p ${box.port} -i ${box.keyPath} ${box.user}@${box.host}`)
  await page.getByLabel('Name', { exact: true }).fill('first-name')
  await page.getByRole('button', { name: /^Save and look/ }).click()
  await expect(shown()).toBeVisible()
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Name', { exact: true }).fill('')
  await page.getByLabel('Port', { exact: true }).fill('70000')
  await page.keyboard.press('Control+s')
  await expect(page.getByText('2 fields need another look')).toBeVisible()
  await page.getByLabel('Name', { exact: true }).fill('second-name')
  await page.getByLabel('Port', { exact: true }).fill(String(box.port))
  await page.getByLabel('Only at certain hours').check()
  await takeScreens(page, 'edit-machine')
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('heading', { name: 'second-name' })).toBeVisible()
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(page.getByRole('heading', { name: 'first-name' })).toBeVisible()
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Remove this machine' }).click()
  await expect(page.getByText('No machines yet', { exact: false }).first()).toBeVisible()
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(page.getByRole('heading', { name: 'first-name' })).toBeVisible()
})

test('a command that names no machine is refused with its reason and kept', async () => {
  await paste('ssh -p 22')
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByLabel('Paste the ssh command you use today')).toHaveValue('ssh -p 22')
})
