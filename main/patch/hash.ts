import { createHash } from 'node:crypto'
import type { PatchContent } from '../../shared/contract/index.ts'
import { canonicalJson } from '../base/canonical.ts'

/** SHA-256, hex, of all that a patch is. Its files are in it by their own hashes. Pure. */
export const patchHash = (content: PatchContent): string =>
  createHash('sha256').update(canonicalJson(content)).digest('hex')

/** SHA-256, hex, of a file's bytes. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
