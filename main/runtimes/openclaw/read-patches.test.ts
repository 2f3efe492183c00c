import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleGit } from '../../testing/observed-sample.ts'
import { readPatches } from './read-patches.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'wh-patches-'))
  mkdirSync(path.join(root, 'dist'))
  write('package.json', '{"name":"openclaw"}')
  write('dist/a.mjs', 'export const a = 1\n')
  write('dist/b.mjs', 'export const b = 2\n')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const write = (name: string, content: string) => writeFileSync(path.join(root, name), content)
const hashes = (...names: string[]) =>
  write(
    'dist/postinstall-content-inventory.json',
    JSON.stringify(
      names.map((name) => {
        const content = `export const ${name} = ${name === 'a' ? 1 : 2}\n`
        const sha256 = createHash('sha256').update(content).digest('hex')
        return { path: `dist/${name}.mjs`, sha256, size: content.length }
      }),
    ),
  )
const later = (name: string) => {
  const inAnHour = Date.now() / 1000 + 3600
  utimesSync(path.join(root, name), inAnHour, inAnHour)
}
const patches = () => readPatches({ root, kind: 'package', git: null })

test('a package that carries hashes names the file that was edited, and the one that is gone', () => {
  hashes('a', 'b')
  expect(patches()).toEqual({ by: 'hashes', files: [] })
  write('dist/a.mjs', 'export const a = 3\n')
  later('dist/a.mjs')
  rmSync(path.join(root, 'dist/b.mjs'))
  expect(patches()).toEqual({ by: 'hashes', files: ['dist/a.mjs', 'dist/b.mjs'] })
})

test('touched and put back is not patched', () => {
  hashes('a', 'b')
  later('dist/a.mjs')
  expect(patches()).toEqual({ by: 'hashes', files: [] })
})

test('a package without hashes is told by its dates and its list of files, and says so', () => {
  write('dist/postinstall-inventory.json', JSON.stringify(['dist/a.mjs', 'dist/b.mjs']))
  expect(patches()).toEqual({ by: 'dates', files: [] })
  later('dist/a.mjs')
  rmSync(path.join(root, 'dist/b.mjs'))
  expect(patches()).toEqual({ by: 'dates', files: ['dist/b.mjs', 'dist/a.mjs'] })
})

test('a checkout is told by git; where git says nothing, nobody knows', () => {
  const read = (change: Parameters<typeof sampleGit>[1]) =>
    readPatches({ root, kind: 'git', git: { read: true, source: 'git', value: sampleGit(0, change) } })
  expect(read({ dirtyFiles: 1, changedNames: ['src/x.ts'] })).toEqual({ by: 'git', files: ['src/x.ts'] })
  expect(() => read({ dirtyFiles: null })).toThrow('git did not say')
  expect(() => readPatches({ root, kind: 'git', git: null })).toThrow()
  expect(() => readPatches({ root, kind: 'unknown', git: null })).toThrow('It is not known how this was installed.')
})
