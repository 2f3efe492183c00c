import type { BoxId } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import type { Confirm } from '../base/confirm.ts'
import type { Log } from '../base/log.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Ssh } from '../ssh/ssh.ts'
import type { Store } from '../store/store.ts'
import { createAfterwards } from './afterwards.ts'
import { type Commands, createCommands } from './commands.ts'
import { createSnippets, type Snippets } from './snippets.ts'
import { createTerminals, type Terminals } from './terminals.ts'

export { createAfterwards } from './afterwards.ts'
export { runOnce } from './run-once.ts'

export interface ShellOptions {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: Pick<Inventory, 'box' | 'client' | 'pauseOf' | 'holdOf' | 'record'>
  readonly ssh: Pick<Ssh, 'open' | 'trust' | 'commandFor'>
  readonly clock: Clock
  readonly changes: Changes
  readonly log: Log
  /** Asks a person at this computer before anything is sent. */
  readonly confirm: Confirm
  /** Asks a box everything once, so that the rules see what was done there. @throws FaultError why it did not answer. */
  readonly sweepOne: (boxId: BoxId, signal: AbortSignal) => Promise<void>
  /** True: `close` waits until the last box was looked at, for a console that ends with its command. */
  readonly waitAtClose: boolean
  /** Boxes that a command runs on at once. */
  readonly atOnce: () => number
  /** For the connection and the start of a terminal. */
  readonly deadlineMs: () => number
}

export type ShellParts = Omit<ShellOptions, 'sweepOne'> & { readonly lookAt: (boxId: BoxId) => void }

/** What an operator does on boxes by hand: terminals, and one command over many of them. */
export interface Shell {
  readonly terminals: Terminals
  readonly commands: Commands
  readonly snippets: Snippets
  /** Ends terminals and commands, and waits for the last row. */
  close(): Promise<void>
}

export function createShell(options: ShellOptions): Shell {
  const { store, inventory, clock } = options
  const afterwards = createAfterwards(options)
  const parts: ShellParts = { ...options, lookAt: afterwards.lookAt }
  const terminals = createTerminals(parts)
  const commands = createCommands(parts)
  return {
    terminals,
    commands,
    snippets: createSnippets({ db: store.db, record: inventory.record, clock }),
    async close() {
      terminals.endAll()
      await commands.close()
      await afterwards.close()
    },
  }
}
