import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { BoxId, OfferedKey, Pin, TrustState } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import type { Store } from '../store/store.ts'
import { readHostKey } from './host-key.ts'
import { type KnownHost, readKnownHosts } from './known-hosts.ts'
import type { Ssh } from './ssh.ts'

export interface TrustHandlerParts {
  readonly ssh: Ssh
  readonly inventory: Pick<InventoryReads, 'box' | 'boxes'>
  readonly store: Store
  readonly homeDir: string
  /** How long a look at a host key may take. */
  readonly deadlineMs: () => number
  /** Where an acceptance comes from, as the pin tells later. Default {@link acceptedHere}. */
  readonly source?: string | undefined
}

interface Candidate {
  readonly boxId: BoxId
  readonly boxName: string
  readonly fingerprint: string
  readonly algorithm: string
  readonly key: string
  readonly line: number
}

/** What the operator sees as the source of a key they compared and accepted here. */
export const acceptedHere = 'you, in this window'
/** The same for the command line. */
export const acceptedOnCommandLine = 'you, on the command line'

/** The contract's `trust.*` procedures but enrolment. Inputs were checked by the contract. */
export function createTrustHandlers({
  ssh,
  inventory,
  store,
  homeDir,
  deadlineMs,
  source = acceptedHere,
}: TrustHandlerParts) {
  const offeredKey = (boxId: BoxId, signal?: AbortSignal): Promise<OfferedKey> =>
    ssh.offeredKey(boxId, signal === undefined ? { deadlineMs: deadlineMs() } : { deadlineMs: deadlineMs(), signal })
  return {
    state: (input: { boxId: BoxId }): TrustState => ssh.trust(inventory.box(input.boxId).boxId),
    offeredKey: (input: { boxId: BoxId }, signal?: AbortSignal) => offeredKey(input.boxId, signal),
    /** Looks again: what is pinned is what the machine shows now, if that is what the person compared. */
    async accept(input: { boxId: BoxId; fingerprint: string }, signal?: AbortSignal): Promise<Pin> {
      const offered = await offeredKey(input.boxId, signal)
      if (offered.fingerprint !== input.fingerprint) {
        const boxName = inventory.box(input.boxId).name
        throw new FaultError({ code: 'key-changed', boxName, pinned: input.fingerprint, offered: offered.fingerprint })
      }
      return ssh.accept(input.boxId, offered, source)
    },
    forget(input: { boxId: BoxId }): Record<string, never> {
      ssh.forget(inventory.box(input.boxId).boxId)
      return {}
    },
    /** @param input.text the file's text; null: the operator's own known_hosts, read now and at no other time. */
    async knownHosts(input: { text: string | null }): Promise<Candidate[]> {
      const known = readKnownHosts(input.text ?? (await readOwn(homeDir)))
      return inventory.boxes().flatMap((box) => {
        const pin = ssh.trust(box.boxId).pin
        const fitting = known.filter((entry) => entry.isFor(box.host, box.port))
        if (fitting.some((entry) => entry.key === pin?.key)) return []
        return fitting.map(
          (entry): Candidate => ({ boxId: box.boxId, boxName: box.name, ...keyOf(entry), line: entry.line }),
        )
      })
    },
    /** Pins all of them or none. @throws FaultError `key-changed` where another key is pinned: forget that one first. */
    acceptKnownHosts(input: { picks: readonly { boxId: BoxId; key: string; line: number }[] }): { pinned: number } {
      store.write(() => {
        for (const { boxId, key, line } of input.picks) {
          const hostKey = readHostKey(Buffer.from(key, 'base64'))
          if (hostKey === null)
            throw new FaultError({ code: 'invalid-input', field: `Line ${line}`, detail: 'This is not a host key.' })
          ssh.accept(boxId, { boxId, ...hostKey }, `your known_hosts, line ${line}`)
        }
      })
      return { pinned: input.picks.length }
    },
  }
}

const keyOf = ({ fingerprint, algorithm, key }: KnownHost) => ({ fingerprint, algorithm, key })

async function readOwn(homeDir: string): Promise<string> {
  const file = path.join(homeDir, '.ssh', 'known_hosts')
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new FaultError({ code: 'not-found', what: `file ${file}` }, error)
    throw new FaultError({ code: 'invalid-input', field: file, detail: 'This file cannot be read.' }, error)
  })
}
