import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { sha256Of } from '../../../runtimes/runtimes.ts'
import { tempDir } from '../../../testing/temp-store.ts'
import { type CarriedFile, putBackFile } from './files.ts'

test('a file whose old copy somebody removed is left as it is, however often it is taken back', () => {
  const root = tempDir()
  const [old, next] = [Buffer.from('as it was'), Buffer.from('changed')]
  const file: CarriedFile = {
    root,
    target: path.join(root, 'SOUL.md'),
    before: path.join(root, '.wheelhouse-x-0-before'),
    after: path.join(root, '.wheelhouse-x-0-after'),
    hashBefore: sha256Of(old),
    hashAfter: sha256Of(next),
  }
  writeFileSync(file.target, next)
  expect([putBackFile(file), putBackFile(file)]).toEqual(['left-alone', 'left-alone'])
  expect(readFileSync(file.target, 'utf8')).toBe('changed')
  writeFileSync(file.before ?? '', old)
  expect([putBackFile(file), putBackFile(file)]).toEqual(['back', 'back'])
  rmSync(file.target)
  expect(putBackFile(file)).toBe('left-alone')
})
