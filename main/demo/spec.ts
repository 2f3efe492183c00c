import type { BoxFields, ClientFields } from '../../shared/contract/index.ts'
import type { Machine } from './machine.ts'

/** What goes wrong on a demo box; `morning.ts` says when. */
export type Trouble =
  | 'key-expired'
  | 'answers-everyone'
  | 'offline'
  | 'far-behind'
  | 'changed-by-kevin'
  | 'nobody-logged-in'
  | 'broken-config'
  | 'changed-host-key'
  | 'wedged'
  | 'crashed-and-recovered'
  | 'off-at-night'
  | 'none'

/** One demo box: inventory, machine and agent in one place. */
export interface DemoBox {
  readonly box: Pick<BoxFields, 'name' | 'host' | 'user' | 'ring'> & Partial<Pick<BoxFields, 'expectedOn'>>
  readonly client:
    | (Pick<ClientFields, 'name' | 'niche' | 'region' | 'timeZone' | 'contacts' | 'humanFallback' | 'handles'> & {
        /** Days from the start of the demo back to the day the agent went live; negative: it goes live in so many days. */
        readonly liveForDays: number
        readonly workflows: readonly { readonly name: string; readonly description: string }[]
      })
    | null
  readonly note: string
  readonly machine: Pick<Machine, 'platform' | 'osName' | 'osRelease' | 'arch' | 'disk'> & {
    readonly nodeVersion: string
    readonly upForDays: number
  }
  readonly agent: {
    readonly version: '2026.9.6' | '2026.8.2' | '2026.6.11'
    readonly install: 'package' | 'git'
    /** Null: no way in is set up; the lab tries things on its own screen. */
    readonly channel: 'imessage' | 'telegram' | null
    readonly perDay: readonly [number, number]
    /** Commands the agent's shell tool runs to reach a calendar or a CRM, one in every few exchanges. */
    readonly programs?: readonly string[]
  }
  /** The operator's own skills are checked out there, and tracked. */
  readonly ownSkills?: boolean
  readonly trouble: Trouble
}
