import type { BoxFields, BoxId, Client, ClientId } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { nameKey } from '../base/name-key.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { checkBox } from './check.ts'
import { expandHome } from './imports/destination.ts'
import type { StoredBox } from './inventory.ts'
import { defined, type Recorder, type Undone } from './record.ts'
import type { boxRows, clientRows } from './rows.ts'

export interface BoxChanges {
  addBox(fields: Partial<BoxFields> & { name: string; host: string }): Undone<{ box: StoredBox }>
  editBox(input: { boxId: BoxId; fields: Partial<BoxFields> }): Undone<{ box: StoredBox }>
  /** @throws FaultError `in-use` when another box is reached through it. */
  removeBox(input: { boxId: BoxId }): Undone<object>
}

const plainBox: Omit<BoxFields, 'name' | 'host' | 'user'> = {
  clientId: null,
  port: 22,
  auth: { kind: 'agent' },
  hops: [],
  ring: 'rest',
  expectedOn: { kind: 'always' },
  jumpOnly: false,
  keepAliveS: null,
}

export interface Boxes extends BoxChanges {
  box(boxId: BoxId): StoredBox
  /** Adds one inside a transaction that is under way; says nothing. For imports. */
  insert(fields: Partial<BoxFields> & { name: string; host: string }): StoredBox
  mark(box: StoredBox): void
  /** Brings these back, which may be each other's jump hosts. */
  unmark(boxes: readonly StoredBox[]): void
  /** @throws FaultError `in-use` when the client has a machine. */
  refuseServed(client: Pick<Client, 'clientId' | 'name'>): void
  /** Marks all boxes of a client as removed and answers with them. */
  markOfClient(clientId: ClientId): StoredBox[]
}

interface Parts {
  readonly rows: ReturnType<typeof boxRows>
  readonly clients: ReturnType<typeof clientRows>
  readonly record: Recorder
  readonly ledger: Ledger
  readonly clock: Clock
  /** Who logs in when nobody said: the operator's own name on this computer, as ssh does. */
  readonly localUser: string
  readonly homeDir: string
}

export function createBoxes({ rows, clients, record, ledger, clock, localUser, homeDir }: Parts): Boxes {
  const box = (boxId: BoxId): StoredBox => {
    const found = rows.one(boxId)
    if (!found) throw new FaultError({ code: 'not-found', what: 'machine' })
    return found
  }
  const refuseTaken = ({ name, boxId }: StoredBox) => {
    const other = rows.all().find((one) => one.boxId !== boxId && nameKey(one.name) === nameKey(name))
    if (other) throw new FaultError({ code: 'already-exists', what: 'machine', name: other.name })
  }
  const checkHops = ({ boxId, hops }: StoredBox) => {
    const bad = (detail: string) => new FaultError({ code: 'invalid-input', field: 'hops', detail })
    if (new Set(hops).size < hops.length) throw bad('A jump host stands twice in the way.')
    for (const hop of hops) {
      if (hop === boxId) throw bad('A machine cannot be its own jump host.')
      if (!rows.one(hop)) throw new FaultError({ code: 'not-found', what: 'jump host' })
    }
  }
  const save = (next: StoredBox): StoredBox => {
    const { auth } = next
    const whole: StoredBox = {
      ...next,
      name: next.name.trim().normalize('NFC'),
      host: next.host.trim(),
      user: next.user.trim(),
      auth: auth.kind === 'key' ? { kind: 'key', path: expandHome(auth.path, homeDir) } : auth,
    }
    checkBox(whole)
    refuseTaken(whole)
    checkHops(whole)
    if (whole.clientId !== null && !clients.one(whole.clientId))
      throw new FaultError({ code: 'not-found', what: 'client' })
    rows.put(whole)
    ledger.rememberName(whole.boxId, whole.name)
    return whole
  }
  const insert: Boxes['insert'] = (fields) =>
    save({
      ...plainBox,
      user: localUser,
      ...defined(fields),
      boxId: newId<BoxId>(),
      createdAtMs: clock.nowMs(),
      launcher: null,
    })
  const refuseInUse = (leaving: readonly StoredBox[]) => {
    const ids = new Set(leaving.map((one) => one.boxId))
    const by = rows.all().find((other) => !ids.has(other.boxId) && other.hops.some((hop) => ids.has(hop)))
    if (!by) return
    const hop = leaving.find((one) => by.hops.includes(one.boxId))
    throw new FaultError({ code: 'in-use', what: `jump host ${hop?.name ?? ''}`, by: by.name })
  }
  const mark = (one: StoredBox) => {
    refuseInUse([one])
    rows.mark(one.boxId, clock.nowMs())
  }
  /** A client may have been removed since, and then its machine comes back without one; without its jump host there is no way to it. */
  const unmark = (returning: readonly StoredBox[]) => {
    for (const one of returning) {
      refuseTaken(one)
      rows.mark(one.boxId, null)
      if (one.clientId !== null && !clients.one(one.clientId)) rows.put({ ...box(one.boxId), clientId: null })
    }
    const lost = returning.find((one) => one.hops.some((hop) => !rows.one(hop)))
    if (lost) throw new FaultError({ code: 'not-found', what: `jump host on the way to ${lost.name}` })
  }
  return {
    box,
    insert,
    mark,
    unmark,
    refuseServed: ({ clientId, name }) => {
      const by = rows.all().find((one) => one.clientId === clientId)
      if (by) throw new FaultError({ code: 'in-use', what: `client ${name}`, by: by.name })
    },
    markOfClient: (clientId) => {
      const gone = rows.all().filter((one) => one.clientId === clientId)
      refuseInUse(gone)
      for (const one of gone) rows.mark(one.boxId, clock.nowMs())
      return gone
    },
    addBox: (fields) =>
      record.make(() => {
        const added = insert(fields)
        const about = { boxId: added.boxId, clientId: added.clientId }
        return {
          result: { box: added },
          said: { ...about, kind: 'box.added', words: '{box} was added.', sentence: `${added.name} was added.` },
          inverse: {
            ...about,
            kind: 'box.add-undone',
            words: 'Adding {box} was taken back.',
            sentence: `${added.name} is gone again.`,
            act: () => mark(added),
          },
        }
      }),
    editBox: ({ boxId, fields }) =>
      record.make(() => {
        const before = box(boxId)
        const changed = defined(fields)
        const after = save({ ...before, ...changed })
        const earlier = Object.fromEntries(Object.keys(changed).map((key) => [key, before[key as keyof StoredBox]]))
        const about = { boxId, clientId: after.clientId }
        return {
          result: { box: after },
          said: { ...about, kind: 'box.edited', words: '{box} was edited.', sentence: `${after.name} was edited.` },
          inverse: {
            ...about,
            kind: 'box.edit-undone',
            words: 'An edit of {box} was taken back.',
            sentence: `${before.name} is as it was before.`,
            act: () => save({ ...box(boxId), ...earlier }),
          },
        }
      }),
    removeBox: ({ boxId }) =>
      record.make(() => {
        const before = box(boxId)
        mark(before)
        const about = { boxId, clientId: before.clientId }
        return {
          result: {},
          said: { ...about, kind: 'box.removed', words: '{box} was removed.', sentence: `${before.name} was removed.` },
          inverse: {
            ...about,
            kind: 'box.remove-undone',
            words: 'Removing {box} was taken back.',
            sentence: `${before.name} is back, with everything under it.`,
            act: () => unmark([before]),
          },
        }
      }),
  }
}
