import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import type { AgentId, BackupRun, BackupRunId, BoxId } from '../../shared/contract/index.ts'
import type { Engine } from '../engine/engine.ts'
import { type SshdBox, startSshdBox } from './sshd-box.ts'
import { tempDir } from './temp-store.ts'

type Behaves =
  | ''
  | 'hangs'
  | 'full'
  | 'fails'
  | 'missing'
  | 'empty'
  | 'unchecked'
  | 'other-state'
  | 'elsewhere'
  | 'broken'

/** A HOME with a small runtime that can be told how its `backup` behaves. */
export function backupHome(home: string) {
  const stateDir = path.join(home, '.openclaw')
  const root = path.join(home, '.npm-global', 'lib', 'node_modules', 'openclaw')
  const bin = path.join(home, '.npm-global', 'bin')
  for (const folder of [stateDir, root, bin]) mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(root, 'package.json'), JSON.stringify({ name: 'openclaw', version: '2026.9.6' }))
  const entry = path.join(root, 'openclaw.mjs')
  copyFileSync(path.join(import.meta.dirname, 'stand-in-backup.mjs'), entry)
  symlinkSync(entry, path.join(bin, 'openclaw'))
  symlinkSync(process.execPath, path.join(bin, 'node'))
  writeFileSync(path.join(stateDir, 'openclaw.json'), JSON.stringify({ gateway: { mode: 'local' } }))
  const folders = path.join(home, '.wheelhouse', 'backups')
  const below = (): string[] =>
    existsSync(folders) ? readdirSync(folders).flatMap((each) => readdirSync(path.join(folders, each))) : []
  return {
    home,
    stateDir,
    bin,
    path: `${bin}:/usr/bin:/bin`,
    behave: (how: Behaves) => writeFileSync(path.join(stateDir, 'behaves'), how),
    /** What lies in the folder of its backups. */
    left: below,
    /** The process that hangs; null before it does. */
    hanging(): number | null {
      const file = path.join(stateDir, 'hanging')
      // Half written it is empty, and names no process.
      return (existsSync(file) && Number(readFileSync(file, 'utf8'))) || null
    },
    forgetHanging: () => rmSync(path.join(stateDir, 'hanging'), { force: true }),
  }
}

export type BackupBox = ReturnType<typeof backupHome> & {
  readonly sshd: SshdBox
  readonly boxId: BoxId
  readonly agentId: AgentId
}

/** A real sshd box with such a HOME, pinned in an engine and read once. */
export async function backupBox(engine: Engine, name: string): Promise<BackupBox> {
  const made = backupHome(tempDir())
  const sshd = await startSshdBox({ home: made.home, env: { PATH: made.path } })
  const { host, port, user, keyPath } = sshd
  const { box } = await engine.client.inventory.addBox({ name, host, port, user, auth: { kind: 'key', path: keyPath } })
  const { boxId } = box
  const { fingerprint } = await engine.client.trust.offeredKey({ boxId })
  await engine.client.trust.accept({ boxId, fingerprint })
  await sweepAll(engine)
  const [agent] = (await engine.client.inventory.agents({})).filter((each) => each.boxId === boxId)
  if (!agent) throw new Error('its agent was not seen')
  return { ...made, sshd, boxId, agentId: agent.agentId }
}

export async function sweepAll(engine: Engine): Promise<void> {
  const { sweepId } = await engine.client.sweep.start({})
  for await (const { state } of await engine.client.sweep.watch({ sweepId })) if (state !== 'running') return
}

export async function backupEnd(engine: Engine, runId: BackupRunId): Promise<BackupRun> {
  for await (const run of await engine.client.backups.watch({ runId })) if (run.endedAtMs !== null) return run
  throw new Error('it never ended')
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A killed child that nobody waits for yet is none.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
