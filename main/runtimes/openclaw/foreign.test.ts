import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readGit } from '../read-git.ts'
import { run } from '../reading.ts'
import { askValidity } from './read-validity.ts'

const isRoot = process.getuid?.() === 0
const nobody = 65_534
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wh-foreign-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it("runs no program that another user's checkout names", async () => {
  const git = (...args: string[]) => run('git', args, { timeoutMs: 8000, cwd: folder })
  await git('init', '-q')
  writeFileSync(path.join(folder, '.gitattributes'), '*.txt filter=evil\n')
  writeFileSync(path.join(folder, 'a.txt'), 'one\n')
  await git('add', '.')
  await git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'one')
  const ran = path.join(folder, 'ran')
  await git('config', 'filter.evil.clean', `touch ${ran}; cat`)
  writeFileSync(path.join(folder, 'a.txt'), 'two\n')
  // A login that is not root owns no file of another: there `/usr` stands for one.
  if (isRoot) chownSync(folder, nobody, nobody)
  const foreign = isRoot ? folder : '/usr'
  await expect(readGit(foreign, 10_000)).rejects.toThrow('belongs to another user')
  expect(existsSync(ran)).toBe(false)
})

it("runs another user's install as root never, as itself always", async () => {
  const entry = path.join(folder, 'openclaw.mjs')
  writeFileSync(entry, 'console.log(JSON.stringify({ valid: true, issues: [] }))')
  mkdirSync(path.join(folder, 'state'))
  const agent = { profile: 'default', stateDir: path.join(folder, 'state'), configPath: path.join(folder, 'c.json') }
  const ask = () => askValidity({ agent, entry, node: process.execPath, version: '2026.9.6' }, 20_000)
  expect(await ask()).toEqual({ valid: true, problem: '' })
  if (!isRoot) return
  chownSync(entry, nobody, nobody)
  expect(await ask()).toEqual({
    valid: null,
    problem: 'The install belongs to another user, and this login is root: it was not run.',
  })
})
