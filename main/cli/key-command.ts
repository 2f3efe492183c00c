import type { KeyRun, KeyRunId } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { byName, type Session } from './session.ts'
import { exit } from './shapes.ts'

export interface RotateOptions {
  readonly new: string
  readonly boxes?: readonly string[]
  readonly dryRun: boolean
}

/** Changes the operator's key on machines, or says whom that would reach. Ctrl-C begins no further machine. */
export async function rotateKey(session: Session, { new: newKeyPath, boxes, dryRun }: RotateOptions): Promise<number> {
  const { client: engine, print } = session
  const all = await engine.inventory.boxes()
  const boxIds = boxes?.map((name) => byName(all, name, 'machine').boxId)
  const wanted = { newKeyPath, ...(boxIds ? { boxIds } : {}) }
  if (!dryRun) return carry(session, 'key rotate', (await engine.keys.start(wanted)).runId)
  const preview = await engine.keys.preview(wanted)
  print.answer('key rotate', { preview, run: null }, [
    `The new key is ${preview.newFingerprint}.`,
    ...preview.boxes.map(({ wave, boxName, oldFingerprint }) => `${wave}. ${boxName}, in place of ${oldFingerprint}`),
    ...preview.leftOut.map(({ boxName, why }) => `Left out: ${boxName}. ${why}`),
  ])
  return exit.ok
}

export const continueKey = async (session: Session, runId: string): Promise<number> =>
  carry(session, 'key continue', (await session.client.keys.continue({ runId: runId as KeyRunId })).runId)

export const revertKey = async (session: Session, runId: string): Promise<number> =>
  carry(session, 'key revert', (await session.client.keys.revert({ runId: runId as KeyRunId })).runId)

export async function askKey({ client: engine, print }: Session, runId: string): Promise<number> {
  const run = await engine.keys.ask({ runId: runId as KeyRunId })
  print.answer('key ask', { preview: null, run }, linesOf(run))
  return codeOf(run)
}

export async function listKeys({ client: engine, print }: Session, { limit }: { limit: number }): Promise<number> {
  const runs = await engine.keys.recent({ limit })
  print.answer(
    'key list',
    runs,
    runs.length === 0
      ? ['The SSH key was never changed from here.']
      : runs.flatMap((run) => [`${run.runId}  ${run.state}`, ...linesOf(run)]),
  )
  return exit.ok
}

type Carried = 'key rotate' | 'key continue' | 'key revert'

async function carry({ client: engine, print, onInterrupt }: Session, name: Carried, runId: KeyRunId): Promise<number> {
  onInterrupt(() => void engine.keys.stop({ runId }).catch(() => {}))
  let run = await engine.keys.get({ runId })
  let told = -1
  for await (const next of await engine.keys.watch({ runId })) {
    run = next
    const done = run.boxes.filter(({ state }) => state !== 'waiting' && state !== 'running').length
    if (done !== told) print.say(`${done} of ${run.boxes.length}`)
    told = done
  }
  print.answer(name, { preview: null, run }, [`${run.runId}  ${run.state}`, ...linesOf(run)])
  return codeOf(run)
}

function linesOf({ boxes, leftOut }: KeyRun): string[] {
  return [
    ...boxes.flatMap(({ boxName, state, words, nextStep, fault }) => [
      `${boxName}: ${state}. ${words}`.trim(),
      ...(fault === null ? [] : [`  ${faultText(fault).sentence}`]),
      ...(nextStep === '' ? [] : [`  ${nextStep}`]),
    ]),
    ...leftOut.map(({ boxName, why }) => `Left out: ${boxName}. ${why}`),
  ]
}

/** Nobody knows how it ended goes before one that did not go well. */
const codeOf = ({ boxes }: KeyRun): number =>
  boxes.some(({ state }) => state === 'unknown')
    ? exit.someNotReached
    : boxes.every(({ state }) => state === 'rotated')
      ? exit.ok
      : exit.failed
