import type { Client, ClientFields, ClientId } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { nameKey } from '../base/name-key.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Boxes } from './boxes.ts'
import { assumedHours } from './business-days.ts'
import { checkClient, checkRegion } from './check.ts'
import { normaliseHandles } from './handles.ts'
import { defined, type Recorder, type Undone } from './record.ts'
import type { clientRows } from './rows.ts'

export interface ClientChanges {
  addClient(fields: Partial<ClientFields> & { name: string }): Undone<{ client: Client }>
  editClient(input: { clientId: ClientId; fields: Partial<ClientFields> }): Undone<{ client: Client }>
  /** Its boxes go with it. @throws FaultError `in-use` when another client's box is reached through one of them. */
  removeClient(input: { clientId: ClientId }): Undone<object>
}

const unknownClient: Omit<ClientFields, 'name'> = {
  niche: '',
  region: '',
  timeZone: '',
  hours: assumedHours,
  hoursAssumed: true,
  statedHolidays: [],
  contacts: [],
  humanFallback: '',
  goLiveOn: '',
  handles: [],
  amberDays: null,
  redDays: null,
}

export interface Clients extends ClientChanges {
  client(clientId: string): Client
  /** Adds one inside a transaction that is under way; says nothing. For imports. */
  insert(fields: Partial<ClientFields> & { name: string }): Client
  unmark(clientId: ClientId): void
  mark(clientId: ClientId): void
}

export function createClients(parts: {
  rows: ReturnType<typeof clientRows>
  boxes: Boxes
  record: Recorder
  ledger: Ledger
  clock: Clock
}): Clients {
  const { rows, boxes, record, ledger, clock } = parts
  const client = (clientId: string): Client => {
    const found = rows.one(clientId)
    if (!found) throw new FaultError({ code: 'not-found', what: 'client' })
    return found
  }
  const save = (next: Client, before: Client | null): Client => {
    const region = next.region.toUpperCase()
    const whole: Client = {
      ...next,
      region,
      name: next.name.trim().normalize('NFC'),
      handles: normaliseHandles(next.handles, region, before?.handles),
    }
    checkClient(whole)
    if (region !== before?.region) checkRegion(region)
    refuseTaken(whole)
    rows.put(whole)
    ledger.rememberName(whole.clientId, whole.name)
    return whole
  }
  const refuseTaken = ({ name, clientId }: Client) => {
    const other = rows.all().find((one) => one.clientId !== clientId && nameKey(one.name) === nameKey(name))
    if (other) throw new FaultError({ code: 'already-exists', what: 'client', name: other.name })
  }
  const insert: Clients['insert'] = (fields) =>
    save(
      {
        ...unknownClient,
        ...(fields.hours ? { hoursAssumed: false } : {}),
        ...defined(fields),
        clientId: newId<ClientId>(),
        createdAtMs: clock.nowMs(),
      },
      null,
    )
  const mark = (clientId: ClientId) => rows.mark(clientId, clock.nowMs())
  const unmark = (clientId: ClientId) => {
    rows.mark(clientId, null)
  }
  return {
    client,
    insert,
    mark,
    unmark,
    addClient: (fields) =>
      record.make(() => {
        const added = insert(fields)
        const about = { clientId: added.clientId }
        return {
          result: { client: added },
          said: { ...about, kind: 'client.added', words: '{client} was added.', sentence: `${added.name} was added.` },
          inverse: {
            ...about,
            kind: 'client.add-undone',
            words: 'Adding {client} was taken back.',
            sentence: `${added.name} is gone again.`,
            act: () => {
              boxes.refuseServed(added)
              mark(added.clientId)
            },
          },
        }
      }),
    editClient: ({ clientId, fields }) =>
      record.make(() => {
        const before = client(clientId)
        const changed = defined(fields)
        const stated = changed.hours && changed.hoursAssumed === undefined ? { hoursAssumed: false } : {}
        const after = save({ ...before, ...changed, ...stated }, before)
        const earlier = Object.fromEntries(
          Object.keys({ ...changed, ...stated }).map((key) => [key, before[key as keyof Client]]),
        )
        return {
          result: { client: after },
          said: {
            clientId,
            kind: 'client.edited',
            words: '{client} was edited.',
            sentence: `${after.name} was edited.`,
          },
          inverse: {
            clientId,
            kind: 'client.edit-undone',
            words: 'An edit of {client} was taken back.',
            sentence: `${before.name} is as it was before.`,
            act: () => {
              const now = client(clientId)
              save({ ...now, ...earlier }, { ...now, handles: [...now.handles, ...before.handles] })
            },
          },
        }
      }),
    removeClient: ({ clientId }) =>
      record.make(() => {
        const before = client(clientId)
        const gone = boxes.markOfClient(clientId)
        mark(clientId)
        return {
          result: {},
          said: {
            clientId,
            kind: 'client.removed',
            words: '{client} was removed.',
            sentence: `${before.name} was removed.`,
          },
          inverse: {
            clientId,
            kind: 'client.remove-undone',
            words: 'Removing {client} was taken back.',
            sentence: `${before.name} is back, with everything under it.`,
            act: () => {
              refuseTaken(before)
              unmark(clientId)
              boxes.unmark(gone)
            },
          },
        }
      }),
  }
}
