import path from 'node:path'
import type {
  AgentId,
  BoxId,
  PatchContent,
  PatchFolderFile,
  PatchId,
  RolloutPreview,
  RolloutRun,
  RunOptions,
} from '../../shared/contract/index.ts'
import type { Times } from '../apply/apply.ts'
import { createChanges } from '../base/changes.ts'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { buildHouse, type House } from '../engine/house.ts'
import type { SoakOf } from '../rollout/rollout.ts'
import { type Dial, dialTcp } from '../ssh/dial.ts'
import { noVault } from '../ssh/vault.ts'
import { openStore } from '../store/store.ts'
import { type StandInBox, standInBox } from './apply-lab.ts'
import { type HaltPoint, haltingStore } from './halting-store.ts'
import type { SshdBox } from './sshd-box.ts'
import { tempDir } from './temp-store.ts'

/** A machine with an agent that runs: what makes it also ends all of it. */
export type RunMachine = Omit<StandInBox, 'gateway'> & Partial<Pick<StandInBox, 'gateway'>>
export type RunBox = RunMachine & { readonly boxId: BoxId; readonly agentId: AgentId; readonly name: string }
type Ring = 'lab' | 'canary' | 'rest'

export interface RunLabOptions {
  readonly soakOf?: SoakOf
  /** A data folder that another console left behind. */
  readonly at?: string
  readonly times?: Partial<Times>
  /** Where its process stands still for ever. */
  readonly haltAt?: HaltPoint
}

/** A whole console over real sshd boxes with a small runtime, on which a patch is carried for real. */
export function runLab({ soakOf = () => 0, at, times = {}, haltAt }: RunLabOptions = {}) {
  const dataDir = at ?? tempDir()
  const boxes: RunBox[] = []
  const away = new Set<number>()
  const dial: Dial = (host, port, options) =>
    away.has(port)
      ? Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
      : dialTcp(host, port, options)
  const applyTimes: Partial<Times> = { deadlineS: 60, settleMs: 10_000, ...times }
  const build = (): House => {
    const options = {
      version: '0.1.0',
      dataDir,
      boxProgramsDir: path.resolve('out/box'),
      clock: systemClock,
      log: silentLog,
      vault: noVault('tests have none'),
      demo: false,
      readOnly: false,
      host: 'cli' as const,
      homeDir: dataDir,
      dial,
      applyTimes,
      soakOf,
    }
    return buildHouse(
      haltAt
        ? haltingStore(openStore({ ...options, writable: true }), haltAt)
        : openStore({ ...options, writable: true }),
      options,
      createChanges(),
    )
  }
  let house = build()
  const lookAt = (boxId: BoxId) => house.facts.sweeps.askOne(boxId, AbortSignal.timeout(240_000))
  const lab = {
    dataDir,
    boxes,
    away,
    get house(): House {
      return house
    },
    lookAt,
    /** Enrols a box with its small runtime, takes it as having shown its way back, and reads it. */
    async add(
      name: string,
      ring: Ring,
      make: (home: string) => Promise<RunMachine> = (home) => standInBox(home),
    ): Promise<RunBox> {
      const box = await make(tempDir())
      const made = { ...box, ...(await lab.enrol(name, ring, box.sshd)), name }
      boxes.push(made)
      return made
    },
    /** The same with a box that is there; it is not ended with the console. */
    async enrol(
      name: string,
      ring: Ring,
      { host, port, user, keyPath }: Pick<SshdBox, 'host' | 'port' | 'user' | 'keyPath'>,
    ) {
      const { inventory, ssh, store } = house
      const clientId = ring === 'lab' ? null : inventory.addClient({ name: `Client of ${name}` }).client.clientId
      const auth = { kind: 'key' as const, path: keyPath }
      const { boxId } = inventory.addBox({ name, host, port, user, auth, ring, clientId }).box
      ssh.accept(boxId, await ssh.offeredKey(boxId, { deadlineMs: 30_000 }), 'a test')
      store.write(() =>
        store.db
          .prepare("insert into way_back (box_id, proven, tried_at_ms, words) values (?, 1, 0, 'A test says so.')")
          .run(boxId),
      )
      await lookAt(boxId)
      const agentId = inventory.agents(boxId)[0]?.agentId
      if (agentId === undefined) throw new Error('its agent was not seen')
      return { boxId, agentId }
    },
    /** A patch whose needs are confirmed. */
    async patch(
      set: Record<string, unknown>,
      change: Partial<PatchContent> = {},
      files: PatchFolderFile[] = [],
    ): Promise<PatchId> {
      const content = {
        name: 'one-line',
        why: { text: 'A hole is closed.', link: '' },
        author: 'kit',
        class: 'security',
        parts: [{ kind: 'overlay', layer: { kind: 'fleet', key: '' }, set, reset: [] }],
        needs: [],
        verify: [],
        capability: null,
        ...change,
      } as PatchContent
      const { patch } = await house.patches.save({ patchId: null, baseRevision: 0, content, files, because: 'x' })
      if (patch.open > 0) await house.patches.confirm({ patchId: patch.patchId, baseRevision: patch.revision })
      return patch.patchId
    },
    /** Answers every question of the preview as a person would who knows these boxes. */
    async agree(patchId: PatchId): Promise<RolloutPreview> {
      let preview = await house.rollouts.preview({ patchId })
      for (const { key, exits, agents } of preview.questions)
        if (agents.length > 0)
          ({ preview } = await house.rollouts.choose({
            patchId,
            key,
            exit: exits.includes('accept') ? 'accept' : 'exclude',
            because: 'it is a test',
          }))
      const said = { kind: 'asked' as const, words: 'The test asked for it.', benefits: 'the test' }
      if (preview.guard !== null)
        for (const clientId of [undefined, ...preview.guard.clients.map(({ clientId }) => clientId)].slice(
          Math.min(1, preview.guard.clients.length),
        ))
          ({ preview } = await house.rollouts.justify({ patchId, said: { ...said, clientId } }))
      return preview
    },
    /** Starts exactly what was agreed to. */
    async start(patchId: PatchId, when: RunOptions['when'] = 'now'): Promise<RolloutRun> {
      const { hash } = await lab.agree(patchId)
      return house.runs.start({ patchId, hash, options: { when } })
    },
    /** Watches until it is so; the end of the run is the end of the wait. */
    async until({ rolloutId }: Pick<RolloutRun, 'rolloutId'>, isSo: (run: RolloutRun) => boolean): Promise<RolloutRun> {
      for await (const run of house.runs.watch(rolloutId, AbortSignal.timeout(240_000))) if (isSo(run)) return run
      throw new Error(`it never was so: ${JSON.stringify(house.runs.get({ rolloutId }).words)}`)
    },
    /** Until it ended, or waits for a person. */
    async settled({ rolloutId }: Pick<RolloutRun, 'rolloutId'>): Promise<RolloutRun> {
      await house.runs.idle(rolloutId)
      return house.runs.get({ rolloutId })
    },
    /** Ends the console and starts another over what it left. */
    async again(): Promise<void> {
      await house.close()
      house = build()
    },
    async [Symbol.asyncDispose]() {
      await house.close()
      for (const box of boxes) await box.stop()
    },
  }
  return lab
}
