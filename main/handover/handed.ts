import type { Times } from '../apply/carry-out.ts'
import type { LockContext } from '../apply/locks.ts'
import type { CarriedContent } from '../runtimes/change-answer.ts'
import type { Operation } from '../runtimes/operations.ts'

/** Shared with what runs on a box. All that it needs to carry a patch to its agents, one after the other. */
export interface HandedBox {
  readonly boxName: string
  readonly times: Times
  readonly orders: readonly HandedOrder[]
}

/** The frozen plan of one agent. */
export interface HandedOrder {
  /** "peak-mini", or "peak-mini/second". */
  readonly name: string
  readonly stateDir: string
  readonly operations: readonly Operation[]
  readonly files: readonly CarriedContent[]
  /** Of the config that the plan was made from: on another one nothing is changed. */
  readonly baseSha256: string
  readonly rules: LockContext
}

/** How it went with one agent, as the box tells the playbook. */
export interface ToldAgent {
  readonly name: string
  /** `would-change`: nobody wanted it to be done. `held`: done and verified, and goes back unless it is confirmed. */
  readonly outcome: 'held' | 'changed' | 'unchanged' | 'would-change' | 'failed' | 'reverted' | 'inconclusive' | 'well'
  readonly words: string
  /** Of a change that is held; else empty. */
  readonly id: string
  readonly ran: boolean
}

/** Stands before the line, whatever else a login shell prints. */
export const toldMark = 'wheelhouse-told'

/** The one line that the playbook reads. */
export interface Told {
  readonly good: boolean
  readonly agents: readonly ToldAgent[]
  /** Why it is not good; empty: it is. */
  readonly words: string
}
