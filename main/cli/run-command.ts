import {
  GuardSaid,
  RolloutId,
  type RolloutLane,
  type RolloutRun,
  type RunSummary,
} from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { dateWords } from '../base/words.ts'
import { patchOf } from './patch-command.ts'
import { boxIdsOf } from './rollout-command.ts'
import { byName, type EngineClient, type Session } from './session.ts'
import { exit } from './shapes.ts'

export interface StartRunOptions {
  readonly patch: string
  /** Hash that `rollout preview` printed. */
  readonly apply: string
  readonly boxes?: string[]
  readonly afterHours: boolean
  readonly askedBy?: string
  readonly client?: string
  readonly reason?: string
  readonly benefits?: string
}
export interface SomeOptions {
  readonly boxes?: string[]
}

const laneWords = ({ name, wave, state, step, outcome, words, nextStep }: RolloutLane): string =>
  `${wave === 0 ? '-' : wave}  ${name}: ${outcome ?? step ?? state}${words === '' ? '' : `. ${words}`}${nextStep === '' ? '' : ` ${nextStep}`}`

const linesOf = ({ patch, words, waves, lanes, question, rolloutId }: RolloutRun): string[] => [
  `${patch.name}, revision ${patch.revision}, run ${rolloutId}`,
  words,
  ...waves.map(
    (wave) => `wave ${wave.number}, ${wave.kind}: ${wave.state}${wave.words === '' ? '' : `. ${wave.words}`}`,
  ),
  ...lanes.map(laneWords),
  ...(question?.evidence ?? []),
]

/** 3: it waits for a person. 1: something failed. 4: somebody waits for their return, or nobody knows how it ended. */
function exitOf({ state, lanes, waves, revertOf }: RolloutRun): number {
  if (state === 'paused' || state === 'interrupted') return exit.keyNotAccepted
  if (state !== 'ended') return exit.ok
  const outcomes = new Set(lanes.map(({ outcome }) => outcome))
  const failed = outcomes.has('failed') || waves.some((wave) => wave.state === 'failed')
  if (failed || (revertOf === null && outcomes.has('reverted'))) return exit.failed
  const left = (['inconclusive', 'waits-for-return', 'not-attempted'] as const).some((outcome) => outcomes.has(outcome))
  return left || waves.some((wave) => wave.state === 'inconclusive') ? exit.someNotReached : exit.ok
}

function idOf(text: string): RolloutId {
  const parsed = RolloutId.safeParse(text)
  if (!parsed.success) throw new FaultError({ code: 'not-found', what: `run as "${text}"` })
  return parsed.data
}

type RunName =
  | 'rollout start'
  | 'rollout status'
  | 'rollout continue'
  | 'rollout stop'
  | 'rollout retry'
  | 'rollout revert'

/** This process carries the run: it stays until that ended, or waits for a person. Ctrl-C pauses it. */
async function carry(
  { client: engine, print, onInterrupt }: Session,
  name: RunName,
  begun: RolloutRun,
): Promise<number> {
  const { rolloutId } = begun
  onInterrupt(() => {
    print.say(
      'Nothing further is begun; those under way end. Ctrl-C again ends this at once, and machines go back by themselves.',
    )
    // By then it may have ended by itself.
    void engine.rollout.pause({ rolloutId }).catch(() => {})
  })
  const told = new Map<string, string>()
  let run = begun
  for await (const next of await engine.rollout.watch({ rolloutId })) {
    run = next
    for (const lane of next.lanes) {
      const now = `${lane.name}: ${lane.outcome ?? lane.step ?? lane.state}`
      if (lane.state !== 'waiting' && told.get(lane.agentId) !== now) print.say(now)
      told.set(lane.agentId, now)
    }
    if (next.state === 'paused' || next.state === 'interrupted') break
  }
  print.answer(name, run, linesOf(run))
  return exitOf(run)
}

