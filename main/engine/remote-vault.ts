import type { Clock } from '../base/clock.ts'
import { Secret } from '../base/secret.ts'
import type { Vault } from '../ssh/vault.ts'

/** A keychain may ask the person for leave. */
const answerWithinMs = 120_000

/** The keychain is main's: each request is a message, each answer comes back under its number. */
export function createRemoteVault(
  post: (message: object) => void,
  keychain: { readonly available: boolean; readonly why: string },
  clock: Clock,
) {
  const waiting = new Map<number, { resolve: (secret: string | null) => void; reject: (error: Error) => void }>()
  let last = 0
  const ask = (request: { do: 'get' | 'remove'; name: string } | { do: 'set'; name: string; secret: string }) =>
    new Promise<string | null>((resolve, reject) => {
      last += 1
      const id = last
      const stop = clock.after(
        answerWithinMs,
        () => settle(() => reject(new Error('the keychain did not answer'))),
        true,
      )
      const settle = (act: () => void) => {
        stop()
        waiting.delete(id)
        act()
      }
      waiting.set(id, {
        resolve: (secret) => settle(() => resolve(secret)),
        reject: (error) => settle(() => reject(error)),
      })
      post({ kind: 'vault', id, ...request })
    })
  const vault: Vault = {
    ...keychain,
    async get(name) {
      if (!keychain.available) return null
      const secret = await ask({ do: 'get', name })
      return secret === null ? null : new Secret(secret)
    },
    async set(name, secret) {
      if (keychain.available) await ask({ do: 'set', name, secret: secret.reveal() })
    },
    async remove(name) {
      if (keychain.available) await ask({ do: 'remove', name })
    },
  }
  return {
    vault,
    answered({ id, ok, secret }: { id: number; ok: boolean; secret: string | null }): void {
      const asked = waiting.get(id)
      if (ok) asked?.resolve(secret)
      else asked?.reject(new Error('the keychain refused'))
    },
  }
}
