import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readFileText } from './read-file-text.ts'

let home = ''
let workspace = ''
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'wheelhouse-text-'))
  vi.stubEnv('HOME', home)
  vi.stubEnv('OPENCLAW_STATE_DIR', '')
  workspace = path.join(home, '.openclaw/workspace')
  mkdirSync(path.join(workspace, 'skills/orders'), { recursive: true })
  writeFileSync(path.join(home, '.openclaw/openclaw.json'), '{}')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true, force: true })
})

const told = (name: string) =>
  readFileText({ stateDir: path.join(home, '.openclaw'), path: name, fingerprintKey: 'ab'.repeat(32) })

test('a text is told without the secrets in it; what is none, or too much, by its kind', async () => {
  writeFileSync(path.join(workspace, 'SOUL.md'), 'Be kind.\napi_key: sk-abcdefghijklmnopqrstuvwxyz\n')
  writeFileSync(path.join(workspace, 'AGENTS.md'), Buffer.from([1, 0, 2]))
  writeFileSync(path.join(workspace, 'skills/orders/large.md'), 'x'.repeat(200_001))
  const soul = await told('SOUL.md')
  expect(soul).toMatchObject({ read: true, value: { kind: 'text', text: expect.stringContaining('Be kind.\n') } })
  expect(JSON.stringify(soul)).not.toContain('abcdefghijklmnop')
  expect(await told('AGENTS.md')).toMatchObject({ read: true, value: { kind: 'binary', size: 3, text: null } })
  expect(await told('skills/orders/large.md')).toMatchObject({ value: { kind: 'large', size: 200_001, sha256: '' } })
  expect(await told('skills/orders/none.md')).toMatchObject({ read: true, value: { kind: 'none' } })
})

test('a text without anything to mask is told to the last byte', async () => {
  const bytes = Buffer.from('\uFEFFBe kind.\r\n\r\nNo newline at the end: ü 🙂', 'utf8')
  writeFileSync(path.join(workspace, 'SOUL.md'), bytes)
  const soul = await told('SOUL.md')
  const text = soul.read ? soul.value.text : null
  expect(Buffer.from(text ?? '', 'utf8').equals(bytes)).toBe(true)
})

test('no link is followed, and nothing but what a layer may carry is read', async () => {
  writeFileSync(path.join(home, 'private.md'), 'private')
  symlinkSync(path.join(home, 'private.md'), path.join(workspace, 'TOOLS.md'))
  symlinkSync(home, path.join(workspace, 'skills/home'))
  for (const link of ['TOOLS.md', 'skills/home/private.md'])
    expect(await told(link), link).toMatchObject({ read: false, why: expect.stringContaining('link') })
  mkdirSync(path.join(workspace, 'SOUL.md'))
  expect(await told('SOUL.md')).toMatchObject({ read: false, why: 'It is no plain file.' })
  for (const outside of ['../openclaw.json', '/etc/passwd', 'skills/../../openclaw.json', 'openclaw.json'])
    expect(await told(outside), outside).toMatchObject({ read: false, why: expect.stringContaining('carried') })
})

test('a broken config, and an agent that is gone, are said', async () => {
  writeFileSync(path.join(home, '.openclaw/openclaw.json'), '{ not JSON5')
  expect(await told('SOUL.md')).toMatchObject({
    read: false,
    why: expect.stringContaining('its workspace is not known'),
  })
  rmSync(path.join(home, '.openclaw'), { recursive: true })
  expect(await told('SOUL.md')).toMatchObject({ read: false, why: expect.stringContaining('no such agent') })
})
