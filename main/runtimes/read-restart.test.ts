import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readLinuxRestart, softwareUpdates } from './read-restart.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'wh-restart-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const put = (name: string, text = '') => {
  const file = path.join(root, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}
const kernels = (...names: string[]) => {
  for (const name of names) put(`lib/modules/${name}/modules.order`)
}

test('a mark of the packages waits, with what asked for it', () => {
  put('run/reboot-required', '*** System restart required ***\n')
  put('run/reboot-required.pkgs', 'linux-image-generic\nlibc6\nlibc6\n')
  expect(readLinuxRestart('6.8.0-51-generic', root)).toMatchObject({
    pending: true,
    detail: 'linux-image-generic, libc6 asked for it',
  })
})

test.each<[string[], string, boolean, RegExp]>([
  [['6.8.0-49-generic', '6.8.0-51-generic'], '6.8.0-51-generic', false, /newest kernel/],
  [['6.8.0-9-generic', '6.8.0-51-generic'], '6.8.0-9-generic', true, /kernel 6.8.0-51-generic is installed/],
  [['6.8.0-51-generic', '6.9.1-aws'], '6.8.0-51-generic', false, /newest kernel/],
  [['6.18.2-arch1-1'], '6.17.9-arch1-1', true, /no longer installed/],
])('kernels %j with %s running', (installed, running, pending, detail) => {
  kernels(...installed)
  const found = readLinuxRestart(running, root)
  expect(found.pending).toBe(pending)
  expect(found.detail).toMatch(detail)
})

test('a system that keeps neither is not called settled', () => {
  expect(() => readLinuxRestart('6.8.0', root)).toThrow('Nothing here says')
})

const plist = (inner: string) => `<?xml version="1.0"?><plist version="1.0"><dict>${inner}</dict></plist>`
const update = (name: string, kind: string) =>
  `<dict><key>Display Name</key><string>${name}</string>${kind}<key>Product Key</key><string>x</string></dict>`

test('updates of the system that macOS found and did not install', () => {
  const found = softwareUpdates(
    plist(
      `<key>AutomaticallyInstallMacOSUpdates</key><true/><key>RecommendedUpdates</key><array>${update('Safari', '')}${update('macOS Tahoe 26.2', '<key>MobileSoftwareUpdate</key><true/>')}</array>`,
    ),
  )
  expect(found).toEqual({
    pending: true,
    byItself: true,
    sinceMs: null,
    detail: 'macOS Tahoe 26.2 waits to be installed',
  })
})

test('nothing found, and nothing said about installing by itself', () => {
  expect(softwareUpdates(plist('<key>RecommendedUpdates</key><array/>'))).toMatchObject({
    pending: false,
    byItself: null,
  })
})
