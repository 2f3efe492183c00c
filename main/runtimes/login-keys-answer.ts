import * as z from 'zod'

const text = z.string().max(4000)

/** Bytes of a public key as they stand in an authorized_keys file, base64. */
export const KeyBlob = z
  .string()
  .max(6000)
  .regex(/^[A-Za-z0-9+/]{16,}={0,3}$/)
export type KeyBlob = z.infer<typeof KeyBlob>

/** How a key stands in the login's own authorized_keys. */
const Stands = z.object({
  /** Lines with this very key, as they are. */
  lines: z.array(z.string().max(20_000)).max(50),
})

export const LoginKeysAnswer = z.union([
  z.object({ file: text, old: Stands, fresh: Stands, others: z.number().int() }),
  /** Nothing was changed; `refused` is why, as a sentence. */
  z.object({ refused: text }),
])
export type LoginKeysAnswer = z.infer<typeof LoginKeysAnswer>

export interface LoginKeysRequest {
  /** The key that goes. */
  readonly old: KeyBlob
  /** The key that comes. */
  readonly fresh: KeyBlob
  /** `look`: only says how it is. `add`: `line` is put in unless the fresh key stands there. `remove`: lines with `which` key go. */
  readonly act:
    | { readonly do: 'look' }
    | { readonly do: 'add'; readonly line: string }
    | { readonly do: 'remove'; readonly which: 'old' | 'fresh' }
}
