import { type Box, type BoxId, Fault } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { nameKey } from '../base/name-key.ts'
import type { Engine } from '../engine/engine.ts'
import type { Printer } from './print.ts'

export type EngineClient = Engine['client']

/** What a command works with. */
export interface Session {
  readonly client: EngineClient
  readonly print: Printer
  /** This command holds the lock: it may ask machines and keep what they say. */
  readonly writable: boolean
  /** Takes the next Ctrl-C, which ends the process where no command takes it. */
  readonly onInterrupt: (told: () => void) => void
}

/** The fault inside what the engine threw; null for anything else. */
export function faultOf(error: unknown): Fault | null {
  if (error instanceof FaultError) return error.fault
  const carried = (error as { data?: { fault?: unknown } } | null)?.data?.fault
  const parsed = Fault.safeParse(carried)
  return parsed.success ? parsed.data : null
}

/** Faults of the way to a machine: it was not reached, or it refused. */
const unreachable: ReadonlySet<Fault['code']> = new Set([
  'name-not-found',
  'refused',
  'timed-out',
  'network-unreachable',
  'connection-lost',
  'not-ssh',
  'no-common-algorithm',
  'auth-refused',
  'key-changed',
  'key-not-trusted',
  'key-file-unreadable',
  'agent-unavailable',
  'hop-failed',
  'too-many-sessions',
])

export const isUnreachable = (fault: Fault): boolean => unreachable.has(fault.code)

/** @throws FaultError `not-found`. Names are compared as the inventory does. */
export function byName<T extends { name: string }>(all: readonly T[], name: string, what: string): T {
  const found = all.find((one) => nameKey(one.name) === nameKey(name))
  if (!found) throw new FaultError({ code: 'not-found', what: `${what} as "${name}"` })
  return found
}

/** Ids of the machine of that name, or of all. */
export async function chosenBoxes(client: EngineClient, name: string | undefined): Promise<Box[]> {
  const all = await client.inventory.boxes()
  return name === undefined ? all : [byName(all, name, 'machine')]
}

export const idsOf = (boxes: readonly Box[]): BoxId[] => boxes.map((box) => box.boxId)
