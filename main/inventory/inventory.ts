import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import type {
  Agent,
  AgentId,
  Box,
  BoxId,
  Client,
  ClientId,
  Handle,
  Holiday,
  UndoId,
} from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import { type Belongings, createBelongings } from './belongings.ts'
import { type BoxChanges, createBoxes } from './boxes.ts'
import { businessDaysBefore, isOpenAt, type OpenTimes } from './business-days.ts'
import { type ChannelChanges, type ChannelReads, createChannels } from './channels.ts'
import { type ClientChanges, createClients } from './clients.ts'
import { normaliseHandle } from './handles.ts'
import { holidaysOf } from './holidays.ts'
import { createImports, type Imports } from './imports/imports.ts'
import { createRecorder } from './record.ts'
import { agentRows, boxRows, clientRows } from './rows.ts'

/** A box as this rung knows it; the pin is `ssh`'s. */
export type StoredBox = Omit<Box, 'pinned'>

/** What other domains need of the inventory; the contract's procedures come beside it (see `shared/contract/inventory.ts`). */
export interface InventoryReads extends ChannelReads {
  boxes(): StoredBox[]
  /** @throws FaultError `not-found`. */
  box(boxId: BoxId): StoredBox
  clients(): Client[]
  client(clientId: string): Client
  agents(boxId?: BoxId): Agent[]
  setLauncher(boxId: BoxId, launcher: string | null): void
  /** Records an agent a probe saw; the same (box, state folder) keeps its id. */
  seenAgent(boxId: BoxId, seen: { profile: string; stateDir: string }): AgentId
  /** The 64-character hex key that replaces secrets of this box with fingerprints; made once. */
  fingerprintKey(boxId: BoxId): string
  /** Is the client open for business at this moment (hours, holidays, time zone)? */
  isOpen(client: Client, atMs: number): boolean
  /** Start and end of the newest full business days before `atMs`, newest first. */
  businessDays(client: Client, atMs: number, count: number): { fromMs: number; toMs: number; date: string }[]
  /** Is the box expected to be on now? */
  isExpectedOn(box: StoredBox, atMs: number): boolean
}

/** The contract's procedures of the inventory, under their names there. Boxes lack `pinned`, which the engine adds. */
export interface Inventory extends InventoryReads, ClientChanges, BoxChanges, ChannelChanges, Belongings, Imports {
  holidays(input: { clientId: ClientId; year: number }): Holiday[]
  checkHandle(input: Pick<Handle, 'kind' | 'value'> & { region: string }): Handle
  /** Takes a change back. @throws FaultError `not-found`, or why it cannot be taken back any more. */
  undo(input: { undoId: UndoId }): { sentence: string }
}

export interface InventoryOptions {
  readonly store: Store
  readonly ledger: Ledger
  readonly changes: Changes
  readonly clock: Clock
  /** The operator's home: `~` in key paths and the folder of the ssh_config. */
  readonly homeDir: string
}

export function createInventory({ store, ledger, changes, clock, homeDir }: InventoryOptions): Inventory {
  const { db } = store
  const clients = clientRows(db)
  const boxes = boxRows(db)
  const agents = agentRows(db)
  const localUser = localUserName()
  const record = createRecorder({ store, ledger, changes })
  const boxChanges = createBoxes({ rows: boxes, clients, record, ledger, clock, localUser, homeDir })
  const clientChanges = createClients({ rows: clients, boxes: boxChanges, record, ledger, clock })
  const imports = createImports({
    boxes: boxChanges,
    clients: clientChanges,
    allBoxes: boxes.all,
    allClients: clients.all,
    record,
    homeDir,
    localUser,
  })
  const { box } = boxChanges
  const { client } = clientChanges
  return {
    ...createBelongings({ db, boxes, clients, record, clock }),
    ...createChannels({ db, store, boxes, record, changes, clock }),
    ...imports,
    boxes: () => boxes.all(),
    box,
    addBox: boxChanges.addBox,
    editBox: boxChanges.editBox,
    removeBox: boxChanges.removeBox,
    clients: () => clients.all(),
    client,
    addClient: clientChanges.addClient,
    editClient: clientChanges.editClient,
    removeClient: clientChanges.removeClient,
    agents: (boxId) => agents.list(boxId),
    setLauncher: (boxId, launcher) => {
      store.write(() => boxes.setLauncher(boxId, launcher))
      changes.publish('inventory')
    },
    seenAgent: (boxId, { profile, stateDir }) => {
      const known = agents.at(boxId, stateDir)
      if (known?.profile === profile) return known.agentId
      const agentId = known?.agentId ?? newId<AgentId>()
      store.write(() => {
        if (known) agents.rename(agentId, profile)
        else agents.add({ agentId, boxId, runtime: 'openclaw', profile, stateDir, firstSeenAtMs: clock.nowMs() })
      })
      changes.publish('inventory')
      return agentId
    },
    fingerprintKey: (boxId) => {
      const kept = boxes.fingerprintKey(boxId)
      if (kept !== null) return kept
      store.write(() => boxes.keepFingerprintKey(boxId, randomBytes(32).toString('hex')))
      const made = boxes.fingerprintKey(boxId)
      if (made === null) throw new FaultError({ code: 'not-found', what: 'machine' })
      return made
    },
    isOpen: (of, atMs) => isOpenAt(openTimes(of), atMs),
    businessDays: (of, atMs, count) => businessDaysBefore(openTimes(of), atMs, count),
    isExpectedOn: ({ expectedOn, clientId }, atMs) => {
      if (expectedOn.kind === 'always') return true
      const timeZone = clientId === null ? '' : (clients.one(clientId)?.timeZone ?? '')
      return isOpenAt({ timeZone, hours: expectedOn.spans, dayRule: () => null }, atMs)
    },
    holidays: ({ clientId, year }) => {
      const { region, statedHolidays } = client(clientId)
      return holidaysOf(region, statedHolidays, year)
    },
    checkHandle: ({ kind, value, region }) => ({
      kind,
      value: normaliseHandle(kind, value, region),
      label: '',
      trust: 'typed',
    }),
    undo: ({ undoId }) => record.undo(undoId),
  }
}

/** Who is at this computer; ssh logs in by that name when none is given. Some accounts have no entry of their own. */
function localUserName(): string {
  try {
    return userInfo().username
  } catch {
    return process.env.USER ?? process.env.USERNAME ?? 'root'
  }
}

function openTimes({ timeZone, hours, region, statedHolidays }: Client): OpenTimes {
  const years = new Map<string, Map<string, Holiday>>()
  const daysOf = (year: string): Map<string, Holiday> => {
    const known = years.get(year)
    if (known) return known
    const days = new Map(holidaysOf(region, statedHolidays, Number(year)).map((day) => [day.date, day]))
    years.set(year, days)
    return days
  }
  const dayRule: OpenTimes['dayRule'] = (date) => {
    const holiday = daysOf(date.slice(0, 4)).get(date)
    return holiday === undefined ? null : holiday.open ? 'open' : 'closed'
  }
  return { timeZone, hours, dayRule }
}
