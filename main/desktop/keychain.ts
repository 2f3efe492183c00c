import { safeStorage } from 'electron'
import type { Cipher } from './vault-file.ts'

/** Whether secrets can be kept here, and the sentence why not. */
export interface Keychain {
  readonly available: boolean
  readonly why: string
}

/** Asks the system once, after the app is ready. A keychain that would keep secrets in plain text counts as none. */
export async function findKeychain(): Promise<Keychain> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) {
    return {
      available: false,
      why: 'This computer offers no keychain to Wheelhouse, so no password or passphrase is kept. Use ssh-agent.',
    }
  }
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') {
    return {
      available: false,
      why: 'This desktop has no password manager that Wheelhouse can use (GNOME Keyring or KWallet), so no password or passphrase is kept. Use ssh-agent.',
    }
  }
  return { available: true, why: '' }
}

export const keychainCipher: Cipher = {
  encrypt: (text) => safeStorage.encryptStringAsync(text),
  decrypt: async (bytes) => (await safeStorage.decryptStringAsync(bytes)).result,
}
