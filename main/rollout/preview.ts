import { createHash } from 'node:crypto'
import type {
  AgentId,
  AgentPlan,
  Patch,
  PatchClass,
  PatchPart,
  PreflightAbout,
  PreflightAnswer,
  PreflightChoice,
  PreflightQuestion,
  RolloutGuard,
  RolloutPreview,
  RolloutTarget,
} from '../../shared/contract/index.ts'
import { refName } from '../apply/apply.ts'
import { canonicalJson } from '../base/canonical.ts'
import { counted } from '../base/words.ts'
import { foldPlans } from '../overlay/overlay.ts'
import type { Question } from './preflight.ts'
import { type SoakOf, wavesOf } from './waves.ts'

/** An agent with all that is known about it going. */
export interface Candidate {
  readonly plan: AgentPlan
  readonly ring: RolloutTarget['ring']
  readonly versionBefore: string | null
  readonly drifted: number
  /** Of the tracked folders of its machine that were read lately, by name. */
  readonly folderCommits: ReadonlyMap<string, string>
  /** Those that are not yes. */
  readonly questions: readonly Question[]
}

export interface PreviewParts {
  readonly patch: Patch
  readonly candidates: readonly Candidate[]
  /** About the patch itself: nobody goes while there is one. */
  readonly ownQuestions: readonly Question[]
  readonly oldest: PreflightAnswer
  readonly choiceOf: (agentId: AgentId, key: string) => PreflightChoice | null
  readonly soakOf: SoakOf
  /** What the patch is taken for. */
  readonly class: PatchClass
  readonly guardOf: (targets: readonly RolloutTarget[]) => RolloutGuard | null
  readonly nowMs: number
}

const rings: readonly RolloutTarget['ring'][] = ['lab', 'canary', 'rest']
const abouts: readonly PreflightAbout[] = [
  'manifest',
  'needs',
  'two-weeks',
  'rules',
  'version',
  'machine',
  'backup',
  'client',
]
const isOut = (choice: PreflightChoice | null): boolean => choice?.exit === 'exclude' || choice?.exit === 'update-first'

/** Nothing is done where all is as the patch wants it, as far as that was read lately; a command is always something. */
const nothingToDo = (parts: readonly PatchPart[], { plan, folderCommits }: Candidate): boolean =>
  plan.state === 'same' &&
  !plan.old &&
  plan.cannot.length === 0 &&
  parts.every(
    (part) =>
      part.kind === 'overlay' ||
      (part.kind === 'update' && part.to === plan.version) ||
      (part.kind === 'folder' && part.to === folderCommits.get(part.folder)),
  )

interface Placed extends Candidate {
  readonly idle: boolean
  readonly outBy: Question | null
  readonly left: number
  readonly target: RolloutTarget
}

function place(candidate: Candidate, { patch, choiceOf }: PreviewParts, isBlocked: boolean): Placed {
  const { plan, questions } = candidate
  const { agentId } = plan
  const idle = nothingToDo(patch.content.parts, candidate)
  const outBy = questions.find(({ key }) => isOut(choiceOf(agentId, key))) ?? null
  const left = idle || outBy ? 0 : questions.filter(({ key }) => choiceOf(agentId, key) === null).length
  const choice = outBy === null ? null : choiceOf(agentId, outBy.key)
  const why = idle
    ? 'nothing to do'
    : outBy
      ? `${choice?.exit === 'update-first' ? 'updated first' : 'left out'}: ${outBy.words}`
      : ''
  return {
    ...candidate,
    idle,
    outBy,
    left,
    target: {
      agentId,
      boxId: plan.boxId,
      name: plan.name,
      clientName: plan.clientName,
      ring: candidate.ring,
      version: plan.version,
      versionBefore: candidate.versionBefore,
      plan: {
        state: plan.state,
        why: plan.why,
        hash: plan.hash,
        baseSha256: plan.baseSha256,
        foundAtMs: plan.foundAtMs,
        changes: plan.changes,
      },
      drifted: candidate.drifted,
      goes: why === '' && left === 0 && !isBlocked,
      why,
    },
  }
}

