import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
let folder: string

beforeEach(() => {
  mkdirSync(path.join(root, '.cache'), { recursive: true })
  folder = mkdtempSync(path.join(root, '.cache/environment-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Checks one line of code with the compiler options of a project; answers with what the compiler printed. */
function check(project: 'node' | 'web', code: string): string {
  writeFileSync(path.join(folder, 'planted.ts'), `export const planted = ${code}\n`)
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: `../../tsconfig.${project}.json`, include: ['planted.ts'] }),
  )
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  return spawnSync(process.execPath, [tsc, '--noEmit', '-p', folder], { encoding: 'utf8' }).stdout
}

test('the engine has no window', () => {
  expect(check('node', 'window.innerWidth')).toContain("Cannot find name 'window'")
  expect(check('node', 'document.title')).toContain("Cannot find name 'document'")
  expect(check('node', 'process.pid')).toBe('')
})

test('the page has no process and no Node modules', () => {
  expect(check('web', 'process.pid')).toContain("Cannot find name 'process'")
  expect(check('web', "await import('node:fs')")).toContain("Cannot find name 'node:fs'")
  expect(check('web', 'window.innerWidth')).toBe('')
})
