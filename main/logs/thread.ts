import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { FaultError } from '../base/fault-error.ts'
import type { Asks, Input, Output, Reply, ThreadTask } from './asks.ts'

/** The file of the logs is damaged, as SQLite says. */
export class DamagedError extends Error {}
/** The thread was ended before it answered. */
export class ThreadEndedError extends Error {}

export interface Thread {
  /** @throws FaultError, DamagedError, ThreadEndedError; Error for what nobody foresaw. */
  ask<Name extends keyof Asks>(name: Name, input: Input<Name>): Promise<Output<Name>>
  /** It answers nothing any more: it was ended, or ran out of memory. */
  hasEnded(): boolean
  /** Questions without an answer. */
  waiting(): number
  /** Ends it at once, whatever it is at. */
  end(): Promise<void>
}

/** Built: beside the engine's bundle or one folder up from its parts. From source: beside this file. */
function workerFile(role: ThreadTask['role']): string {
  const name = role === 'write' ? 'log-writer' : 'log-reader'
  const source = import.meta.url.endsWith('.ts') ? [`./${name}.ts`] : [`./${name}.js`, `../${name}.js`]
  const found = source.map((name) => fileURLToPath(new URL(name, import.meta.url))).find((file) => existsSync(file))
  if (!found) throw new Error(`the thread of the logs is missing beside ${import.meta.url}`)
  return found
}

interface Waiting {
  readonly resolve: (output: never) => void
  readonly reject: (error: Error) => void
}

/** Starts a thread. It does not keep the process alive. */
export function startThread(task: ThreadTask): Thread {
  const worker = new Worker(workerFile(task.role), { workerData: task, execArgv: [] })
  worker.unref()
  const waiting = new Map<number, Waiting>()
  let nextId = 0
  let ended: Error | null = null
  const endAll = (error: Error) => {
    ended ??= error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
    worker.unref()
  }
  worker.on('message', (reply: Reply) => {
    const asked = waiting.get(reply.id)
    waiting.delete(reply.id)
    if (waiting.size === 0) worker.unref()
    if (!asked) return
    if (reply.ok) asked.resolve(JSON.parse(reply.output) as never)
    else if (reply.fault) asked.reject(new FaultError(reply.fault))
    else if (reply.damaged) asked.reject(new DamagedError(reply.stack))
    else asked.reject(new Error(`in the thread of the logs: ${reply.stack}`))
  })
  worker.on('error', (error) => endAll(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => endAll(new ThreadEndedError('the thread has ended')))
  return {
    ask: (name, input) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended)
        nextId += 1
        waiting.set(nextId, { resolve, reject })
        // Whoever waits for an answer keeps the process until it is there.
        worker.ref()
        worker.postMessage({ id: nextId, name, input })
      }),
    hasEnded: () => ended !== null,
    waiting: () => waiting.size,
    end: async () => {
      endAll(new ThreadEndedError('the thread was ended'))
      await worker.terminate()
    },
  }
}
