import type { BoxId, EnrolStep, Fault } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'
import { Secret } from '../base/secret.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { Credentials, Ssh } from '../ssh/ssh.ts'
import type { Vault } from '../ssh/vault.ts'
import type { Store } from '../store/store.ts'
import { type EnrolWork, enrolSteps } from './steps.ts'

export interface OnboardingParts {
  readonly ssh: Ssh
  readonly onbox: Pick<Onbox, 'findLauncher'>
  readonly inventory: Pick<InventoryReads, 'box' | 'setLauncher'>
  readonly ledger: Ledger
  readonly store: Store
  readonly clock: Clock
  readonly changes: Changes
  readonly log: Log
  readonly vault: Vault
  /** Who enrols: the person at the window, or at the command line. */
  readonly actor: 'operator' | 'cli'
  /** Asks the box everything once and lands the facts. @throws FaultError what kept it from answering. */
  readonly sweepOne: (boxId: BoxId, signal: AbortSignal) => Promise<void>
  /**
   * Lets the box show that a change goes back by itself. Absent: nothing can be changed there, such as on a made-up one.
   * @throws FaultError what kept it from it.
   */
  readonly drill?: (
    boxId: BoxId,
    options: { signal: AbortSignal; credentials: Credentials },
  ) => Promise<{ proven: boolean; words: string }>
  /** How long each step may take. */
  readonly deadlineMs: () => number
}

export interface EnrolRequest {
  readonly boxId: BoxId
  /** Answers password prompts of this run; kept nowhere. */
  readonly password?: string | undefined
  readonly passphrase?: string | undefined
  /** Keeps the passphrase in the OS keychain, once it has opened the key. */
  readonly rememberPassphrase?: boolean | undefined
}

export interface Onboarding {
  /**
   * Goes from trust to the first facts, step by step; stops at the first that fails, which is an answer, not an error.
   * A second call for a box under way answers with the running one; one that brings a secret takes its place.
   * @throws FaultError `not-found`, `cancelled`.
   */
  enrol(request: EnrolRequest, signal?: AbortSignal): Promise<{ steps: EnrolStep[]; enrolled: boolean }>
  /** The steps of the running enrolment, or of the last one since the console started; empty when there was none. */
  enrolProgress(boxId: BoxId): EnrolStep[]
  /** Ends the running enrolment of a box, if there is one; what it had learnt stays. */
  cancel(boxId: BoxId): void
  /** Ends every running enrolment and waits for the last row to be written. */
  close(): Promise<void>
}

export function createOnboarding(parts: OnboardingParts): Onboarding {
  const { inventory, ledger, store, clock, changes, log } = parts
  const progress = new Map<BoxId, EnrolStep[]>()
  const running = new Map<
    BoxId,
    { ended: Promise<{ steps: EnrolStep[]; enrolled: boolean }>; abort: AbortController }
  >()

  const set = (boxId: BoxId, step: EnrolStep['step'], to: Partial<EnrolStep>) => {
    const steps = progress.get(boxId) ?? []
    progress.set(
      boxId,
      steps.map((known) => (known.step === step ? { ...known, ...to } : known)),
    )
    changes.publish('trust')
  }

  async function work(request: EnrolRequest, signal: AbortSignal) {
    const { boxId } = request
    const job = enrolWork(request, signal)
    const steps = enrolSteps(inventory.box(boxId), parts.drill !== undefined)
    progress.set(
      boxId,
      steps.map(({ step }) => ({ step, state: 'waiting', detail: '', tookMs: null })),
    )
    try {
      for (const { step, run } of steps) {
        if (!(await runStep(boxId, step, () => run(job, parts)))) break
      }
    } finally {
      job.connection?.release()
    }
    const told = progress.get(boxId) ?? []
    // Without its way back a box can be read; it is only changed by nobody.
    const enrolled = told.every(({ state, step }) => state === 'ok' || step === 'way-back')
    record(boxId, told, enrolled)
    return { steps: told, enrolled }
  }

  /** Runs one step and shows how it goes. @returns whether the next may run. */
  async function runStep(boxId: BoxId, step: EnrolStep['step'], run: () => Promise<string>): Promise<boolean> {
    const startedMs = clock.monotonicMs()
    const tookMs = () => Math.round(clock.monotonicMs() - startedMs)
    set(boxId, step, { state: 'working' })
    try {
      set(boxId, step, { state: 'ok', detail: await run(), tookMs: tookMs() })
      return true
    } catch (error) {
      const fault: Fault =
        error instanceof FaultError
          ? error.fault
          : { code: 'internal', reference: log.error('enrol.failed', error, { boxId, step }) }
      const { sentence, nextStep } = faultText(fault)
      set(boxId, failedStep(step, fault.code), {
        state: 'failed',
        detail: `${sentence} ${nextStep}`,
        tookMs: tookMs(),
        fault,
      })
      if (failedStep(step, fault.code) !== step) set(boxId, step, { state: 'waiting' })
      if (fault.code === 'cancelled') throw error
      return false
    }
  }

  function record(boxId: BoxId, steps: readonly EnrolStep[], enrolled: boolean): void {
    const failed = steps.find(({ state }) => state === 'failed')
    store.write(() =>
      ledger.append({
        actor: parts.actor,
        kind: enrolled ? 'box.enrolled' : 'box.enrolment-failed',
        boxId,
        words: enrolled ? '{box} was enrolled.' : `The enrolment of {box} stopped at “${failed?.step ?? 'nothing'}”.`,
      }),
    )
    changes.publish('trust', 'inventory', 'ledger')
  }

  return {
    async enrol(request, signal) {
      const { boxId } = request
      const hasSecret = Boolean(request.password || request.passphrase)
      for (let before = running.get(boxId); before !== undefined; before = running.get(boxId)) {
        if (!hasSecret) return before.ended
        before.abort.abort()
        await before.ended.catch(() => {})
      }
      inventory.box(boxId)
      const abort = new AbortController()
      const both = signal === undefined ? abort.signal : AbortSignal.any([abort.signal, signal])
      const ended = work(request, both).finally(() => running.delete(boxId))
      running.set(boxId, { ended, abort })
      return ended
    },
    enrolProgress: (boxId) => progress.get(boxId) ?? [],
    cancel: (boxId) => running.get(boxId)?.abort.abort(),
    async close() {
      const last = [...running.values()]
      for (const { abort } of last) abort.abort()
      await Promise.allSettled(last.map(({ ended }) => ended))
    },
  }

  function enrolWork(
    { boxId, password, passphrase, rememberPassphrase }: EnrolRequest,
    signal: AbortSignal,
  ): EnrolWork {
    const credentials: Credentials = {
      ...(password ? { password: new Secret(password) } : {}),
      ...(passphrase ? { passphrase: new Secret(passphrase) } : {}),
    }
    return {
      boxId,
      credentials,
      remember: rememberPassphrase === true,
      wait: { deadlineMs: parts.deadlineMs(), signal },
      connection: null,
    }
  }
}

/** A changed key shows itself while logging in, and belongs to the step before. */
const failedStep = (step: EnrolStep['step'], code: string): EnrolStep['step'] =>
  code === 'key-changed' || code === 'key-not-trusted' ? 'host-key' : step
