import type { BoxId, RolloutRun } from '../../shared/contract/index.ts'
import type { Activity } from '../activity/activity.ts'
import type { Apply } from '../apply/apply.ts'
import type { Backups } from '../backup/backup.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import type { Confirm } from '../base/confirm.ts'
import type { Log } from '../base/log.ts'
import type { Facts } from '../facts/facts.ts'
import type { Findings } from '../findings/findings.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Logs } from '../logs/logs.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { Overlay } from '../overlay/overlay.ts'
import type { Patches } from '../patch/patch.ts'
import type { Store } from '../store/store.ts'
import type { CheckWork } from './checks.ts'
import type { Rollouts } from './rollout.ts'
import type { LanePlan } from './run-rows.ts'

export interface RunsParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: Pick<
    Inventory,
    'fingerprintKey' | 'boxes' | 'agents' | 'client' | 'clients' | 'opening' | 'pauseOf' | 'testHandles' | 'folders'
  >
  readonly onbox: Pick<Onbox, 'exchanges'>
  readonly overlay: Pick<
    Overlay,
    'edited' | 'plans' | 'layers' | 'layer' | 'save' | 'restore' | 'foundOf' | 'fileContent'
  >
  readonly patches: Pick<Patches, 'get' | 'fileContent'>
  readonly rollouts: Pick<Rollouts, 'ready'>
  readonly apply: Pick<Apply, 'startAgreed' | 'watch' | 'get' | 'idle' | 'ask' | 'open'>
  readonly findings: Pick<Findings, 'open'>
  readonly facts: Pick<Facts, 'ofBox'>
  readonly activity: Pick<Activity, 'days' | 'readAtMs'>
  /** Before an update of the runtime. */
  readonly backups: Pick<Backups, 'make'>
  /** Asks a machine everything once and keeps what it says. @throws FaultError why it did not answer. */
  readonly look: (boxId: BoxId, signal: AbortSignal) => Promise<void>
  /** Settles when the logs of those that answered are fetched. */
  readonly collected: () => Promise<void>
  readonly logs: Pick<Logs, 'page'>
  /** Runs a command of a patch's checks on a machine. */
  readonly runOnce: CheckWork['run']
  /** Asks a person at this computer before anything is begun. */
  readonly confirm: Confirm
  readonly clock: Clock
  readonly changes: Changes
  readonly log: Log
  readonly actor: RolloutRun['by']
  /** How long a change stays armed, seconds. */
  readonly armedForS: (of: Pick<LanePlan, 'update' | 'commands' | 'folders'>) => number
}
