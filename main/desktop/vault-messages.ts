import * as z from 'zod'
import type { Log } from '../base/log.ts'
import type { VaultFile } from './vault-file.ts'

/** What the engine may ask of the keychain. */
const VaultRequest = z.discriminatedUnion('do', [
  z.object({ kind: z.literal('vault'), id: z.number().int(), do: z.literal('get'), name: z.string().max(200) }),
  z.object({
    kind: z.literal('vault'),
    id: z.number().int(),
    do: z.literal('set'),
    name: z.string().max(200),
    secret: z.string().max(100_000),
  }),
  z.object({ kind: z.literal('vault'), id: z.number().int(), do: z.literal('remove'), name: z.string().max(200) }),
])

/** Answers one keychain request of the engine; other messages are none of its business. Refuses when there is no keychain. */
export async function answerVault(
  message: unknown,
  vault: VaultFile | null,
  reply: (answer: object) => void,
  log: Log,
): Promise<void> {
  const request = VaultRequest.safeParse(message)
  if (!request.success) return
  const { id, name } = request.data
  try {
    if (!vault) throw new Error('no keychain')
    let secret: string | null = null
    if (request.data.do === 'get') secret = await vault.get(name)
    else if (request.data.do === 'set') await vault.set(name, request.data.secret)
    else await vault.remove(name)
    reply({ kind: 'vault-answer', id, ok: true, secret })
  } catch (error) {
    log.error('vault.failed', error, { do: request.data.do, name })
    reply({ kind: 'vault-answer', id, ok: false, secret: null })
  }
}
