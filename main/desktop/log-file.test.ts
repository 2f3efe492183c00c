import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLogFile } from './log-file.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-log-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

test('lines go on where the last run ended, for the owner alone', () => {
  openLogFile(dataDir, 'engine.log').write('one')
  const log = openLogFile(dataDir, 'engine.log')
  log.write('two')
  expect(readFileSync(log.path, 'utf8')).toBe('one\ntwo\n')
  if (process.platform !== 'win32') expect(statSync(log.path).mode & 0o777).toBe(0o600)
})

test('a log turns over at 5 MB and the oldest goes', () => {
  const log = openLogFile(dataDir, 'engine.log')
  const line = 'x'.repeat(1_000_000)
  for (let number = 0; number < 40; number++) log.write(`${number} ${line}`)
  expect(readdirSync(path.dirname(log.path)).sort()).toEqual([
    'engine.log',
    'engine.log.1',
    'engine.log.2',
    'engine.log.3',
  ])
  expect(readFileSync(log.path, 'utf8')).toMatch(/(^|\n)39 x/)
  for (const name of readdirSync(path.dirname(log.path))) {
    expect(statSync(path.join(path.dirname(log.path), name)).size).toBeLessThan(6_100_000)
  }
})
