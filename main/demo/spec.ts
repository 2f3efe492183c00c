import type { BoxFields, ClientFields } from '../../shared/contract/index.ts'
import type { Machine } from './machine.ts'

/** What goes wrong on a demo box. `from-start` troubles are seeded; the others begin after the box was enrolled. */
export type Trouble =
  | 'model-refuses'
  | 'answers-everyone'
  | 'offline'
  | 'far-behind'
  | 'changed-by-kevin'
  | 'suppressed-after-crashes'
  | 'broken-config'
  | 'changed-host-key'
  | 'node-gone'
  | 'none'

/** One demo box: inventory, machine and agent in one place. */
export interface DemoBox {
  readonly box: Pick<BoxFields, 'name' | 'host' | 'user' | 'ring'>
  readonly client:
    | (Pick<ClientFields, 'name' | 'niche' | 'region' | 'timeZone' | 'contacts' | 'humanFallback' | 'handles'> & {
        /** Days from the start of the demo back to the day the agent went live. */
        readonly liveForDays: number
        readonly workflows: readonly { readonly name: string; readonly description: string }[]
      })
    | null
  readonly note: string
  readonly machine: Pick<Machine, 'platform' | 'osName' | 'osRelease' | 'arch' | 'disk'> & {
    readonly nodeVersion: string
    readonly clockSkewMs: number
    readonly upForDays: number
  }
  readonly agent: {
    readonly version: '2026.9.6' | '2026.8.2' | '2026.6.11'
    readonly install: 'package' | 'git'
    /** Null: no way in is set up; the lab tries things on its own screen. */
    readonly channel: 'imessage' | 'telegram' | null
    readonly perDay: readonly [number, number]
  }
  readonly trouble: Trouble
}
