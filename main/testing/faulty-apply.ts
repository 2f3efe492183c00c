import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ApplyStep } from '../../shared/contract/index.ts'
import type { Onbox, RunningChange } from '../onbox/onbox.ts'
import { sha256OfFile } from '../runtimes/runtimes.ts'
import { type StandInBox, standInBox, startStandIn } from './apply-lab.ts'
import { endProcesses, killAll, processesOf } from './box-processes.ts'
import { type FaultProxy, startProxy } from './fault-server.ts'
import type { SmallDisk } from './small-disk.ts'
import { tempDir } from './temp-store.ts'

/** The steps of a change, in order; `revert` where it may not stay. */
export const faultSteps = ['connect', 'stage', 'arm', 'activate', 'verify', 'commit', 'revert'] as const
export type FaultStep = (typeof faultSteps)[number] & ApplyStep

/** What the machine is asked for at a step. */
const opOf = {
  stage: 'stage',
  arm: 'arm',
  activate: 'activate',
  verify: 'settle',
  commit: 'commit',
  revert: 'revert',
} as const satisfies Partial<Record<FaultStep, keyof RunningChange>>

/** What happens once, at one step of a change. */
export interface AtStep {
  /** The step stands in its row, and nothing of it was sent. */
  before?(): unknown
  /** It was sent. `answered`: its own end. */
  sent?(answered: Promise<unknown>): unknown
  /** The machine has done it; the console never hears of it. */
  answered?(): unknown
  /** What happened outlives the step, as a network that is down: nobody waits long for the machine then. */
  readonly lasts?: boolean
}

const lastingMs = 1500

/** The machines of a console, to one of which something happens at a step. */
export function atStep(onbox: Pick<Onbox, 'change'>, step: FaultStep, happens: AtStep): Pick<Onbox, 'change'> {
  let isDone = false
  const hit = async <T>(send: () => Promise<T>, heard: (told: T) => Promise<T>): Promise<T> => {
    if (isDone) return send()
    isDone = true
    await happens.before?.()
    const answered = send()
    answered.catch(() => {})
    await happens.sent?.(answered)
    const told = await answered
    if (happens.answered === undefined) return told
    await happens.answered()
    return heard(told)
  }
  return {
    async change(boxId, options) {
      const open = () =>
        onbox.change(boxId, isDone && happens.lasts === true ? { ...options, deadlineMs: lastingMs } : options)
      if (step === 'connect') return hit(open, async (program) => program)
      const program = await open()
      const op = opOf[step]
      const original = program[op] as (...given: unknown[]) => Promise<unknown>
      // Asked over a connection that has just gone, the program gives what the console meets then.
      const lost = () => program.recover({ deadlineMs: lastingMs })
      return { ...program, [op]: (...given: unknown[]) => hit(() => original(...given), lost) } as RunningChange
    },
  }
}

/** A box between which and the console stands a network that can be broken, and that can be ended like a real one. */
export type FaultyBox = StandInBox & {
  readonly proxy: FaultProxy
  readonly stateDir: string
  /** The config as it was at first. */
  readonly before: string
  /** Every content that the config had meanwhile, in order; null: it was not there. */
  readonly seen: (string | null)[]
}

const lookEveryMs = 10

/** @param disk what its HOME lies on; null: as everything else. @returns also what ends it, with all its processes. */
export async function startFaultyBox(disk: SmallDisk | null): Promise<FaultyBox & { end(): Promise<void> }> {
  const home = disk === null ? tempDir() : path.join(disk.dir, 'home')
  const scratch = path.join(home, 'tmp')
  mkdirSync(scratch, { recursive: true })
  const halting = `--require=${path.join(import.meta.dirname, 'halt-at.cjs')}`
  const made = await standInBox(home, { TMPDIR: scratch, NODE_OPTIONS: halting })
  const proxy = await startProxy(made.sshd)
  const seen: (string | null)[] = [made.text()]
  const look = setInterval(() => {
    const now = existsSync(made.configPath) ? made.text() : null
    if (now !== seen.at(-1)) seen.push(now)
  }, lookEveryMs)
  const box = { ...made, proxy, seen, before: made.text(), stateDir: path.dirname(made.configPath) }
  return {
    ...box,
    async end() {
      clearInterval(look)
      await proxy.stop()
      await made.sshd.dropConnections()
      await endProcesses(box)
      await made.stop()
    },
  }
}

/** One box for as long as it is used. */
export async function withFaultyBox<T>(disk: SmallDisk | null, use: (box: FaultyBox) => Promise<T>): Promise<T> {
  const box = await startFaultyBox(disk)
  try {
    return await use(box)
  } finally {
    await box.end()
  }
}

type Home = Pick<StandInBox, 'home'>

/** Folders of the changes that the box knows of. */
export function changesOf({ home }: Home): string[] {
  const folder = path.join(home, '.wheelhouse', 'changes')
  return existsSync(folder) ? readdirSync(folder).map((id) => path.join(folder, id)) : []
}

