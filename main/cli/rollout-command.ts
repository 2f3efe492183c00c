import { type BoxId, PreflightExit, type RolloutPreview } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { guardAnswerText, guardClientText, longestText } from '../../shared/guard-words.ts'
import { FaultError } from '../base/fault-error.ts'
import { patchOf } from './patch-command.ts'
import { byName, type EngineClient, type Session } from './session.ts'
import { exit } from './shapes.ts'

export interface RolloutOptions {
  readonly patch: string
  readonly boxes?: string[]
  readonly look: boolean
}
export interface ChooseOptions extends Omit<RolloutOptions, 'look'> {
  readonly question: string
  readonly exit: string
  readonly because: string
}

export async function boxIdsOf(
  engine: EngineClient,
  names: readonly string[] | undefined,
): Promise<{ boxIds?: BoxId[] }> {
  if (names === undefined) return {}
  const all = await engine.inventory.boxes()
  return { boxIds: names.map((name) => byName(all, name, 'machine').boxId) }
}

/** Clients of whom nobody says that they asked. */
const notAsked = ({ clients, answers }: NonNullable<RolloutPreview['guard']>) =>
  clients.filter(({ clientName }) => !answers.some((one) => one.kind === 'asked' && one.clients.includes(clientName)))

const guardLines = ({ guard, takenAtMs }: RolloutPreview): string[] =>
  guard === null
    ? []
    : [
        'It changes how agents behave. Leaving it is the first choice.',
        ...[longestText(notAsked(guard), takenAtMs)].filter(Boolean),
        ...guard.clients.map((client) => `   ${guardClientText(client, takenAtMs)}`),
        ...guard.answers.map(guardAnswerText),
        ...(guard.words === '' ? [] : [`It may not begin. ${guard.words}`]),
        '',
      ]

const linesOf = (preview: RolloutPreview): string[] => [
  `${preview.patch.name}, revision ${preview.patch.revision}: ${preview.patch.class}`,
  preview.sentence,
  '',
  ...guardLines(preview),
  ...preview.answers.map(
    ({ state, words }) => `${state === 'ok' ? 'yes' : state === 'blocked' ? 'NO ' : '?  '}  ${words}`,
  ),
  '',
  ...preview.questions.flatMap(({ key, words, agents, exits }) => [
    `${key}: ${words}`,
    ...agents.map(
      ({ name, choice }) =>
        `   ${name}: ${choice === null ? `choose ${exits.join(', ')}` : `${choice.exit}, ${choice.because}`}`,
    ),
  ]),
  ...preview.targets.map(
    ({ name, ring, version, goes, why, plan }) =>
      `${ring.padEnd(6)}  ${name} (${version || 'not read'}): ${goes ? `${plan.changes.length} changes` : why || 'waits for a choice'}`,
  ),
  preview.hash === '' ? 'No hash while a choice is left or nobody goes.' : preview.hash,
]

/** A patch against the fleet as it was read last. */
export async function previewRollout({ client: engine, print }: Session, options: RolloutOptions): Promise<number> {
  const { patchId } = await patchOf(engine, options.patch)
  const asked = { patchId, ...(await boxIdsOf(engine, options.boxes)) }
  const { preview, notReached } = options.look
    ? await engine.rollout.look(asked)
    : { preview: await engine.rollout.preview(asked), notReached: [] }
  for (const { fault } of notReached) print.say(faultText(fault).sentence)
  print.answer('rollout preview', preview, linesOf(preview))
  if (notReached.length > 0) return exit.someNotReached
  const waits = preview.choicesLeft > 0 || (preview.guard !== null && preview.guard.state !== 'ready')
  return waits ? exit.keyNotAccepted : exit.ok
}

export async function chooseRollout({ client: engine, print }: Session, options: ChooseOptions): Promise<number> {
  const { patchId } = await patchOf(engine, options.patch)
  const chosen = PreflightExit.safeParse(options.exit)
  if (!chosen.success)
    throw new FaultError({
      code: 'invalid-input',
      field: '--exit',
      detail: `It is one of ${PreflightExit.options.join(', ')}.`,
    })
  const { boxIds } = await boxIdsOf(engine, options.boxes)
  const agents =
    boxIds === undefined ? undefined : (await engine.inventory.agents({})).filter(({ boxId }) => boxIds.includes(boxId))
  const { preview, sentence } = await engine.rollout.choose({
    patchId,
    key: options.question,
    exit: chosen.data,
    because: options.because,
    ...(agents === undefined ? {} : { agentIds: agents.map(({ agentId }) => agentId) }),
  })
  print.say(sentence)
  print.answer('rollout choose', preview, linesOf(preview))
  return exit.ok
}
