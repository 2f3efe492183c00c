import { createHash } from 'node:crypto'
import { untrusted } from '../../shared/untrusted.ts'

/** A host key as it travels: the public key blob of RFC 4253 §6.6. */
export interface HostKey {
  readonly algorithm: string
  /** Base64 of the blob. */
  readonly key: string
  readonly fingerprint: string
}

/** `SHA256:` and the unpadded base64 of the blob's SHA-256, as OpenSSH prints it since 6.8. */
export const fingerprintOf = (blob: Buffer): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`

/** Names the key; the algorithm is the blob's own first string. Null when this is not a key blob. */
export function readHostKey(blob: Buffer): HostKey | null {
  if (blob.length < 8) return null
  const length = blob.readUInt32BE(0)
  if (length < 3 || length > 64 || blob.length <= 4 + length) return null
  const algorithm = blob.toString('latin1', 4, 4 + length)
  if (!/^[a-z0-9@.-]+$/.test(algorithm)) return null
  return { algorithm: untrusted(algorithm), key: blob.toString('base64'), fingerprint: fingerprintOf(blob) }
}

/** Signature algorithms a host key of each kind may be proved with; nothing that rests on SHA-1, no DSA. */
const proofs: Readonly<Record<string, readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
}

/** Host key algorithms in order of preference: those of the pinned kind first, so that a box with several keys shows the pinned one. */
export function hostKeyAlgorithms(pinnedAlgorithm: string | null): string[] {
  const all = Object.values(proofs).flat()
  const first = pinnedAlgorithm === null ? [] : (proofs[pinnedAlgorithm] ?? [])
  return [...first, ...all.filter((name) => !first.includes(name))]
}
