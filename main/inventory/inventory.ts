import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import { DateTime } from 'luxon'
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
import { businessDaysBefore, isOpenAt, type OpenTimes, openingAt } from './business-days.ts'
import { type ChannelChanges, type ChannelReads, createChannels } from './channels.ts'
import { type ClientSpanChanges, type ClientSpanReads, createClientSpans } from './client-spans.ts'
import { type ClientChanges, createClients } from './clients.ts'
import { createFolders, type Folders } from './folders.ts'
import { normaliseHandle } from './handles.ts'
import { holidaysOf } from './holidays.ts'
import { createImports, type Imports } from './imports/imports.ts'
import { createRecorder, type Recorder } from './record.ts'
import { agentRows, boxRows, clientRows } from './rows.ts'

export type { Undone } from './record.ts'

/** A box as this rung knows it; the pin is `ssh`'s. */
export type StoredBox = Omit<Box, 'pinned'>

/** What other domains need of the inventory; the contract's procedures come beside it (see `shared/contract/inventory.ts`). */
export interface InventoryReads extends ChannelReads, ClientSpanReads {
  boxes(): StoredBox[]
  /** @throws FaultError `not-found`. */
  box(boxId: BoxId): StoredBox
  clients(): Client[]
  client(clientId: string): Client
  agents(boxId?: BoxId): Agent[]
  folders: Folders['folders']
  setLauncher(boxId: BoxId, launcher: string | null): void
  /** Records an agent a probe saw; the same (box, state folder) keeps its id. */
  seenAgent(boxId: BoxId, seen: { profile: string; stateDir: string }): AgentId
  /** The 64-character hex key that replaces secrets of this box with fingerprints; made once. */
  fingerprintKey(boxId: BoxId): string
  /** Is the client open for business at this moment (hours, holidays, time zone)? */
  isOpen(client: Client, atMs: number): boolean
  /** Open or closed at this moment, and until when; null: no end of that is known. */
  opening(client: Client, atMs: number): { open: boolean; untilMs: number | null }
  /** Start and end of the newest full business days before `atMs`, newest first. */
  businessDays(client: Client, atMs: number, count: number): { fromMs: number; toMs: number; date: string }[]
  /** Is the box expected to be on now? Not while its client is paused. */
  isExpectedOn(box: StoredBox, atMs: number): boolean
  /** Makes a change of a higher domain as the inventory makes its own: diary entry, undo token, news. */
  record: Recorder['make']
}

/** The contract's procedures of the inventory, under their names there. Boxes lack `pinned`, which the engine adds. */
export interface Inventory
  extends InventoryReads,
    ClientChanges,
    BoxChanges,
    ChannelChanges,
    ClientSpanChanges,
    Belongings,
    Folders,
    Imports {
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
  const spans = createClientSpans({ db, clients, record, clock })
  const { box } = boxChanges
  const { client } = clientChanges
  const timesOf = (of: Client) => openTimes(of, spans.pausesEver(of.clientId))
  return {
    ...createBelongings({ db, boxes, clients, record, clock }),
    ...createChannels({ db, store, boxes, record, changes, clock }),
    ...spans,
    ...createFolders({ db, boxes, agents, record, clock }),
    ...imports,
    record: record.make,
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
    isOpen: (of, atMs) => isOpenAt(timesOf(of), atMs),
    opening: (of, atMs) => openingAt(timesOf(of), atMs),
    businessDays: (of, atMs, count) => businessDaysBefore(timesOf(of), atMs, count),
    isExpectedOn: ({ expectedOn, clientId }, atMs) => {
      if (clientId !== null && spans.isPaused(clientId, atMs)) return false
      if (expectedOn.kind === 'always') return true
      const known = clientId === null ? null : clients.one(clientId)
      const dayRule = known ? timesOf(known).dayRule : () => null
      // A day the client is open against the rule says nothing of a machine with hours of its own.
      const closed: OpenTimes['dayRule'] = (date) => (dayRule(date) === 'closed' ? 'closed' : null)
      return isOpenAt({ timeZone: known?.timeZone ?? '', hours: expectedOn.spans, dayRule: closed }, atMs)
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

/** A day that a pause touches is closed, whatever the calendar says. */
function openTimes(
  { timeZone, hours, region, statedHolidays }: Client,
  pauses: readonly { fromMs: number; toMs: number }[],
): OpenTimes {
  const isPaused = (date: string): boolean => {
    if (pauses.length === 0) return false
    const day = DateTime.fromISO(date, { zone: timeZone === '' ? 'local' : timeZone })
    return pauses.some(({ fromMs, toMs }) => fromMs < day.endOf('day').toMillis() && toMs > day.toMillis())
  }
  const years = new Map<string, Map<string, Holiday>>()
  const daysOf = (year: string): Map<string, Holiday> => {
    const known = years.get(year)
    if (known) return known
    const days = new Map(holidaysOf(region, statedHolidays, Number(year)).map((day) => [day.date, day]))
    years.set(year, days)
    return days
  }
  const dayRule: OpenTimes['dayRule'] = (date) => {
    if (isPaused(date)) return 'closed'
    const holiday = daysOf(date.slice(0, 4)).get(date)
    return holiday === undefined ? null : holiday.open ? 'open' : 'closed'
  }
  return { timeZone, hours, dayRule }
}
