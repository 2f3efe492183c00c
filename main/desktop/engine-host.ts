import path from 'node:path'
import { createInterface } from 'node:readline'
import { MessageChannelMain, type UtilityProcess, utilityProcess, type WebContents } from 'electron'
import { channels, type EngineGone } from '../../shared/bridge.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { LogFile } from './log-file.ts'
import { afterCrash, restartLimit } from './restarts.ts'

/** What the engine is told at its start; it stands in the process list, so no secret may be in it. */
export interface EngineSetup {
  readonly dataDir: string
  readonly version: string
  readonly demo: boolean
  readonly readOnly: boolean
  readonly keychain: { readonly available: boolean; readonly why: string }
}

export interface EngineHost {
  /** Gives a page its port: now or as soon as an engine runs, and a new one from each engine after it. */
  connect(contents: WebContents): void
  /** Starts an engine that stays down; nothing while one runs or is about to. */
  start(): void
  post(message: object): void
  /** Asks the engine to end, waits for it, 5 s at most; it is not started again. */
  stop(): Promise<void>
}

interface Hosting {
  readonly setup: EngineSetup
  readonly clock: Clock
  readonly log: Log
  readonly engineLog: LogFile
  /** A message of the engine; `reply` goes to that engine or, when it has ended, nowhere. */
  onMessage(message: unknown, reply: (answer: object) => void): void
  /** Says it to every window. */
  say(gone: EngineGone): void
}

const stopWithinMs = 5_000
const lastWordsChars = 300

/** Runs the engine in a process of its own, starts it again when it ends by itself, and connects pages to it. */
export function hostEngine(hosting: Hosting): EngineHost {
  const { clock, log, engineLog } = hosting
  const pages = new Set<WebContents>()
  let engine: UtilityProcess | null = null
  let cancelRestart: (() => void) | null = null
  let crashes = 0
  let gone: EngineGone | null = null
  let stopping = false

  const hand = (contents: WebContents, to: UtilityProcess): void => {
    if (contents.isDestroyed()) {
      pages.delete(contents)
      return
    }
    const { port1, port2 } = new MessageChannelMain()
    to.postMessage({ kind: 'port' }, [port1])
    contents.postMessage(channels.port, null, [port2])
  }

  const ended = (exitCode: number, ranMs: number, lastWords: string): void => {
    engine = null
    if (stopping) return
    const next = afterCrash(crashes, ranMs)
    crashes = next.count
    gone = { crashes, limit: restartLimit, restartInMs: next.restartInMs, lastWords, logPath: engineLog.path }
    log.warn('engine.ended', { exitCode, ranMs: Math.round(ranMs), ...gone })
    hosting.say(gone)
    if (next.restartInMs !== null) cancelRestart = clock.after(next.restartInMs, start)
  }

  const start = (): void => {
    cancelRestart = null
    const startedMs = clock.monotonicMs()
    const file = path.join(import.meta.dirname, 'engine.js')
    const started = utilityProcess.fork(file, [JSON.stringify(hosting.setup)], {
      serviceName: 'Wheelhouse engine',
      stdio: 'pipe',
    })
    engine = started
    const lastWords = follow(started, engineLog)
    started.on('message', (message: unknown) =>
      hosting.onMessage(message, (answer) => {
        if (engine === started) started.postMessage(answer)
      }),
    )
    // Its end follows as `exit`; without a listener this alone would end the app.
    started.on('error', (type, location) => log.warn('engine.fatal', { type, location }))
    started.once('exit', (exitCode) => ended(exitCode, clock.monotonicMs() - startedMs, lastWords()))
    for (const contents of pages) hand(contents, started)
  }

  start()
  return {
    connect(contents) {
      pages.add(contents)
      if (engine) return hand(contents, engine)
      // A page that was reloaded meanwhile does not know it yet.
      if (gone) contents.send(channels.engineGone, gone)
    },
    start() {
      if (engine || cancelRestart || stopping) return
      crashes = 0
      start()
    },
    post: (message) => engine?.postMessage(message),
    async stop() {
      stopping = true
      cancelRestart?.()
      const running = engine
      if (!running) return
      await new Promise<void>((resolve) => {
        running.once('exit', () => resolve())
        clock.after(stopWithinMs, () => running.kill())
        running.postMessage({ kind: 'stop' })
      })
    },
  }
}

/** Lines that tell an operator nothing: records of the log, stack frames, Node's signature under an error. */
const noise = /^(\{|\s+at |Node\.js v)/

/** Writes what the engine prints to its log; answers with the last line that a person can read. */
function follow(engine: UtilityProcess, file: LogFile): () => string {
  let last = ''
  for (const stream of [engine.stdout, engine.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      if (!line.trim()) return
      file.write(line)
      if (!noise.test(line)) last = line.trim()
    })
  }
  return () => last.slice(0, lastWordsChars)
}