/** The marker of its one change; null: it knows of none. */
export const markerOf = (box: Home): string | null =>
  changesOf(box)
    .flatMap((folder) =>
      ['staged', 'armed', 'committed', 'reverting', 'reverted'].filter((state) => existsSync(path.join(folder, state))),
    )
    .at(0) ?? null

/** The program that the console started there, and with it the commands that it runs. */
export const programsOf = (box: Home): number[] => processesOf(box, '-e')

/** The call to the file system that decides a step, by the end of its path. */
const decidesStep: Partial<Record<FaultStep, string>> = {
  stage: '-before.json',
  arm: '/armed',
  activate: '/openclaw.json',
  commit: '/committed',
  revert: '/reverting',
}

/** Lets the box stand still in the midst of a step, and then does something there. */
export function inMidst(box: FaultyBox, step: FaultStep, act: () => unknown): AtStep {
  const point = decidesStep[step]
  // Before a program runs, and while the agent takes a config, nothing is written there that would decide anything.
  if (step === 'connect') return { answered: act }
  if (point === undefined) return { sent: act }
  return {
    before: () => haltAt(box, point),
    async sent(answered) {
      let isOver = false
      const over = () => {
        isOver = true
      }
      answered.then(over, over)
      await untilHalted(box, () => {
        if (isOver) throw new Error(`the box never came to the midst of ${step}`)
      })
      await act()
    },
  }
}

/** Lets the program on a box stand still after its next call to the file system for a path with that end. */
export const haltAt = ({ home }: Home, point: string): void => writeFileSync(path.join(home, 'halt'), point)

/** Waits until it stands. @param look is called meanwhile, and may throw. */
export async function untilHalted({ home }: Home, look: () => void): Promise<void> {
  const halted = path.join(home, 'halted')
  while (!existsSync(halted)) {
    look()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  rmSync(halted)
}

/** What stands still on a box goes on. */
export const goOnThere = ({ home }: Home): void => writeFileSync(path.join(home, 'go-on'), '')

/** A box is as at first once more: its config, its agent, and nothing of a change. */
export async function resetBox(box: FaultyBox): Promise<void> {
  await box.sshd.dropConnections()
  await endProcesses(box)
  for (const name of ['halt', 'halted', 'go-on', '.wheelhouse'])
    rmSync(path.join(box.home, name), { recursive: true, force: true })
  for (const name of switches) rmSync(switchFile(box, name), { force: true })
  if (box.text() !== box.before) writeFileSync(box.configPath, box.before)
  await startStandIn(box.home, box.entry)
  box.seen.splice(0, Number.POSITIVE_INFINITY, box.before)
}

/**
 * Every process of the login ends, timer and agent too, and the box has another start; then its system starts the agent,
 * and what it was told to start.
 */
export async function restartBox(box: FaultyBox, hasBootJob: boolean): Promise<void> {
  killAll(processesOf(box))
  await box.sshd.dropConnections()
  for (const folder of changesOf(box)) {
    const file = path.join(folder, 'plan.json')
    const plan = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { bootId: '' }
    if (plan.bootId !== '') writeFileSync(file, JSON.stringify({ ...plan, bootId: 'the start before this one' }))
  }
  await startStandIn(box.home, box.entry)
  for (const folder of hasBootJob ? changesOf(box) : []) {
    const program = path.join(folder, 'revert.cjs')
    if (existsSync(program)) await runThere(box, [program, folder, 'boot'])
  }
}

function runThere({ home }: Home, args: string[]): Promise<unknown> {
  const child = spawn(process.execPath, args, { env: { HOME: home, PATH: process.env.PATH }, stdio: 'ignore' })
  return new Promise((resolve) => child.once('close', resolve))
}

const switches = ['refuses', 'unready', 'strict'] as const
const switchFile = (box: FaultyBox, name: (typeof switches)[number]) => path.join(box.stateDir, `stand-in-${name}`)

/** The gateway ends, and none starts again. */
export function refuseGateway(box: FaultyBox): void {
  writeFileSync(switchFile(box, 'refuses'), '')
  killAll(processesOf(box, 'gateway'))
}

/** Waits until the gateway uses the config that is there, and has noted so. */
export async function untilTaken({ configPath, text }: FaultyBox): Promise<void> {
  const { port } = JSON.parse(text()).gateway
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
    if (((await answer.json()) as { rawHash: string }).rawHash === sha256OfFile(configPath)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The gateway runs and is never ready. */
export const unreadyGateway = (box: FaultyBox): void => writeFileSync(switchFile(box, 'unready'), '')

/** Its own check refuses any config that says what is logged. */
export const refuseLogging = (box: FaultyBox): void => writeFileSync(switchFile(box, 'strict'), '')

/** The gateway hangs: it runs, and answers nobody. */
export const hangGateway = (box: FaultyBox): void => killAll(processesOf(box, 'gateway'), 'SIGSTOP')

/** A gateway may start, be ready and answer again. */
export function mendGateway(box: FaultyBox): void {
  for (const name of switches) rmSync(switchFile(box, name), { force: true })
  killAll(processesOf(box, 'gateway'), 'SIGCONT')
}