/** The same answer of several agents is one question; those of agents that have nothing to do are none. */
function foldQuestions(placed: readonly Placed[], { ownQuestions, choiceOf }: PreviewParts): PreflightQuestion[] {
  const asked = placed
    .filter(({ idle }) => !idle)
    .flatMap(({ plan, questions }) => questions.map((question) => ({ plan, question })))
  const keyOf = ({ question }: (typeof asked)[number]) =>
    canonicalJson([question.key, question.state, question.words, question.exits])
  const folded = [...Map.groupBy(asked, keyOf).values()].flatMap((same): PreflightQuestion[] => {
    const [first] = same
    if (!first) return []
    const { exits, ...question } = first.question
    return [
      {
        ...question,
        exits: [...exits],
        agents: same.map(({ plan }) => ({
          agentId: plan.agentId,
          name: plan.name,
          choice: choiceOf(plan.agentId, question.key),
        })),
      },
    ]
  })
  const own = ownQuestions.map(
    (question): PreflightQuestion => ({ ...question, exits: [...question.exits], agents: [] }),
  )
  const rank = ({ about }: PreflightQuestion) => abouts.indexOf(about)
  return [...own, ...folded].toSorted((a, b) => rank(a) - rank(b) || b.agents.length - a.agents.length)
}

const yes: Record<PreflightAbout, string> = {
  manifest: 'Everything it needs is confirmed.',
  needs: 'Everything it needs exists there.',
  'two-weeks': 'It would work on the versions of 14 days ago.',
  rules: 'The fixed rules hold after it.',
  version: 'Every version can be given it.',
  machine: 'The machines are in a state to be changed.',
  backup: 'Backups stand where they are needed.',
  client: 'Nobody is away or on hold.',
}

