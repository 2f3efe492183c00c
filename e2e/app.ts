import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import type { Asked, Told } from '../scripts/standin/control.ts'

const root = path.resolve(import.meta.dirname, '..')
const startWithinMs = 60_000

export interface AppOptions {
  /** Arguments of the app, such as `--demo`. */
  args?: string[]
  /** The data folder; a new one, removed at `close`, when absent. */
  dataDir?: string
  /** True: the engine runs in a process of its own, so that it can be killed. */
  engineInChild?: boolean
  env?: NodeJS.ProcessEnv
  /** Address of the program that is started in place of the app's own bundle. */
  main?: string
}

/** The app's own bundle on the stand-in, with Playwright's hands on its window. */
export interface RunningApp {
  readonly page: Page
  readonly dataDir: string
  /** Everything it printed so far. */
  output(): string
  /** Process id of the engine that runs now; with `engineInChild` only. */
  enginePid(): number
  /** Resolves when the engine with this number, counted from 1, has started. */
  engineStart(number: number): Promise<void>
  /** Chooses an entry of the native menu. */
  menu(command: string): void
  power(event: 'suspend' | 'resume'): void
  /** Notifications of the system that were shown. */
  notifications(): readonly { title: string; body: string }[]
  /** Resolves when so many were shown. */
  notified(count: number): Promise<void>
  /** Chooses the newest of them. */
  clickNotification(): void
  /** Dialogs of the system that were shown. */
  dialogs(): readonly { message: string; detail: string; buttons: string[] }[]
  /** Resolves when so many were shown. */
  asked(count: number): Promise<void>
  /** Chooses this button of the next dialog; without it a dialog is cancelled. */
  answerDialog(button: string): void
  /** Resolves when the app has ended. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

/** A data folder whose path reads well in a picture: `wheelhouse`, or the first of `wheelhouse-2` and on that is not there. */
function newFolder(number = 1): string {
  const folder = path.join(os.tmpdir(), number === 1 ? 'wheelhouse' : `wheelhouse-${number}`)
  try {
    mkdirSync(folder, { mode: 0o700 })
    return folder
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return newFolder(number + 1)
  }
}

/** Starts the bundle in `out/`; it must have been built. */
export async function launchApp(options: AppOptions = {}): Promise<RunningApp> {
  const dataDir = options.dataDir ?? newFolder()
  const child = fork(path.join(root, 'scripts/standin/start.ts'), ['--data', dataDir, ...(options.args ?? [])], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      WHEELHOUSE_NO_REGISTRY: '1',
      ...options.env,
      WHEELHOUSE_HEADLESS: '1',
      WHEELHOUSE_STANDIN_CONTROLLED: '1',
      ...(options.engineInChild ? { WHEELHOUSE_ENGINE_CHILD: '1' } : {}),
      ...(options.main ? { WHEELHOUSE_STANDIN_MAIN: options.main } : {}),
    },
  })
  const watch = watchChild(child)
  const dropData = (): void => {
    if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  let browser: Browser | undefined
  try {
    browser = await chromium.connectOverCDP(await watch.endpoint)
  } catch (error) {
    child.kill('SIGKILL')
    dropData()
    throw error
  }
  const page = browser.contexts()[0]?.pages()[0]
  if (!page) throw new Error('The app has no page.')
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
  const ask = (asked: Asked): void => void child.send(asked)
  return {
    page,
    dataDir,
    output: watch.output,
    enginePid: () => watch.engines.at(-1) ?? 0,
    engineStart: (number) => watch.until(() => watch.engines.length >= number),
    menu: (id) => ask({ ask: 'menu', id }),
    power: (event) => ask({ ask: 'power', event }),
    notifications: () => watch.notifications,
    notified: (count) => watch.until(() => watch.notifications.length >= count),
    clickNotification: () => ask({ ask: 'click-notification' }),
    dialogs: () => watch.dialogs,
    asked: (count) => watch.until(() => watch.dialogs.length >= count),
    answerDialog: (button) => ask({ ask: 'answer-dialog', button }),
    ended,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
        ask({ ask: 'quit' })
        await ended
        clearTimeout(timer)
      }
      await browser?.close().catch(() => {})
      dropData()
    },
  }
}

interface Watched {
  readonly endpoint: Promise<string>
  readonly engines: number[]
  readonly notifications: { title: string; body: string }[]
  readonly dialogs: { message: string; detail: string; buttons: string[] }[]
  output(): string
  until(holds: () => boolean): Promise<void>
}

function watchChild(child: ChildProcess): Watched {
  const engines: number[] = []
  const notifications: Watched['notifications'] = []
  const dialogs: Watched['dialogs'] = []
  const checks = new Set<() => void>()
  let output = ''
  const take = (chunk: Buffer): void => {
    output += chunk.toString('utf8')
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  const endpoint = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`The app showed no window within ${startWithinMs} ms.\n${output}`)),
      startWithinMs,
    )
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`The app ended with ${code} before it showed a window.\n${output}`))
    })
    child.on('message', (told: Told) => {
      if (told.told === 'engine') engines.push(told.pid)
      if (told.told === 'notification') notifications.push({ title: told.title, body: told.body })
      if (told.told === 'dialog') dialogs.push({ message: told.message, detail: told.detail, buttons: told.buttons })
      for (const check of checks) check()
      if (told.told !== 'window') return
      clearTimeout(timer)
      resolve(told.endpoint)
    })
  })
  return {
    endpoint,
    engines,
    notifications,
    dialogs,
    output: () => output,
    until: (holds) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!holds()) return
          checks.delete(check)
          resolve()
        }
        checks.add(check)
        check()
      }),
  }
}
