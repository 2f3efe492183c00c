import type { AgentId, CarriedCommand, PatchCheck, RolloutPreview, SettingChange } from '../../shared/contract/index.ts'
import { answersOf, guardAnswerText } from '../../shared/guard-words.ts'
import { showHidden, untrusted } from '../../shared/untrusted.ts'
import { refName } from '../apply/apply.ts'
import type { Question } from '../base/confirm.ts'
import { counted } from '../base/words.ts'
import { dottedPath } from '../runtimes/operations.ts'
import type { LanePlan, StoredLane, StoredRun } from './run-rows.ts'
import { names } from './run-words.ts'

/** Lines of a dialog that are still looked through; the rest is counted. */
const mostLines = 24

const lineOf = (change: SettingChange): string =>
  `    ${showHidden(dottedPath(change.path))} ${'set' in change ? `= ${untrusted(JSON.stringify(change.set), 160)}` : 'is taken out'}`

const commandLine = ({ run, undo }: CarriedCommand): string =>
  `    runs ${showHidden(run)}${undo === null ? ', which CANNOT BE UNDONE' : `; going back runs ${showHidden(undo)}`}`

/** Each of them, however many: whoever agrees has read what will be run. */
const commandsOf = (plans: readonly LanePlan[]): string[] => [
  ...new Set(
    (['before', 'after'] as const).flatMap((side) =>
      plans.flatMap(({ commands }) => commands.filter(({ when }) => when === side).map(commandLine)),
    ),
  ),
]

const linesOf = (plans: readonly LanePlan[]): string[] => [
  ...new Set(
    plans.flatMap(({ changes, files, update, folders }) => [
      ...(update === null ? [] : [`    the runtime ${showHidden(update.from)} → ${showHidden(update.to)}`]),
      ...folders.map(({ name, to }) => `    folder ${showHidden(name)} → ${showHidden(refName(to))}`),
      ...changes.map(lineOf),
      ...files.map(({ path, sha256 }) =>
        sha256 === null
          ? `    file ${showHidden(path)} is removed`
          : `    file ${showHidden(path)} = SHA-256 ${sha256.slice(0, 12)}…`,
      ),
    ]),
  ),
]

const whatIsDone = (plans: readonly LanePlan[]): string[] =>
  [commandsOf(plans).join('\n'), capped(linesOf(plans))].filter((lines) => lines !== '')

const capped = (lines: readonly string[]): string =>
  [
    ...lines.slice(0, mostLines),
    ...(lines.length > mostLines ? [`    and ${lines.length - mostLines} more`] : []),
  ].join('\n')

export function startQuestion(
  { patch, sentence, waves, guard }: Pick<RolloutPreview, 'patch' | 'sentence' | 'waves' | 'guard'>,
  going: readonly { agentId: AgentId; name: string; plan: LanePlan }[],
  when: 'now' | 'after-hours',
  checks: readonly PatchCheck[],
): Question {
  const [first] = waves
  const commands = checks.flatMap((check) => (check.kind === 'command' ? [`    ${showHidden(check.run)}`] : []))
  const leading = names(going.filter(({ agentId }) => first?.agentIds.includes(agentId)))
  return {
    title: `Carry ${showHidden(patch.name)} to ${counted(going.length, 'agent')}?`,
    detail: [
      `${showHidden(sentence)} Class: ${patch.class}.`,
      ...(guard === null ? [] : answersOf(guard).map((answer) => untrusted(guardAnswerText(answer), 600))),
      `In ${counted(waves.length, 'wave')}${when === 'after-hours' ? ', each after its client’s business hours' : ''}. ${showHidden(leading)} first; it goes on when that is as well as before.`,
      `Agents: ${showHidden(names(going))}`,
      ...whatIsDone(going.map(({ plan }) => plan)),
      ...(commands.length > 0 ? [`Then each runs:\n${commands.join('\n')}`] : []),
      'Each machine goes back by itself unless its agent takes the change and runs as before.',
    ].join('\n\n'),
    button: 'Start',
  }
}

export const continueQuestion = ({ patch, question }: StoredRun, left: readonly StoredLane[]): Question => ({
  title: `Go on with ${showHidden(patch.name)}?`,
  detail: [
    question?.words ?? '',
    capped((question?.evidence ?? []).map((line) => `    ${showHidden(line)}`)),
    `${counted(left.length, 'agent')} still to go: ${showHidden(names(left))}`,
  ]
    .filter(Boolean)
    .join('\n\n'),
  button: 'Go on',
})

export const revertQuestion = (
  { patch, layers }: StoredRun,
  lanes: readonly StoredLane[],
  isAll: boolean,
): Question => ({
  title: `Take ${showHidden(patch.name)} back on ${counted(lanes.length, 'agent')}?`,
  detail: [
    `Agents: ${showHidden(names(lanes))}`,
    ...whatIsDone(lanes.flatMap(({ inverse }) => (inverse === null ? [] : [{ ...inverse, hash: '', baseSha256: '' }]))),
    [...new Set(lanes.flatMap(({ inverse }) => inverse?.stays ?? []))].map(showHidden).join(' '),
    isAll && layers === 'saved'
      ? 'The layers say again what they said before.'
      : layers === 'saved'
        ? 'The layers go on saying what the patch declares, so these agents will differ from them.'
        : '',
  ]
    .filter(Boolean)
    .join('\n\n'),
  button: 'Take it back',
})
