import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { AgentId, ApplyId, ApplyJob, BoxId, CarriedFile, SettingChange } from '../../shared/contract/index.ts'
import { type Apply, type ApplyParts, createApply } from '../apply/apply.ts'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { createOnbox } from '../onbox/onbox.ts'
import { planHash } from '../overlay/overlay.ts'
import { sha256OfFile } from '../runtimes/runtimes.ts'
import { endProcesses } from './box-processes.ts'
import { freePort } from './openclaw.ts'
import { sshLab } from './ssh-lab.ts'
import { startSshdBox } from './sshd-box.ts'
import { tempDir } from './temp-store.ts'

const labTimes = {
  deadlineS: 60,
  settleMs: 20_000,
  connectMs: 30_000,
  stepMs: 30_000,
  update: { downloadMs: 120_000, deadlineS: 180, settleMs: 60_000 },
}
/** A change goes back after 3 s. */
export const shortTimes = { ...labTimes, deadlineS: 3 }

/** A box with a small runtime that runs, whose channel `telegram` answers one person, as the console knows it. */
export type ApplyBox = StandInBox & { readonly boxId: BoxId; readonly agentId: AgentId }

/** A console with its store, which can change boxes. `at`: the data folder that another left behind. */
export function applyConsole(at?: string) {
  const lab = sshLab(at === undefined ? {} : { at })
  const onbox = createOnbox({
    ssh: lab.ssh,
    inventory: lab.inventory,
    clock: systemClock,
    log: silentLog,
    boxProgramsDir: path.resolve('out/box'),
  })
  const openConsole = (parts: Partial<ApplyParts> = {}): Apply =>
    createApply({
      ...lab,
      onbox,
      clock: systemClock,
      log: silentLog,
      confirm: async () => true,
      lastRead: () => 'It was never read.',
      lookAt: () => {},
      times: labTimes,
      ...parts,
    })
  return {
    ...lab,
    onbox,
    /** What starts over this store; a second one is what starts after the first has died. */
    openConsole,
    /** Enrols a box, which is taken as having shown its way back. */
    async know(at: { host: string; port: number; user: string; keyPath: string }, stateDir: string) {
      const { boxId } = await lab.enrol(at)
      const agentId = lab.inventory.seenAgent(boxId, { profile: 'default', stateDir })
      lab.store.write(() =>
        lab.store.db
          .prepare("insert into way_back (box_id, proven, tried_at_ms, words) values (?, 1, 0, 'A test says so.')")
          .run(boxId),
      )
      return { boxId, agentId }
    },
    close() {
      onbox.close()
      lab[Symbol.dispose]()
    },
  }
}

/** A change as it is sent after its preview. */
export function requestFor(
  { boxId, agentId, configPath }: Pick<ApplyBox, 'boxId' | 'agentId' | 'configPath'>,
  changes: SettingChange[],
  files: CarriedFile[] = [],
) {
  const baseSha256 = sha256OfFile(configPath)
  const hash = planHash({ boxId, agentId, baseSha256, operations: changes, files })
  return { boxId, agentId, changes, files, baseSha256, hash }
}

export async function endOf(apply: Apply, applyId: ApplyId): Promise<ApplyJob> {
  let last = apply.get(applyId)
  for await (const job of apply.watch(applyId)) last = job
  return last
}

/** Real sshd boxes on which changes are made for real. */
export function applyLab() {
  const lab = applyConsole()
  const made: StandInBox[] = []
  return {
    ...lab,
    requestFor,
    endOf,
    /** Makes a change and waits for its end. */
    async change(apply: Apply, box: ApplyBox, changes: SettingChange[]): Promise<ApplyJob> {
      return endOf(apply, (await apply.start(requestFor(box, changes))).applyId)
    },
    /** `env`: of what runs over ssh there. */
    async box(env: Readonly<Record<string, string>> = {}, version?: string): Promise<ApplyBox> {
      const box = await standInBox(tempDir(), env, version)
      made.push(box)
      return { ...box, ...(await lab.know(box.sshd, path.dirname(box.configPath))) }
    },
    async [Symbol.asyncDispose]() {
      for (const box of made) await box.stop()
      lab.close()
    },
  }
}

/** A real sshd box whose small runtime runs, in a HOME of its own, which goes with it. `env`: of what runs over ssh there. */
export async function standInBox(home: string, env: Readonly<Record<string, string>> = {}, version = '2026.9.6') {
  const entry = installStandIn(home, version)
  const configPath = path.join(home, '.openclaw', 'openclaw.json')
  mkdirSync(path.dirname(configPath), { recursive: true, mode: 0o700 })
  const config = {
    gateway: { port: await freePort(), auth: { token: 'a-secret-token-of-this-gateway' } },
    channels: { telegram: { enabled: true, dmPolicy: 'allowlist', allowFrom: ['111222333'] } },
  }
  writeFileSync(configPath, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
  const gateway = await startStandIn(home, entry)
  const sshd = await startSshdBox({ home, env: { PATH: `${home}/bin:/usr/bin:/bin`, ...env } })
  return {
    sshd,
    home,
    entry,
    configPath,
    gateway,
    text: () => readFileSync(configPath, 'utf8'),
    async stop() {
      gateway.kill('SIGKILL')
      await sshd.stop()
      // A change may have started another.
      await endProcesses({ home })
      rmSync(home, { recursive: true, force: true })
    },
  }
}
export type StandInBox = Awaited<ReturnType<typeof standInBox>>

function installStandIn(home: string, version: string): string {
  const root = path.join(home, 'lib', 'node_modules', 'openclaw')
  mkdirSync(root, { recursive: true })
  mkdirSync(path.join(home, 'bin'))
  writeFileSync(path.join(root, 'package.json'), JSON.stringify({ name: 'openclaw', version }))
  const entry = path.join(root, 'openclaw.mjs')
  copyFileSync(path.join(import.meta.dirname, 'stand-in-openclaw.mjs'), entry)
  symlinkSync(process.execPath, path.join(home, 'bin', 'node'))
  symlinkSync(entry, path.join(home, 'bin', 'openclaw'))
  return entry
}

export async function startStandIn(home: string, entry: string): Promise<ChildProcess> {
  const gateway = spawn(process.execPath, [entry, 'gateway', 'run'], {
    env: { HOME: home, PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(gateway.stdout, 'data')
  return gateway
}
