import * as z from 'zod'
import { orUnread } from './observed.ts'

/** One file of an agent's workspace, asked for by a person who wants to see its text. */
export interface FileTextRequest {
  /** Of the agent, as the box itself named it. */
  readonly stateDir: string
  /** From the workspace; only what a layer may carry. */
  readonly path: string
  /** Of the box: what is redacted stays the same from look to look. */
  readonly fingerprintKey: string
}

/** Larger files are told by their size alone, bytes. */
export const mostTextBytes = 200_000

/** `text` is redacted, and null for all but texts. */
export const FileText = orUnread(
  z.object({
    kind: z.enum(['text', 'binary', 'large', 'none']),
    /** Hex; empty: it was not read. */
    sha256: z.string().max(64),
    size: z.number().int().min(0),
    text: z.string().max(1_000_000).nullable(),
  }),
)
export type FileText = z.infer<typeof FileText>
