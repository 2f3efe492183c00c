import { existsSync } from 'node:fs'
import type { SettingChange } from '../../shared/contract/index.ts'
import type { Times } from '../apply/carry-out.ts'
import { killAll } from './box-processes.ts'
import {
  type AtStep,
  type FaultStep,
  type FaultyBox,
  faultSteps,
  hangGateway,
  inMidst,
  markerOf,
  mendGateway,
  programsOf,
  refuseGateway,
  restartBox,
  unreadyGateway,
  untilTaken,
} from './faulty-apply.ts'
import type { SmallDisk } from './small-disk.ts'

export const setLimit: SettingChange[] = [{ path: ['channels', 'telegram', 'historyLimit'], set: 7 }]
/** Under which the agent is never ready, so that the change goes back. */
const never: SettingChange[] = [{ path: ['standIn', 'never'], set: true }]
const wrong: SettingChange[] = [{ path: ['standIn', 'wrong'], set: true }]

/** One cell that runs on a machine. */
export interface Scene {
  readonly box: FaultyBox
  readonly step: FaultStep
  readonly disk: SmallDisk | null
}

export interface Fault {
  readonly name: string
  readonly happens: (scene: Scene) => AtStep
  /** The console itself is killed there; it stands in a process of its own. */
  readonly kills?: boolean
  readonly onSmallDisk?: boolean
  readonly change?: SettingChange[]
  readonly times?: Partial<Times>
  /** Ends what lasts, before another console looks. */
  readonly passes?: (scene: Scene) => void
  /** Nothing there takes the change back, so nobody waits for it. */
  readonly hasNoTimer?: boolean
  /** The agent itself is what fails: it is mended before it is asked for its config. */
  readonly isOfAgent?: boolean
  /** What the console says of it, where that is not only the outcome. */
  readonly says?: (step: FaultStep) => string | undefined
  /** Steps at which it cannot be, and why. */
  readonly not?: Partial<Record<FaultStep, string>>
}

const downNetwork = ({ box: { proxy } }: Scene) => {
  proxy.freeze()
  proxy.cut()
}
const upNetwork = ({ box: { proxy } }: Scene) => proxy.thaw()

/** Breaks the agent before a step. It is whole again once the old config is back, but where it is broken for good. */
export const breakAgent =
  (break_: (box: FaultyBox) => void, isForGood: (step: FaultStep) => boolean) => (scene: Scene) => ({
    before() {
      const { box, step } = scene
      break_(box)
      if (isForGood(step)) return
      const look = setInterval(() => {
        const isOver = !existsSync(box.configPath)
        if (!isOver && (markerOf(box) !== 'reverting' || box.text() !== box.before)) return
        clearInterval(look)
        if (!isOver) mendGateway(box)
      }, 50)
      look.unref()
    },
  })

const nothingWaits = 'Nothing waits for the agent there.'
const checkedOnce =
  'The machine’s own OpenClaw is asked whether the new config is valid while it is staged, and never again.'

export const faults: readonly Fault[] = [
  {
    name: 'Console killed before the step is sent',
    kills: true,
    happens: () => ({ before: () => {} }),
  },
  {
    name: 'Console killed when the machine has done the step',
    kills: true,
    happens: () => ({ answered: () => {} }),
  },
  {
    name: 'Network cut before the step is sent',
    happens: (scene) => ({ before: () => downNetwork(scene), lasts: true }),
    passes: upNetwork,
  },
  {
    name: 'Network cut when the machine has done the step',
    happens: (scene) => ({ answered: () => downNetwork(scene), lasts: true }),
    passes: upNetwork,
  },
  {
    name: 'Machine restarts in the midst of the step, a job at its start',
    happens: ({ box, step }) => inMidst(box, step, () => restartBox(box, true)),
  },
  {
    name: 'Machine restarts in the midst of the step, no job at its start',
    happens: (scene) => ({
      ...inMidst(scene.box, scene.step, async () => {
        downNetwork(scene)
        await restartBox(scene.box, false)
      }),
      lasts: true,
    }),
    passes: upNetwork,
    hasNoTimer: true,
  },
  {
    name: 'Program on the machine killed in the midst of the step',
    happens: ({ box, step }) => inMidst(box, step, () => killAll(programsOf(box))),
  },
  {
    name: 'Disk of the machine full from the step on',
    onSmallDisk: true,
    times: { deadlineS: 120, settleMs: 3000, stepMs: 60_000 },
    happens: ({ box, step, disk }) => ({
      async before() {
        // While it is verified the disk is full for what the agent does next, not for what it has just begun.
        if (step === 'verify') await untilTaken(box)
        disk?.fill()
      },
    }),
    says: (step) => (['connect', 'stage', 'arm'].includes(step) ? 'Nothing was changed. Its disk is full.' : undefined),
  },
  {
    name: 'Gateway gone from the step on, and refuses to start',
    times: { deadlineS: 120, settleMs: 8000, stepMs: 60_000 },
    isOfAgent: true,
    happens: breakAgent(refuseGateway, (step) => step === 'verify'),
    says: (step) =>
      ({
        connect: 'The agent does not run; it takes the new config when it starts.',
        stage: 'The agent does not run; it takes the new config when it starts.',
        arm: 'The agent does not run any more. The old config is back.',
        activate: 'The agent does not run any more. The old config is back.',
        verify: 'The old config is back. The agent does not run: it could not be started again.',
        commit: undefined,
        revert: undefined,
      })[step],
  },
  {
    name: 'Gateway never ready from the step on',
    times: { deadlineS: 120, settleMs: 2500, stepMs: 60_000 },
    isOfAgent: true,
    happens: breakAgent(unreadyGateway, () => false),
    says: (step) => (step === 'commit' ? undefined : 'not ready'),
  },
  {
    name: 'New config not valid',
    change: wrong,
    happens: () => ({ before: () => {} }),
    says: () => 'standIn.wrong',
    not: Object.fromEntries(faultSteps.filter((step) => step !== 'stage').map((step) => [step, checkedOnce])),
  },
  {
    name: 'Verifying takes too long: the gateway hangs',
    times: { deadlineS: 120, settleMs: 2500, stepMs: 60_000 },
    isOfAgent: true,
    happens: breakAgent(hangGateway, () => false),
    says: () => 'The old config is back.',
    not: Object.fromEntries(
      faultSteps.filter((step) => step !== 'verify' && step !== 'revert').map((step) => [step, nothingWaits]),
    ),
  },
]

export const changeFor = (fault: Fault, step: FaultStep) => fault.change ?? (step === 'revert' ? never : setLimit)
