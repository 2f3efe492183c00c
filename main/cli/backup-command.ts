import { backupLine } from '../../shared/backup-words.ts'
import type { BackupRun } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { byName, type Session } from './session.ts'
import { exit } from './shapes.ts'

export interface BackupNowOptions {
  readonly box?: readonly string[]
}

/** Has agents backed up on their machines. Ctrl-C stops it where it runs; what was half made there goes. */
export async function backUpNow(session: Session, { box }: BackupNowOptions): Promise<number> {
  const { client: engine, print, onInterrupt } = session
  const all = await engine.inventory.boxes()
  const chosen = box?.map((name) => byName(all, name, 'machine')) ?? all.filter(({ jumpOnly }) => !jumpOnly)
  const { runId } = await engine.backups.start({ boxIds: chosen.map(({ boxId }) => boxId) })
  onInterrupt(() => void engine.backups.cancel({ runId }).catch(() => {}))
  const run = await follow(session, runId)
  for (const { boxName, why } of run.leftOut) print.say(`Left out: ${boxName}. ${why}`)
  print.answer('backup now', run, run.agents.flatMap(linesOf))
  const states = new Set(run.agents.map(({ state }) => state))
  if (states.has('failed')) return exit.backupFailed
  const isWhole = run.leftOut.length === 0 && states.size === 1 && states.has('made')
  return isWhole ? exit.ok : exit.someNotReached
}

async function follow({ client: engine, print }: Session, runId: BackupRun['runId']): Promise<BackupRun> {
  let last = await engine.backups.get({ runId })
  let told = -1
  for await (const run of await engine.backups.watch({ runId })) {
    last = run
    const done = run.agents.filter(({ state }) => state !== 'waiting' && state !== 'running').length
    if (done !== told) print.say(`${done} of ${run.agents.length}`)
    told = done
  }
  return last
}

function linesOf(agent: BackupRun['agents'][number]): string[] {
  const fault = agent.fault === null ? [] : [`  ${faultText(agent.fault).sentence}`]
  const next = agent.nextStep === '' ? [] : [`  ${agent.nextStep}`]
  const where = agent.made === null ? [] : [`  ${agent.made.archive}`]
  return [`${agent.boxName}: ${backupLine(agent)}`, ...fault, ...next, ...where]
}

export async function listBackups({ client: engine, print }: Session, { limit }: { limit: number }): Promise<number> {
  const runs = await engine.backups.recent({ limit })
  print.answer(
    'backup list',
    runs,
    runs.length === 0
      ? ['No backup of an agent was made from here yet.']
      : runs.map(({ begunAtMs, state, agents }) => {
          const made = agents.filter((agent) => agent.state === 'made').length
          return `${new Date(begunAtMs).toISOString()}  ${state}  ${made} of ${agents.length} made`
        }),
  )
  return exit.ok
}
