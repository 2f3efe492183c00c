import * as z from 'zod'
import {
  Activated,
  Armed,
  Decided,
  Downloaded,
  type DownloadRequest,
  Fetched,
  type FetchRequest,
  ObservedChanges,
  Prepared,
  type PrepareRequest,
  Ran,
  Settled,
  Stopped,
  type StopRequest,
} from '../runtimes/change-answer.ts'
import type { RunningProgram } from './program.ts'
import { understood } from './understood.ts'

interface Wait {
  readonly deadlineMs: number
  readonly signal?: AbortSignal
}

/** The program that changes an agent of a box, one step a question. It ends with its connection; what is armed goes back. */
export interface RunningChange {
  /** What the box still knows of earlier changes, after those that are overdue went back. @throws FaultError any answer fault, as all of these. */
  recover(wait: Wait): Promise<ObservedChanges>
  /** Begins to bring another version of the runtime, or waits some seconds for it; asked again until it is ready. */
  download(request: DownloadRequest, wait: Wait): Promise<Downloaded>
  /** Brings the commits of folders into their repositories; nothing else of them is touched. */
  fetch(request: FetchRequest, wait: Wait): Promise<Fetched>
  stage(request: PrepareRequest, wait: Wait): Promise<Prepared>
  arm(wait: Wait): Promise<Armed>
  /** The commands that stand before, or after, the rest of it; each has its own deadline there. */
  run(request: { when: 'before' | 'after' }, wait: Wait): Promise<Ran>
  activate(wait: Wait): Promise<Activated>
  /** @param expect accounts that have to run, as `channel/account`. */
  settle(request: { waitMs: number; expect: readonly string[] }, wait: Wait): Promise<Settled>
  commit(id: string, wait: Wait): Promise<Decided>
  revert(id: string, wait: Wait): Promise<Decided>
  /** What is decided of a change is kept here now: the box may forget it. */
  forget(id: string, wait: Wait): Promise<void>
  /** Arms and activates a file of the box's own, which has to go back after `deadlineS`. */
  drill(request: { id: string; deadlineS: number }, wait: Wait): Promise<Armed>
  stop(request: StopRequest, wait: Wait): Promise<Stopped>
  close(): void
}

/**
 * @param revertProgram lies in the folder of an armed change and holds its timer.
 * @param release lets go of the connection it runs on.
 */
export function runChange(
  program: RunningProgram,
  release: () => void,
  revertProgram: string,
  boxName: string,
): RunningChange {
  const ask = async <T>(schema: z.ZodType<T>, op: string, request: unknown, wait: Wait): Promise<T> =>
    understood(schema, await program.ask(op, request, wait), boxName)
  return {
    recover: (wait) => ask(ObservedChanges, 'recover', null, wait),
    download: (request, wait) => ask(Downloaded, 'download', request, wait),
    fetch: (request, wait) => ask(Fetched, 'fetch', request, wait),
    stage: (request, wait) => ask(Prepared, 'prepare', request, wait),
    arm: (wait) => ask(Armed, 'arm', { revertProgram }, wait),
    run: (request, wait) => ask(Ran, 'run', request, wait),
    activate: (wait) => ask(Activated, 'activate', null, wait),
    settle: (request, wait) => ask(Settled, 'settle', request, wait),
    commit: (id, wait) => ask(Decided, 'commit', { id }, wait),
    revert: (id, wait) => ask(Decided, 'revert', { id }, wait),
    forget: async (id, wait) => void (await ask(z.object({}), 'forget', { id }, wait)),
    drill: (request, wait) => ask(Armed, 'drill', { ...request, revertProgram }, wait),
    stop: (request, wait) => ask(Stopped, 'stop', request, wait),
    close() {
      program.close()
      release()
    },
  }
}
