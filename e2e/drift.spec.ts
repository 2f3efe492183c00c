import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { demoForAll, openByName } from './demo.ts'
import { unnamed } from './names.ts'
import { takeScreens } from './screens.ts'

/** The demo's far-behind machine: what it is measured by, its own code, and a checkout on this computer. */
test.describe('drift', () => {
  let app: RunningApp
  let page: Page
  let folder: string

  demoForAll((started) => {
    app = started
    page = app.page
    folder = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-reference-'))
  })
  test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('the fleet measures by the lab machine, worst first by a click', async () => {
    await page.keyboard.press('Control+2')
    const row = page.getByRole('grid', { name: 'Machines' }).locator('[data-box]').filter({ hasText: 'Peak Realty' })
    await expect(row.getByTitle('366 commits behind lab-mini')).toHaveText('366')
    await expect(row).toContainText('23')
  })

  test('the machine says how far, what it needs first, and what its own code is like', async () => {
    await openByName(page, 'peak-mini')
    const facts = page.getByRole('tree', { name: 'Facts' })
    await expect(facts).toContainText('366 commits and 23 days behind lab-mini')
    await expect(facts).toContainText('Node 24.16 for 2026.9.6, has 22.19')
    await expect(facts).toContainText('Own code behind, skills')
    await expect(facts).toContainText('12 commits, 11 days')
    await expect(facts).toContainText('2 edited files: listing-text.md, photo-order.md')
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'machine-drift')
  })

  test('a folder is tracked, refused with a sentence, and let go with an undo', async () => {
    await openByName(page, 'peak-mini')
    await page.keyboard.press('e')
    const code = page.getByRole('region', { name: 'Your own code on it' })
    await expect(code.getByRole('list', { name: 'Tracked folders' })).toContainText('skills')
    await code.getByRole('button', { name: 'Add a folder' }).click()
    await code.getByLabel('What you call it').fill('notes')
    await code.getByLabel('Its path on the machine').fill('notes')
    await code.getByRole('button', { name: 'Track this folder' }).click()
    await expect(code.getByRole('alert')).toContainText('The path is the whole one on the machine')
    await code.getByLabel('Its path on the machine').fill('~/notes')
    await code.getByRole('button', { name: 'Track this folder' }).click()
    await expect(code.getByRole('list', { name: 'Tracked folders' })).toContainText('~/notes')
    await code.scrollIntoViewIfNeeded()
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'edit-machine-folders')
    await code.getByRole('button', { name: 'Stop tracking notes' }).click()
    await expect(page.getByText('notes on peak-mini is not tracked any more')).toBeVisible()
    await expect(code.getByRole('list', { name: 'Tracked folders' })).not.toContainText('~/notes')
  })

  test('a checkout on this computer is looked at before it is taken', async () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'ignore' })
    const reference = path.join(folder, 'skills')
    mkdirSync(reference)
    writeFileSync(path.join(reference, 'SKILL.md'), '# Skills\n')
    git('init', '-q', '-b', 'main', 'skills')
    git('-C', 'skills', 'add', '-A')
    git('-C', 'skills', '-c', 'user.name=Kit', '-c', 'user.email=kit@example.org', 'commit', '-q', '-m', 'One')
    await page.keyboard.press('Control+8')
    const field = page.getByLabel('Add a checkout')
    await field.fill(reference)
    await field.press('Enter')
    await expect(page.getByRole('alert')).toContainText('without a remote')
    git('-C', 'skills', 'remote', 'add', 'origin', 'git@git.example.org:kit/skills.git')
    git('-C', 'skills', 'update-ref', 'refs/remotes/origin/main', 'HEAD')
    await field.press('Enter')
    const list = page.getByRole('list', { name: 'Your own checkouts' })
    await expect(list).toContainText('follows git.example.org/kit/skills · main')
    await page.getByLabel('Urgent after').scrollIntoViewIfNeeded()
    expect(await unnamed(page)).toEqual([])
    await takeScreens(page, 'settings-references')
    rmSync(reference, { recursive: true })
    await page.keyboard.press('Control+1')
    await page.keyboard.press('Control+8')
    await expect(list).toContainText('There is no such folder on this computer.')
    await list.getByRole('button', { name: /^Remove / }).click()
    await expect(list).toHaveCount(0)
  })
})
