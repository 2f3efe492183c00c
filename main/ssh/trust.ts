import type { BoxId, OfferedKey, Pin, TrustState } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import { fingerprintOf, type HostKey, readHostKey } from './host-key.ts'
import { trustRows } from './rows.ts'

export interface TrustParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly clock: Clock
  readonly changes: Changes
  /** Who accepts and forgets: the person at the window, or at the command line. */
  readonly actor: 'operator' | 'cli'
}

/** Which host key each box has, by a person's word. */
export function createTrust({ store, ledger, clock, changes, actor }: TrustParts) {
  const rows = trustRows(store.db)
  const offered = (boxId: BoxId, row: { algorithm: string; host_key: string }): OfferedKey => ({
    boxId,
    algorithm: row.algorithm,
    key: row.host_key,
    fingerprint: fingerprintOf(Buffer.from(row.host_key, 'base64')),
  })
  const state = (boxId: BoxId): TrustState => {
    const pin = rows.pin(boxId)
    const change = rows.change(boxId)
    return {
      boxId,
      pin: pin ? { ...offered(boxId, pin), acceptedAtMs: pin.accepted_at_ms, source: pin.source } : null,
      changedTo: change ? { ...offered(boxId, change), seenAtMs: change.seen_at_ms } : null,
    }
  }
  const keyChanged = (box: StoredBox, pinned: string, shown: string) =>
    new FaultError({ code: 'key-changed', boxName: box.name, pinned, offered: shown })

  return {
    state,
    /**
     * The key to insist on; null while nobody accepted one.
     * @throws FaultError `key-changed`: it once showed another key, and everything for it stops until it is enrolled again.
     */
    pinned(box: StoredBox): HostKey | null {
      const { pin, changedTo } = state(box.boxId)
      if (pin !== null && changedTo !== null) throw keyChanged(box, pin.fingerprint, changedTo.fingerprint)
      return pin
    },
    /** Records that a box showed another key than its pin; the diary says so once a key. */
    changed(box: StoredBox, pin: HostKey, shown: HostKey): FaultError {
      if (rows.change(box.boxId)?.host_key !== shown.key) {
        store.write(() => {
          rows.saveChange({
            box_id: box.boxId,
            algorithm: shown.algorithm,
            host_key: shown.key,
            seen_at_ms: clock.nowMs(),
          })
          ledger.append({
            actor: 'console',
            kind: 'host-key.changed',
            boxId: box.boxId,
            words: `{box} showed the host key ${shown.fingerprint} instead of ${pin.fingerprint}. Everything for it stopped.`,
          })
        })
        changes.publish('trust', 'ledger')
      }
      return keyChanged(box, pin.fingerprint, shown.fingerprint)
    },
    /** @throws FaultError `key-changed` when another key is pinned: that one has to be forgotten first; `invalid-input`. */
    accept(box: StoredBox, key: OfferedKey, source: string): Pin {
      const hostKey = readHostKey(Buffer.from(key.key, 'base64'))
      if (hostKey === null)
        throw new FaultError({ code: 'invalid-input', field: 'Host key', detail: 'This is not a host key.' })
      if (hostKey.fingerprint !== key.fingerprint) throw keyChanged(box, key.fingerprint, hostKey.fingerprint)
      const { pin, changedTo } = state(box.boxId)
      if (pin !== null && pin.key !== hostKey.key) throw keyChanged(box, pin.fingerprint, hostKey.fingerprint)
      if (pin !== null && changedTo !== null) throw keyChanged(box, pin.fingerprint, changedTo.fingerprint)
      if (pin !== null) return pin
      const acceptedAtMs = clock.nowMs()
      store.write(() => {
        rows.insertPin({
          box_id: box.boxId,
          algorithm: hostKey.algorithm,
          host_key: hostKey.key,
          accepted_at_ms: acceptedAtMs,
          source,
        })
        ledger.append({
          actor,
          kind: 'host-key.accepted',
          boxId: box.boxId,
          words: `The host key ${hostKey.fingerprint} (${hostKey.algorithm}) of {box} was accepted. Source: ${source}.`,
        })
      })
      changes.publish('trust', 'inventory', 'ledger')
      return { ...hostKey, boxId: box.boxId, acceptedAtMs, source }
    },
    forget(boxId: BoxId): void {
      const pin = state(boxId).pin
      if (pin === null) return
      store.write(() => {
        rows.forget(boxId)
        ledger.append({
          actor,
          kind: 'host-key.forgotten',
          boxId,
          words: `The host key ${pin.fingerprint} (${pin.algorithm}) of {box} was forgotten. Nothing is sent there until a key is accepted again.`,
        })
      })
      changes.publish('trust', 'inventory', 'ledger')
    },
  }
}
export type Trust = ReturnType<typeof createTrust>
