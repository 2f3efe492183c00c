import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'

/** Encrypts and decrypts with a key that the OS keychain holds. */
export interface Cipher {
  encrypt(text: string): Promise<Buffer>
  decrypt(bytes: Buffer): Promise<string>
}

const Entries = z.record(z.string(), z.string())

/** Secrets encrypted by the OS keychain's key, one file, readable by its owner alone. */
export interface VaultFile {
  get(name: string): Promise<string | null>
  set(name: string, secret: string): Promise<void>
  remove(name: string): Promise<void>
}

export function openVaultFile(dataDir: string, cipher: Cipher): VaultFile {
  const file = path.join(dataDir, 'keychain.json')
  const read = (): Record<string, string> => {
    try {
      return Entries.parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
      throw error
    }
  }
  const write = (entries: Record<string, string>): void => {
    writeFileSync(`${file}.new`, JSON.stringify(entries), { mode: 0o600, flush: true })
    renameSync(`${file}.new`, file)
  }
  return {
    async get(name) {
      const entry = read()[name]
      return entry === undefined ? null : cipher.decrypt(Buffer.from(entry, 'base64'))
    },
    async set(name, secret) {
      const entry = (await cipher.encrypt(secret)).toString('base64')
      write({ ...read(), [name]: entry })
    },
    async remove(name) {
      const { [name]: _gone, ...rest } = read()
      write(rest)
    },
  }
}
