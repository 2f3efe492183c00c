import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeCheckout } from './git-checkout.ts'

let folder = ''
let head = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'whd-git-'))
  head = writeCheckout(folder, {
    remote: 'https://git.openclaw.invalid/openclaw.git',
    upstream: {
      filesOf: () => ({ 'package.json': '{"name":"openclaw"}\n', 'README.md': 'OpenClaw\n' }),
      dateOf: (commit) => Date.UTC(2026, 8, 1) + commit * 3_600_000,
    },
    head: 4,
    fetched: 370,
    fetchedAtMs: Date.UTC(2026, 8, 25),
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const git = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('git', ['-c', `safe.directory=${folder}`, ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : `${status} ${stderr}`
}

test('git itself finds every object whole and counts the same commits', () => {
  expect(git('fsck', '--strict', '--no-dangling')).toBe('')
  expect(git('rev-parse', 'HEAD')).toBe(head)
  expect(git('rev-list', '--left-right', '--count', 'HEAD...@{upstream}')).toBe('0\t366')
  expect(git('show', '-s', '--format=%ct', '@{upstream}')).toBe(String(Date.UTC(2026, 8, 1) / 1000 + 370 * 3600))
  expect(statSync(path.join(folder, '.git/FETCH_HEAD')).mtimeMs).toBe(Date.UTC(2026, 8, 25))
})

test('the work tree is clean until someone edits it', () => {
  expect(git('status', '--porcelain', '--untracked-files=no')).toBe('')
  writeFileSync(path.join(folder, 'README.md'), 'changed\n')
  expect(git('status', '--porcelain', '--untracked-files=no')).toBe('M README.md')
})
