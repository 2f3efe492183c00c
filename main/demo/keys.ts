import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'

/** An ed25519 key in the two forms the demo needs. */
export interface DemoKey {
  /** OpenSSH private key file (`openssh-key-v1`, unencrypted). */
  readonly privateKey: string
  /** Public key blob, base64: what stands in `authorized_keys` and what is pinned. */
  readonly publicBlob: string
  /** `SHA256:` and unpadded base64, as OpenSSH prints it. */
  readonly fingerprint: string
}

/** DER of a PKCS#8 ed25519 private key up to its 32 bytes (RFC 8410 §7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

const length = (bytes: number): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(bytes)
  return head
}
const text = (value: Buffer | string): Buffer => {
  const body = Buffer.from(value)
  return Buffer.concat([length(body.length), body])
}

/** The same seed gives the same key, so that a demo box keeps its host key from one start to the next. */
export function ed25519(seed: string): DemoKey {
  const secret = createHash('sha256').update(seed).digest()
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Head, secret]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)
  const blob = Buffer.concat([text('ssh-ed25519'), text(publicKey)])
  return {
    privateKey: openSshFile(secret, publicKey, blob),
    publicBlob: blob.toString('base64'),
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
  }
}

/** Layout: PROTOCOL.key of OpenSSH; cipher and KDF `none`, block size 8. */
function openSshFile(secret: Buffer, publicKey: Buffer, blob: Buffer): string {
  const check = createHash('sha256').update(secret).digest().subarray(0, 4)
  const body = Buffer.concat([check, check, blob, text(Buffer.concat([secret, publicKey])), text('wheelhouse demo')])
  const padded = Buffer.concat([body, Buffer.from([1, 2, 3, 4, 5, 6, 7]).subarray(0, (8 - (body.length % 8)) % 8)])
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    length(1),
    text(blob),
    text(padded),
  ])
  const lines = file.toString('base64').match(/.{1,70}/g) ?? []
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n')
}
