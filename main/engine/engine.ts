import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { type AppState, ChangeTopic, type contract, type Fault } from '../../shared/contract/index.ts'
import type { Times } from '../apply/apply.ts'
import type { BackupTimes } from '../backup/backup.ts'
import { createChanges } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import type { Confirm } from '../base/confirm.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'
import type { Notice } from '../findings/findings.ts'
import type { SoakOf } from '../rollout/rollout.ts'
import type { Dial } from '../ssh/dial.ts'
import type { Vault } from '../ssh/vault.ts'
import { openStore, recoverStore, type Store, type StoreOptions } from '../store/store.ts'
import { storeStateOf, tryOpen } from './app-state.ts'
import { asContractError } from './faults.ts'
import { createHandlers, refuseWrites } from './handlers.ts'
import { buildHouse, type House } from './house.ts'
import { serveOn } from './serve.ts'

export interface EngineOptions {
  readonly version: string
  readonly dataDir: string
  /** Folder of the bundled box programs, `out/box`. */
  readonly boxProgramsDir: string
  readonly clock: Clock
  readonly log: Log
  readonly vault: Vault
  readonly demo: boolean
  /** Shows and reads, changes nothing. */
  readonly readOnly: boolean
  /** `cli`: entries in the diary name the command line as actor. */
  readonly host: 'desktop' | 'cli'
  /** Opens byte streams to hosts; TCP when absent. */
  readonly dial?: Dial
  /** What the engine's host is at before the console is worth looking at; the window says it. Absent: nothing. */
  readonly doing?: () => string | null
  /** The operator's home, for ssh_config, keys and known_hosts. */
  readonly homeDir: string
  /** Tells the operator outside of the window; absent where nobody can. */
  readonly notify?: (notice: Notice) => void
  /** Keeps the computer from going to sleep by itself while a run is under way; absent where nobody can. */
  readonly awake?: (on: boolean) => void
  /**
   * Asks the person at this computer, outside of the window, before a terminal opens or a command runs. Absent: on the
   * command line the command itself is the word; elsewhere nobody can be asked, so nothing is confirmed.
   */
  readonly confirm?: Confirm
  /** How long changes wait for a machine, where not as usual. */
  readonly applyTimes?: Partial<Times>
  /** How long a backup of an agent may take, where not as usual. */
  readonly backupTimes?: Partial<BackupTimes>
  /** How long a run leaves changed agents at work before they are looked at again. Absent: as usual. */
  readonly soakOf?: SoakOf
}

/** A port as both worlds have it: Node's MessagePort and Electron's MessagePortMain behind one shape. */
export interface EnginePort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  postMessage(data: unknown): void
  start(): void
}

export interface Engine {
  /** The contract, called in this process: for the command line and tests. Inputs and outputs are checked as over a port. */
  readonly client: ContractRouterClient<typeof contract>
  /** Serves the contract on a port until it closes. Frames that are not oRPC's are dropped. */
  serve(port: EnginePort): void
  /** The laptop goes to sleep or wakes: no sweep starts asleep; what was missed is caught up after. */
  power(event: 'suspend' | 'resume'): void
  close(): Promise<void>
}

/** Composes every domain once, in ladder order. A store that cannot be used does not throw: `app.state` says so and everything else answers with the fault. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { log, clock, dataDir, readOnly } = options
  const changes = createChanges()
  const storeOptions: StoreOptions = { dataDir, clock, log, writable: !readOnly, host: options.host }
  const closing = new AbortController()
  let ledgerIntact: boolean | null = null
  let house: House | null = null
  let fault: Fault | null = null

  const moveIn = (store: Store): void => {
    house = buildHouse(store, options, changes)
    fault = null
    ledgerIntact = house.ledger.intactAtOpening
  }
  const first = tryOpen(() => openStore(storeOptions))
  if (first.opened) moveIn(first.opened)
  else fault = first.fault

  const state = (): AppState => ({
    version: options.version,
    demo: options.demo,
    doing: options.doing?.() ?? null,
    readOnly,
    platform: process.platform,
    dataDir,
    store: (fault && storeStateOf(fault)) ?? { state: 'ready' },
    ledgerIntact,
    lastBackupAtMs: house?.store.lastBackupAtMs() ?? null,
    keychain: { available: options.vault.available, why: options.vault.why },
  })
  const recover = async (from: 'backup' | 'empty'): Promise<AppState> => {
    if (house) throw new FaultError({ code: 'in-use', what: 'The store', by: 'this console; it is not damaged' })
    moveIn(recoverStore(storeOptions, from))
    changes.publish(...ChangeTopic.options)
    return state()
  }
  const interceptors = [
    async <T>({ path, next }: { path: readonly string[]; next: () => Promise<T> }): Promise<T> => {
      const procedure = path.join('.')
      try {
        if (readOnly) refuseWrites(procedure)
        return await next()
      } catch (error) {
        throw asContractError(error, log, procedure)
      }
    },
  ]
  async function* guardStream<T>(stream: AsyncGenerator<T>): AsyncGenerator<T> {
    try {
      yield* stream
    } catch (error) {
      throw asContractError(error, log, 'stream')
    }
  }
  const router = createHandlers({
    options,
    changes,
    house: () => {
      if (house) return house
      throw new FaultError(fault ?? { code: 'internal', reference: 'the engine has ended' })
    },
    state,
    recover,
    closing: closing.signal,
    guardStream,
  })
  const handler = new RPCHandler(router, { clientInterceptors: interceptors })
  return {
    client: createRouterClient(router, { interceptors }),
    serve: (port) => serveOn(port, handler, log),
    power(event) {
      if (event === 'suspend') house?.suspend()
      else house?.resume()
    },
    async close() {
      closing.abort()
      const leaving = house
      house = null
      await leaving?.close()
    },
  }
}
