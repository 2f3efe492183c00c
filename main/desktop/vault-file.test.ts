import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../base/log.ts'
import { openVaultFile } from './vault-file.ts'
import { answerVault } from './vault-messages.ts'

/** Stands for the keychain's key: what matters here is that only its output reaches the disk. */
const cipher = {
  encrypt: async (text: string) => Buffer.from(text).map((byte) => byte ^ 0x5a) as Buffer,
  decrypt: async (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x5a)).toString(),
}

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-vault-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

test('a secret comes back from the file, and the file does not contain it', async () => {
  await openVaultFile(dataDir, cipher).set('passphrase:a', 'open sesame')
  await openVaultFile(dataDir, cipher).set('passphrase:b', 'other')
  const vault = openVaultFile(dataDir, cipher)
  expect(await vault.get('passphrase:a')).toBe('open sesame')
  await vault.remove('passphrase:a')
  expect(await vault.get('passphrase:a')).toBeNull()
  expect(await vault.get('passphrase:b')).toBe('other')
  const file = path.join(dataDir, 'keychain.json')
  expect(readFileSync(file, 'utf8')).not.toContain('other')
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('the engine is answered; what is not a request of it is not', async () => {
  const answers: object[] = []
  const ask = (message: unknown) =>
    answerVault(message, openVaultFile(dataDir, cipher), (answer) => answers.push(answer), silentLog)
  await ask({ kind: 'vault', id: 1, do: 'set', name: 'a', secret: 's' })
  await ask({ kind: 'vault', id: 2, do: 'get', name: 'a' })
  await ask({ kind: 'vault', id: 3, do: 'list' })
  await ask('vault')
  expect(answers).toEqual([
    { kind: 'vault-answer', id: 1, ok: true, secret: null },
    { kind: 'vault-answer', id: 2, ok: true, secret: 's' },
  ])
})

test('without a keychain nothing is kept, and the engine is told so', async () => {
  const answers: object[] = []
  await answerVault(
    { kind: 'vault', id: 1, do: 'set', name: 'a', secret: 's' },
    null,
    (answer) => answers.push(answer),
    silentLog,
  )
  expect(answers).toEqual([{ kind: 'vault-answer', id: 1, ok: false, secret: null }])
})
