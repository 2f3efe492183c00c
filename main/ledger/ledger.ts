import type { BoxId, ClientId, LedgerEntry, LedgerVerdict } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Store } from '../store/store.ts'
import { beginning, hashOf, verifyChain } from './chain.ts'
import { readHead, writeHead } from './head.ts'
import { ledgerRows, type StoredEntry } from './rows.ts'

export interface NewEntry {
  readonly actor: 'operator' | 'console' | 'cli'
  /** Dotted, such as `host-key.accepted`, `sweep.ended`, `finding.opened`. */
  readonly kind: string
  readonly boxId?: BoxId | null
  readonly clientId?: ClientId | null
  /** A whole sentence; `{box}` and `{client}` stand for names, which are put in on reading. Never a secret, never message content. */
  readonly words: string
}

/**
 * Append-only, hash-chained record of what the console did and found.
 *
 * Each entry's hash covers the entry and the hash before it; the end of the chain (count, hash) also stands in
 * `wheelhouse.head.json` beside the database, written after each commit. So a changed, removed, reordered or cut-off
 * entry is found. **Not found: someone who rewrites the table and the head file, both, with fresh hashes.** There is no
 * key in this chain; it shows accidents and edits, it does not stop an owner of the computer.
 *
 * A crash between the commit and the head leaves the head behind the end of a good chain. That is not cutting off
 * (there the head stands beyond the end), so it counts as intact and is put right at the next opening for writing.
 */
export interface Ledger {
  /** Joins the transaction it is called in: a row is written before an effect is reported. */
  append(entry: NewEntry): void
  /** The side table of names, which may be deleted without breaking the chain. */
  rememberName(id: BoxId | ClientId, name: string): void
  /** Newest first. */
  entries(query: { boxId?: BoxId; clientId?: ClientId; limit: number }): LedgerEntry[]
  /** Of one box within a time, newest first. */
  ofBox(boxId: BoxId, fromMs: number, toMs: number): LedgerEntry[]
  /** The latest moment that any entry bears: no time before it is believed to be now. 0: there is no entry. */
  latestMs(): number
  verify(): LedgerVerdict
  /** What it was found to be at its opening. A long diary takes its time: it is read once then, not again for whoever asks. */
  readonly intactAtOpening: boolean
}

export interface LedgerOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** `cli`: what the operator does is entered as done on the command line. Default `desktop`. */
  readonly host?: 'desktop' | 'cli'
}

export function createLedger({ store, clock, log, host = 'desktop' }: LedgerOptions): Ledger {
  const rows = ledgerRows(store.db)
  const end = () => rows.end.get() ?? { count: 0, hash: beginning }
  const check = () => {
    // The head is read first: a console that writes meanwhile can only make it look behind, which is allowed.
    const head = readHead(store.dataDir)
    return verifyChain(rows.all.iterate(), head)
  }
  /** A chain that was found broken keeps the head it did not fit: the next entry must not make the break unfindable. */
  let broken = false
  const keepHead = () => {
    if (broken) return
    try {
      writeHead(store.dataDir, end())
    } catch (error) {
      log.error('ledger.head-not-written', error)
    }
  }
  const ledger: Omit<Ledger, 'intactAtOpening'> = {
    append: (entry) =>
      store.write(() => {
        const last = end()
        const actor = entry.actor === 'operator' && host === 'cli' ? 'cli' : entry.actor
        const chained = {
          seq: last.count + 1,
          atMs: clock.nowMs(),
          actor,
          kind: entry.kind,
          boxId: entry.boxId ?? null,
          clientId: entry.clientId ?? null,
          // SQLite keeps UTF-8: half a surrogate pair would come back as another character, and break the hash.
          words: entry.words.toWellFormed(),
        }
        rows.insert.run({ ...chained, previousHash: last.hash, hash: hashOf(last.hash, chained) })
        store.afterCommit(keepHead)
      }),
    rememberName: (id, name) => {
      store.write(() => rows.name.run(id, name))
    },
    entries: ({ boxId, clientId, limit }) =>
      rows.newest.all({ boxId: boxId ?? null, clientId: clientId ?? null, limit }).map(toEntry),
    ofBox: (boxId, fromMs, toMs) => rows.ofBox.all({ boxId, fromMs, toMs }).map(toEntry),
    latestMs: () => rows.latest.get()?.atMs ?? 0,
    verify: () => {
      const found = check()
      return found.sound
        ? { intact: true, entries: found.head.count, problem: null, firstBadSeq: null }
        : { intact: false, entries: found.entries, problem: found.problem, firstBadSeq: found.firstBadSeq }
    },
  }
  return { ...ledger, intactAtOpening: store.writable ? putRight() : check().sound }

  function putRight(): boolean {
    if (store.recovered) {
      const { backupAtMs } = store.recovered
      const source =
        backupAtMs === null
          ? 'nothing'
          : `the backup of ${new Date(backupAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
      ledger.append({
        actor: 'operator',
        kind: 'store.recovered',
        words: `The store was damaged and set aside; the console went on from ${source}.`,
      })
      return check().sound
    }
    const found = check()
    broken = !found.sound
    if (found.sound && found.headLags) keepHead()
    return found.sound
  }
}

function toEntry({ words, boxName, clientName, ...entry }: StoredEntry): LedgerEntry {
  const names: Record<string, string> = {
    '{box}': boxName ?? 'a forgotten machine',
    '{client}': clientName ?? 'a forgotten client',
  }
  const sentence = words.replace(/\{(?:box|client)\}/g, (mark) => names[mark] ?? mark)
  return { ...entry, sentence }
}
