import type { ContractRouterClient } from '@orpc/contract'
import type { contract } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Dial } from '../ssh/dial.ts'
import type { Vault } from '../ssh/vault.ts'

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
  /** The operator's home, for ssh_config, keys and known_hosts. */
  readonly homeDir: string
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
export declare function createEngine(options: EngineOptions): Promise<Engine>
