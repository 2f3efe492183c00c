import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { tempDir } from '../testing/temp-store.ts'
import { changeLoginKeys } from './login-keys.ts'
import type { LoginKeysRequest } from './login-keys-answer.ts'

const old = `AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}`
const fresh = `AAAAC3NzaC1lZDI1NTE5AAAAI${'B'.repeat(43)}`
const line = `no-pty ssh-ed25519 ${fresh} new`
const foreign =
  '# caf\u00e9\r\n\n  from="a b",command="x \\"ssh-ed25519\\" y" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICCC other\n'

let home: string
let file: string
const ask = (act: LoginKeysRequest['act']) => changeLoginKeys({ old, fresh, act })
const bytes = () => readFileSync(file, 'latin1')
const stands = (answer: ReturnType<typeof ask>) =>
  'refused' in answer ? answer.refused : [answer.old.lines.length, answer.fresh.lines.length, answer.others]

beforeEach(() => {
  home = tempDir()
  vi.stubEnv('HOME', home)
  file = path.join(home, '.ssh', 'authorized_keys')
  mkdirSync(path.dirname(file))
  writeFileSync(file, `${foreign}ssh-ed25519 ${old} me@laptop\nno newline`, 'latin1')
  chmodSync(file, 0o640)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true })
})

test('a key comes and another goes, and every line of others stays to the last byte, with the mode', () => {
  const before = bytes()
  expect(stands(ask({ do: 'look' }))).toEqual([1, 0, 1])
  expect(bytes()).toBe(before)
  expect(stands(ask({ do: 'add', line }))).toEqual([1, 1, 1])
  expect(bytes()).toBe(`${before}\n${line}\n`)
  expect(stands(ask({ do: 'add', line: `ssh-ed25519 ${fresh} once more` }))).toEqual([1, 1, 1])
  expect(stands(ask({ do: 'remove', which: 'old' }))).toEqual([0, 1, 1])
  expect(bytes()).toBe(`${foreign}no newline\n${line}\n`)
  expect(stands(ask({ do: 'remove', which: 'old' }))).toEqual([0, 1, 1])
  expect(statSync(file).mode & 0o777).toBe(0o640)
})

test('a key that merely begins like it, or stands in a comment or an option, is not it', () => {
  writeFileSync(file, `# ssh-ed25519 ${old}\ncommand="ssh-ed25519 ${old}" ssh-ed25519 ${old}AAA x\n`)
  const before = bytes()
  expect(stands(ask({ do: 'remove', which: 'old' }))).toEqual([0, 0, 1])
  expect(bytes()).toBe(before)
})

test('where there is none it is made, readable by that login alone; a linked one is replaced where it lies', () => {
  rmSync(file)
  expect(stands(ask({ do: 'add', line }))).toEqual([0, 1, 0])
  expect([bytes(), statSync(file).mode & 0o777]).toEqual([`${line}\n`, 0o600])
  const real = path.join(home, 'elsewhere')
  linkSync(file, real)
  rmSync(file)
  symlinkSync(real, file)
  expect(stands(ask({ do: 'remove', which: 'fresh' }))).toEqual([0, 0, 0])
  expect([readFileSync(real, 'utf8'), bytes()]).toEqual(['', ''])
})

test('what must not be changed is refused in words, and stays as it is', () => {
  const before = bytes()
  expect(stands(ask({ do: 'add', line: `ssh-ed25519 ${old} not that key` }))).toMatch(/not that key/)
  expect(stands(ask({ do: 'add', line: `${line}\nssh-ed25519 ${old} smuggled` }))).toMatch(/not that key/)
  chmodSync(file, 0o440)
  expect(stands(ask({ do: 'add', line }))).toMatch(/read-only: something else looks after it/)
  expect(bytes()).toBe(before)
  rmSync(file)
  symlinkSync(path.join(home, 'nowhere'), file)
  expect(stands(ask({ do: 'add', line }))).toMatch(/leads nowhere/)
  rmSync(file)
  mkdirSync(file)
  expect(stands(ask({ do: 'look' }))).toMatch(/no plain file/)
})
