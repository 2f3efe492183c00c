import type { BoxId, ClientId, LedgerEntry, LedgerVerdict } from '../../shared/contract/index.ts'

export interface NewEntry {
  readonly actor: 'operator' | 'console' | 'cli'
  /** Dotted, such as `host-key.accepted`, `sweep.ended`, `finding.opened`. */
  readonly kind: string
  readonly boxId?: BoxId | null
  readonly clientId?: ClientId | null
  /** A whole sentence; `{box}` and `{client}` stand for names, which are put in on reading. Never a secret, never message content. */
  readonly words: string
}

/** Append-only, hash-chained record of what the console did and found. */
export interface Ledger {
  /** Joins the transaction it is called in: a row is written before an effect is reported. */
  append(entry: NewEntry): void
  /** The side table of names, which may be deleted without breaking the chain. */
  rememberName(id: BoxId | ClientId, name: string): void
  entries(query: { boxId?: BoxId; clientId?: ClientId; limit: number }): LedgerEntry[]
  verify(): LedgerVerdict
}
