import type { BoxId } from '../../shared/contract/index.ts'
import type { Observed, ProbeRequest } from '../runtimes/observed.ts'
import type { Credentials } from '../ssh/ssh.ts'

/** How a box starts its own Node: a command-line prefix such as `node` or `"C:\\Program Files\\nodejs\\node.exe"`. */
export type Launcher = string

/** Programs that run on a box: one bundled file each, sent over stdin to that box's own Node (design §4). */
export interface Onbox {
  /** Tries launchers in order until a program says that it is ready. @throws FaultError `no-node`, `node-too-old`, connection faults. */
  findLauncher(boxId: BoxId, options: { deadlineMs: number; signal?: AbortSignal; credentials?: Credentials }): Promise<{ launcher: Launcher; nodeVersion: string }>
  /** One question to the probe; a warm program is used when there is one. @throws FaultError any connection or answer fault. */
  probe(boxId: BoxId, request: ProbeRequest, options: { deadlineMs: number; signal?: AbortSignal; credentials?: Credentials }): Promise<Observed>
  /** Ends all programs. */
  close(): void
}
