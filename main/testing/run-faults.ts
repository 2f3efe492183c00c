import { cpSync, statSync } from 'node:fs'
import type { PatchId } from '../../shared/contract/index.ts'
import type { Times } from '../apply/apply.ts'
import { breakAgent } from './apply-faults.ts'
import { killAll } from './box-processes.ts'
import {
  type FaultyBox,
  hangGateway,
  mendGateway,
  programsOf,
  refuseGateway,
  refuseLogging,
  resetBox,
  restartBox,
  startFaultyBox,
  unreadyGateway,
} from './faulty-apply.ts'
import type { HaltPoint } from './halting-store.ts'
import { runLab } from './run-lab.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'
import { moduleUrl, type Script, spawnScript } from './spawn-script.ts'
import { tempDir } from './temp-store.ts'

/** In the order in which they go: alone, alone, and after both. */
export const runBoxes = ['canary', 'first', 'last'] as const
export type RunBoxName = (typeof runBoxes)[number]

/** Three boxes and a console that knows them, with a patch about which every question is answered. */
export interface Fleet {
  readonly boxes: Readonly<Record<RunBoxName, FaultyBox>>
  readonly disks: Readonly<Record<RunBoxName, SmallDisk | null>>
  readonly patchId: PatchId
  /** Makes the boxes as at first. @returns the data folder of a console that has begun nothing yet. */
  ready(): Promise<string>
  end(): Promise<void>
}

/** What the patch makes of a config. */
export const patched = (before: string): string =>
  `${JSON.stringify({ ...JSON.parse(before), logging: { level: 'debug' } }, null, 2)}\n`

export async function startFleet(): Promise<Fleet> {
  const lab = runLab()
  const disk = () => mountSmallDisk({ looksLarge: true })
  const disks = { canary: disk(), first: disk(), last: null }
  const boxes = {
    canary: await startFaultyBox(disks.canary),
    first: await startFaultyBox(disks.first),
    last: await startFaultyBox(null),
  }
  for (const name of runBoxes) {
    const { sshd, proxy } = boxes[name]
    const ring = name === 'canary' ? 'canary' : 'rest'
    await lab.enrol(name, ring, { ...sshd, host: proxy.host, port: proxy.port })
  }
  const patchId = await lab.patch({ 'sections.logging.level': 'debug' })
  const { targets } = await lab.agree(patchId)
  if (!targets.every(({ goes }) => goes))
    throw new Error(`not all would go: ${JSON.stringify(targets.map(({ why }) => why))}`)
  await lab.house.close()
  return {
    boxes,
    disks,
    patchId,
    async ready() {
      for (const name of runBoxes) await resetBox(boxes[name])
      const dataDir = tempDir()
      cpSync(lab.dataDir, dataDir, { recursive: true })
      return dataDir
    },
    async end() {
      for (const name of runBoxes) {
        await boxes[name].end()
        disks[name]?.stop()
      }
    },
  }
}

/** Says of a file whether it was written since: another stamp is another file. */
export function stampOf({ configPath }: FaultyBox): string {
  const { ino, mtimeNs } = statSync(configPath, { bigint: true })
  return `${ino} ${mtimeNs}`
}

/** Begins the run by a console in a process of its own, which stands still at a line of its journal. */
export function runUntil(
  point: HaltPoint,
  { dataDir, patchId, times }: { dataDir: string; patchId: PatchId; times: Partial<Times> },
): Script {
  return spawnScript(`
    import { runLab } from '${moduleUrl('main/testing/run-lab.ts')}'
    const haltAt = ${JSON.stringify(point)}
    const { house } = runLab({ at: ${JSON.stringify(dataDir)}, times: ${JSON.stringify(times)}, haltAt })
    const patchId = ${JSON.stringify(patchId)}
    const { hash } = await house.rollouts.preview({ patchId })
    const { rolloutId } = await house.runs.start({ patchId, hash, options: { when: 'now' } })
    await house.runs.idle(rolloutId)
    console.log('it never stood: ' + JSON.stringify(house.runs.get({ rolloutId })))
    process.exit(1)
  `)
}

/** Where a console is killed, as rows of the journal. */
export interface RunPoint {
  readonly name: string
  readonly kind: string
  readonly words?: string
  /** It happens once in a run, not in each wave. */
  readonly once?: boolean
  /** A machine is left armed there, and goes back by its own timer. */
  readonly isArmed?: boolean
}

export const runPoints: readonly RunPoint[] = [
  { name: 'Wave begun', kind: 'wave.began' },
  { name: 'Its machine begun', kind: 'lane.began' },
  { name: 'Change sent', kind: 'lane.step', words: 'stage' },
  { name: 'Change in place', kind: 'lane.step', words: 'verify', isArmed: true },
  { name: 'Change ended', kind: 'lane.changed' },
  { name: 'Left at work', kind: 'wave.soaking' },
  { name: 'Looked at', kind: 'wave.checking' },
  { name: 'Verdict', kind: 'wave.passed' },
  { name: 'Layers kept', kind: 'layers.saved', once: true },
  { name: 'Run ended', kind: 'run.ended', once: true },
]

export interface RunFaultScene {
  readonly box: FaultyBox
  readonly disk: SmallDisk | null
  /** Nothing reaches the box any more, or does again. */
  readonly network: (isUp: boolean) => void
}

/** What happens at one machine of a run. */
export interface RunFault {
  readonly name: string
  /** Before the run begins. */
  readonly before?: (scene: RunFaultScene) => unknown
  /** While the program there stands still with the new config in place; without an answer it goes on. */
  readonly midst?: (scene: RunFaultScene) => Promise<'ended'> | undefined
  /** Ends what lasts. */
  readonly passes?: (scene: RunFaultScene) => unknown
  readonly onSmallDisk?: boolean
  readonly isArmed?: boolean
  /** The machine goes back by itself while it is asked: both answers are true. */
  readonly isRace?: boolean
}

const ended = async (act: () => unknown): Promise<'ended'> => {
  await act()
  return 'ended'
}
const breaks = (act: (box: FaultyBox) => void) => ({
  midst: ({ box, disk }: RunFaultScene): undefined =>
    breakAgent(act, () => false)({ box, disk, step: 'activate' }).before() as undefined,
  passes: ({ box }: RunFaultScene) => mendGateway(box),
})

export const runFaults: readonly RunFault[] = [
  {
    name: 'Network cut in the midst of the change',
    midst: ({ network }) => ended(() => network(false)),
    passes: ({ network }) => network(true),
    isArmed: true,
  },
  {
    name: 'Machine restarts in the midst of the change',
    midst: ({ box }) => ended(() => restartBox(box, true)),
    isRace: true,
  },
  {
    name: 'Program on the machine killed in the midst of the change',
    midst: ({ box }) => ended(() => killAll(programsOf(box))),
    isArmed: true,
    isRace: true,
  },
  {
    name: 'Disk of the machine full',
    onSmallDisk: true,
    before: ({ disk }) => disk?.fill(),
    passes: ({ disk }) => disk?.free(),
  },
  { name: 'Gateway refuses to start', ...breaks(refuseGateway) },
  { name: 'Gateway never ready', ...breaks(unreadyGateway) },
  { name: 'Verifying takes too long: the gateway hangs', ...breaks(hangGateway) },
  {
    name: 'New config not valid',
    before: ({ box }) => refuseLogging(box),
    passes: ({ box }) => mendGateway(box),
  },
]