/** What was said about a change of behaviour on the command line; null: nothing. @throws FaultError `invalid-input`. */
function saidIn({ askedBy, reason, benefits }: StartRunOptions): GuardSaid | null {
  if (askedBy === undefined && reason === undefined && benefits === undefined) return null
  const refuse = (field: string, detail: string) => new FaultError({ code: 'invalid-input', field, detail })
  if ((askedBy === undefined) === (reason === undefined))
    throw refuse('--asked-by', 'Either somebody asked for it, with --asked-by, or nobody did, with --reason.')
  const parsed = GuardSaid.safeParse({
    kind: askedBy === undefined ? 'unasked' : 'asked',
    words: askedBy ?? reason,
    benefits: benefits ?? '',
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path[0] === 'benefits' ? '--benefits' : askedBy === undefined ? '--reason' : '--asked-by'
  throw refuse(field, issue?.message ?? '')
}

export async function startRun(session: Session, options: StartRunOptions): Promise<number> {
  const { client: engine } = session
  const { patchId } = await patchOf(engine, options.patch)
  const asked = { patchId, ...(await boxIdsOf(engine, options.boxes)) }
  const said = saidIn(options)
  if (said !== null) {
    const whose =
      options.client === undefined
        ? {}
        : { clientId: byName(await engine.inventory.clients(), options.client, 'client').clientId }
    session.print.say((await engine.rollout.justify({ ...asked, said: { ...said, ...whose } })).sentence)
  }
  const begun = await engine.rollout.start({
    ...asked,
    hash: options.apply,
    options: { when: options.afterHours ? 'after-hours' : 'now' },
  })
  return carry(session, 'rollout start', begun)
}

export async function listRuns({ client: engine, print }: Session, options: { patch?: string }): Promise<number> {
  const of = options.patch === undefined ? {} : { patchId: (await patchOf(engine, options.patch)).patchId }
  const runs = await engine.rollout.list(of)
  const line = ({ rolloutId, patchName, revertOf, startedAtMs, state, words }: RunSummary) =>
    `${rolloutId}  ${dateWords(startedAtMs)}  ${patchName}${revertOf === null ? '' : ' taken back'}: ${state}. ${words}`
  print.answer('rollout list', runs, runs.length === 0 ? ['No patch was carried anywhere yet.'] : runs.map(line))
  return exit.ok
}

export async function runStatus({ client: engine, print }: Session, id: string): Promise<number> {
  const run = await engine.rollout.get({ rolloutId: idOf(id) })
  print.answer('rollout status', run, linesOf(run))
  return exitOf(run)
}

export async function continueRun(session: Session, id: string, options: { lookAgain: boolean }): Promise<number> {
  const how = options.lookAgain ? 'look-again' : 'go-on'
  const begun = await session.client.rollout.continue({ rolloutId: idOf(id), how })
  return carry(session, 'rollout continue', begun)
}

export async function stopRun({ client: engine, print }: Session, id: string): Promise<number> {
  const run = await engine.rollout.stop({ rolloutId: idOf(id) })
  print.answer('rollout stop', run, linesOf(run))
  return exitOf(run)
}

async function agentIdsOf(engine: EngineClient, rolloutId: RolloutId, boxes: readonly string[] | undefined) {
  if (boxes === undefined) return {}
  const { boxIds = [] } = await boxIdsOf(engine, boxes)
  const { lanes } = await engine.rollout.get({ rolloutId })
  const agentIds = lanes.flatMap((lane) => (boxIds.includes(lane.boxId) ? [lane.agentId] : []))
  if (agentIds.length === 0) throw new FaultError({ code: 'not-found', what: 'agent of these machines in the run' })
  return { agentIds }
}

export async function retryRun(session: Session, id: string, { boxes }: SomeOptions): Promise<number> {
  const rolloutId = idOf(id)
  const some = await agentIdsOf(session.client, rolloutId, boxes)
  return carry(session, 'rollout retry', await session.client.rollout.retry({ rolloutId, ...some }))
}

export async function revertRun(session: Session, id: string, { boxes }: SomeOptions): Promise<number> {
  const rolloutId = idOf(id)
  const some = await agentIdsOf(session.client, rolloutId, boxes)
  return carry(session, 'rollout revert', await session.client.rollout.revert({ rolloutId, ...some }))
}

export async function reportRun({ client: engine, print }: Session, id: string): Promise<number> {
  const report = await engine.rollout.report({ rolloutId: idOf(id) })
  print.answer('rollout report', report, report.markdown.trimEnd().split('\n'))
  return exit.ok
}
