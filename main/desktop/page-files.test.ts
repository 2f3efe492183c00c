import path from 'node:path'
import { expect, test } from 'vitest'
import { contentSecurityPolicy, fileFor } from './page-files.ts'

const root = path.resolve('/app/out/renderer')

test('the files of the page, by their names', () => {
  expect(fileFor(root, 'app://wheelhouse/index.html')).toEqual({
    file: path.join(root, 'index.html'),
    contentType: 'text/html; charset=utf-8',
  })
  expect(fileFor(root, 'app://wheelhouse/assets/index-1a.js?x#y')?.file).toBe(path.join(root, 'assets', 'index-1a.js'))
})

test.each([
  ['an encoded slash', 'app://wheelhouse/..%2fmain%2findex.js'],
  ['a backslash', 'app://wheelhouse/..%5cmain%5cindex.js'],
  ['a zero byte', 'app://wheelhouse/index.html%00.js'],
  ['a broken escape', 'app://wheelhouse/%zz.js'],
  ['an absolute path', 'app://wheelhouse//etc/passwd'],
  ['a folder', 'app://wheelhouse/'],
  ['a folder whose name begins alike', 'app://wheelhouse/..%2frenderer-old/index.html'],
  ['a kind of file the page does not consist of', 'app://wheelhouse/index.js.map'],
  ['another host', 'app://elsewhere/index.html'],
  ['another scheme', 'file:///app/out/renderer/index.html'],
  ['no URL', 'index.html'],
])('nothing else: %s', (_name, url) => {
  expect(fileFor(root, url)).toBeNull()
})

test('parents that the URL itself resolves end at the root', () => {
  expect(fileFor(root, 'app://wheelhouse/../main/index.js')?.file).toBe(path.join(root, 'main', 'index.js'))
  expect(fileFor(root, 'app://wheelhouse/%2e%2e/%2e%2e/index.js')?.file).toBe(path.join(root, 'index.js'))
})

test('the policy allows nothing from elsewhere and nothing inline', () => {
  expect(contentSecurityPolicy).toMatch(/^default-src 'none'/)
  expect(contentSecurityPolicy).not.toMatch(/unsafe|https?:|\*/)
})