/** Where nobody is asked about, nothing is answered. */
function firstNames(named: readonly { readonly name: string }[]): string {
  const names = named.slice(0, 3).map(({ name }) => name)
  const more = named.length - names.length
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function answersOf(
  questions: readonly PreflightQuestion[],
  oldest: PreflightAnswer,
  isReached: boolean,
): PreflightAnswer[] {
  const answers = abouts.map((about): PreflightAnswer => {
    const own = questions.filter((question) => question.about === about)
    const [worst] = own.toSorted((a, b) => Number(b.state === 'blocked') - Number(a.state === 'blocked'))
    if (!worst && !isReached && about !== 'manifest')
      return { about, state: 'cant-tell', words: 'It reaches no agent.' }
    if (!worst) return { about, state: 'ok', words: yes[about] }
    const who = worst.agents.length === 0 ? '' : `${firstNames(worst.agents)}: `
    return { about, state: worst.state, words: `${who}${worst.words}` }
  })
  const at = abouts.indexOf('two-weeks') + 1
  return [...answers.slice(0, at), oldest, ...answers.slice(at)]
}

/** What a patch does beside settings and files: "brings folder orders to v2", "runs 2 commands". Pure. */
export function stepsOf(parts: readonly PatchPart[]): string[] {
  const update = parts.find((part) => part.kind === 'update')
  const commands = parts.filter((part) => part.kind === 'command')
  const final = commands.filter(({ undo }) => undo.kind === 'none').length
  return [
    ...(update ? [`updates the runtime to ${update.to}`] : []),
    ...parts.flatMap((part) => (part.kind === 'folder' ? [`brings folder ${part.folder} to ${refName(part.to)}`] : [])),
    ...(commands.length > 0
      ? [`runs ${counted(commands.length, 'command')}${final === 0 ? '' : ` (${final} cannot be undone)`}`]
      : []),
  ]
}

function partsSentence(parts: readonly PatchPart[], going: readonly Placed[]): string[] {
  const paths = new Set(going.flatMap(({ plan }) => plan.changes.map(({ path }) => path)))
  const files = parts.reduce((sum, part) => sum + (part.kind === 'files' ? part.files.length : 0), 0)
  return [
    ...(paths.size > 0 ? [`changes ${counted(paths.size, 'setting')}`] : []),
    ...(files > 0 ? [`writes ${counted(files, 'file')}`] : []),
    ...stepsOf(parts),
  ]
}

/** "Changes 3 settings on 9 agents of 8 clients; 1 left out; 2 with nothing to do." */
function sentenceOf({ patch }: PreviewParts, placed: readonly Placed[], choicesLeft: number): string {
  if (placed.length === 0) return 'It reaches no agent.'
  const mayGo = placed.filter(({ idle, outBy }) => !idle && outBy === null)
  const out = placed.filter(({ outBy, idle }) => outBy !== null && !idle)
  const idle = placed.filter((one) => one.idle)
  const clients = new Set(mayGo.flatMap(({ plan }) => (plan.clientName === null ? [] : [plan.clientName]))).size
  const what = partsSentence(patch.content.parts, mayGo).join(', ')
  const drifted = mayGo.filter((one) => one.drifted > 0)
  const said = [
    mayGo.length === 0
      ? 'Changes nobody'
      : `${what === '' ? 'Changes' : what.charAt(0).toUpperCase() + what.slice(1)}${what === '' ? '' : ' on'} ${counted(mayGo.length, 'agent')}${clients > 0 ? ` of ${counted(clients, 'client')}` : ''}`,
    ...(drifted.length > 0
      ? [
          `on ${drifted.length} of them ${counted(
            drifted.reduce((sum, one) => sum + one.drifted, 0),
            'value',
          )} that drifted go back too`,
        ]
      : []),
    ...(out.length > 0 ? [`${out.length} left out (${firstNames(out.map(({ plan }) => plan))})`] : []),
    ...(idle.length > 0 ? [`${idle.length} with nothing to do`] : []),
    ...(choicesLeft > 0 ? [`${counted(choicesLeft, 'choice')} left`] : []),
  ]
  return `${said.join('; ')}.`
}

/** Who would be changed and how, in the order in which they would go, and what is left to decide. Pure. */
export function buildPreview(parts: PreviewParts): RolloutPreview {
  const { patch, nowMs, oldest, ownQuestions, choiceOf } = parts
  const rank = ({ ring }: Candidate) => rings.indexOf(ring)
  const placed = parts.candidates
    .toSorted((a, b) => rank(a) - rank(b) || (a.plan.name < b.plan.name ? -1 : 1))
    .map((candidate) => place(candidate, parts, ownQuestions.length > 0))
  const questions = foldQuestions(placed, parts)
  const waiting = new Set(placed.filter(({ left }) => left > 0).map(({ plan }) => plan.agentId))
  const choicesLeft = questions.filter(
    ({ agents }) =>
      agents.length === 0 || agents.some(({ agentId, choice }) => choice === null && waiting.has(agentId)),
  ).length
  const going = placed.filter(({ target }) => target.goes)
  const chosen = placed.flatMap(({ plan, questions: own }) =>
    own.flatMap(({ key }) => {
      const choice = choiceOf(plan.agentId, key)
      return choice === null ? [] : [[plan.agentId, key, choice.exit]]
    }),
  )
  const frozen = placed.map(({ target, plan }) => [
    target.agentId,
    target.goes,
    plan.version,
    plan.baseSha256,
    plan.hash,
  ])
  const waves = wavesOf(
    going.map(({ target }) => target),
    parts.class,
    parts.soakOf,
  )
  const isReady = choicesLeft === 0 && going.length > 0
  return {
    patch: {
      patchId: patch.patchId,
      name: patch.content.name,
      revision: patch.revision,
      hash: patch.hash,
      class: parts.class,
      partWords: patch.partWords,
    },
    takenAtMs: nowMs,
    targets: placed.map(({ target }) => target),
    groups: foldPlans(going.map(({ plan }) => plan)),
    waves,
    answers: answersOf(questions, oldest, placed.length > 0),
    questions,
    choicesLeft,
    guard: parts.guardOf(placed.map(({ target }) => target)),
    sentence: sentenceOf(parts, placed, choicesLeft),
    hash: isReady
      ? createHash('sha256')
          .update(canonicalJson([patch.hash, frozen, chosen, waves]))
          .digest('hex')
      : '',
  }
}
