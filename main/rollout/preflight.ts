import type {
  AgentPlan,
  ClientSpan,
  Fact,
  FactKey,
  ManifestLine,
  PatchPart,
  PreflightAbout,
  PreflightExit,
} from '../../shared/contract/index.ts'
import { dateWords } from '../base/words.ts'
import { needWords } from '../patch/patch.ts'
import { isNear, judgeNeed, type Known } from './judge-need.ts'
import { updateQuestions } from './preflight-update.ts'

/** Everything that is known of one agent, as it was read last. */
export interface Evidence {
  readonly plan: AgentPlan
  readonly staleBeforeMs: number
  readonly now: Known
  /** As it was 14 days ago. */
  readonly before: Known
  readonly facts: readonly Pick<Fact, 'key' | 'agentId' | 'instance' | 'verdict' | 'text'>[]
  /** Names of the tracked folders of the machine. */
  readonly folders: readonly string[]
  readonly hold: Pick<ClientSpan, 'untilMs' | 'reason'> | null
  readonly pause: Pick<ClientSpan, 'untilMs' | 'reason'> | null
  /** `triedAtMs` null: the drill was never run there. */
  readonly wayBack: { readonly proven: boolean; readonly triedAtMs: number | null; readonly words: string }
}

/** An answer about one agent that is not yes. */
export interface Question {
  readonly key: string
  readonly about: PreflightAbout
  readonly state: 'blocked' | 'cant-tell'
  readonly words: string
  readonly evidence: string
  readonly exits: readonly PreflightExit[]
}

/** A16: what is missing has these ways out and no other. */
const missingExits: readonly PreflightExit[] = ['update-first', 'exclude', 'guarded']
const unsureExits: readonly PreflightExit[] = ['exclude', 'accept']

function needQuestions(needs: readonly ManifestLine[], about: 'needs' | 'two-weeks', known: Known): Question[] {
  return needs.flatMap(({ need, from, state }): Question[] => {
    if (state === 'dropped') return []
    const answer = judgeNeed(need, known)
    if (answer.state === 'ok') return []
    const isMissing = answer.state === 'missing'
    const lead =
      about === 'needs' ? '' : `As it was 14 days ago${known.version === null ? '' : ` (${known.version})`}: `
    return [
      {
        key: `${about}/${needWords(need)}`.slice(0, 300),
        about,
        state: isMissing ? 'blocked' : 'cant-tell',
        words: `${lead}${needWords(need)}: ${answer.words.replace(/\.$/, '')}.`,
        evidence: `needed by ${from}`,
        exits: isMissing ? missingExits : unsureExits,
      },
    ]
  })
}

interface Watched {
  readonly key: FactKey
  readonly about: PreflightAbout
  readonly words: string
  /** Of which parts it is asked; absent: of every patch. */
  readonly of?: PatchPart['kind']
  /** May it go there all the same, when a person says so? */
  readonly may: boolean
}

const watched: readonly Watched[] = [
  { key: 'system.disk', about: 'machine', words: 'Free disk', may: false },
  { key: 'system.clock', about: 'machine', words: 'Clock', may: true },
  { key: 'system.restart', about: 'machine', words: 'A restart waits', may: true },
  { key: 'change.open', about: 'machine', words: 'A change is half-way', may: false },
  { key: 'version.patches', about: 'machine', words: 'Local patches would be lost', of: 'update', may: true },
  { key: 'code.edited', about: 'machine', words: 'Edited there', of: 'folder', may: false },
  { key: 'backup.last', about: 'backup', words: 'Last backup', of: 'update', may: true },
]

function factQuestions(parts: readonly PatchPart[], { facts }: Evidence): Question[] {
  const kinds = new Set(parts.map(({ kind }) => kind))
  const folders = new Set(parts.flatMap((part) => (part.kind === 'folder' ? [part.folder] : [])))
  return watched.flatMap(({ key, about, words, of, may }): Question[] => {
    if (of !== undefined && !kinds.has(of)) return []
    const found = facts.filter((fact) => fact.key === key && (of !== 'folder' || folders.has(fact.instance)))
    if (found.length === 0)
      return key === 'change.open' || of === 'folder'
        ? []
        : [
            {
              key: `${about}/${key}`,
              about,
              state: 'cant-tell',
              words: `${words}: it was never read.`,
              evidence: key,
              exits: unsureExits,
            },
          ]
    return found.flatMap(({ verdict, text, instance }): Question[] => {
      if (verdict === 'ok') return []
      const isUnknown = verdict === 'unknown'
      const name = instance === '' ? words : `${words}, ${instance}`
      return [
        {
          key: `${about}/${[key, instance].filter(Boolean).join(' ')}`,
          about,
          state: isUnknown ? 'cant-tell' : 'blocked',
          words: `${name}: ${text}.`,
          evidence: key,
          exits: isUnknown || may || (key === 'system.disk' && verdict === 'warn') ? unsureExits : ['exclude'],
        },
      ]
    })
  })
}

/** A setting that the manifest asks for is one question, not also one about the version. */
const isAsked = (path: string, needs: readonly ManifestLine[]): boolean =>
  needs.some(({ need, state }) => need.kind === 'setting' && state !== 'dropped' && isNear(need.path, path))

function planQuestions(needs: readonly ManifestLine[], { plan, staleBeforeMs }: Evidence): Question[] {
  const blocked = (about: PreflightAbout, key: string, words: string, exits: readonly PreflightExit[]): Question => ({
    key: `${about}/${key}`,
    about,
    state: 'blocked',
    words,
    evidence: plan.foundAtMs === null ? 'never read' : `read ${dateWords(plan.foundAtMs)}`,
    exits,
  })
  if (plan.state === 'unread') return [blocked('version', 'unread', plan.why, ['exclude'])]
  const rules = plan.refusals.map(({ path, words }) =>
    blocked('rules', path.slice(0, 200), [path, words].filter(Boolean).join(': '), ['exclude']),
  )
  const left = plan.cannot.filter(({ path }) => !isAsked(path, needs))
  const cannot = left.map(({ path, words }) =>
    blocked('version', path.slice(0, 200), `${plan.version} cannot be given ${path}: ${words}`, missingExits),
  )
  const isStale = plan.foundAtMs !== null && plan.foundAtMs < staleBeforeMs
  const stale: Question[] = isStale
    ? [{ ...blocked('version', 'stale', 'It was not read lately: sweep it.', unsureExits), state: 'cant-tell' }]
    : []
  return [...rules, ...cannot, ...stale]
}

function otherQuestions(parts: readonly PatchPart[], { hold, pause, wayBack, folders }: Evidence): Question[] {
  const span = (key: string, words: string, of: Evidence['hold'], exits: readonly PreflightExit[]): Question[] =>
    of === null
      ? []
      : [
          {
            key: `client/${key}`,
            about: 'client',
            state: 'blocked',
            words: `${words} until ${dateWords(of.untilMs)}.`,
            evidence: of.reason,
            exits,
          },
        ]
  const lacking = parts.flatMap((part): Question[] =>
    part.kind !== 'folder' || folders.includes(part.folder)
      ? []
      : [
          {
            key: `needs/folder ${part.folder}`,
            about: 'needs',
            state: 'blocked',
            words: `It has no tracked folder ${part.folder}.`,
            evidence: 'its tracked folders',
            exits: ['exclude'],
          },
        ],
  )
  return [
    ...lacking,
    ...(wayBack.proven
      ? []
      : [
          {
            key: wayBack.triedAtMs === null ? 'machine/way-back' : 'machine/drill-failed',
            about: 'machine' as const,
            state: 'blocked' as const,
            words:
              wayBack.triedAtMs === null
                ? 'It has not shown that a change goes back by itself.'
                : 'Its drill did not show that a change goes back by itself.',
            evidence: wayBack.words,
            exits: ['exclude' as const],
          },
        ]),
    ...span('hold', 'No changes at this client', hold, ['exclude']),
    ...span('pause', 'The client is away', pause, unsureExits),
  ]
}

/**
 * Every answer about an agent that is not yes, from evidence alone: does what the patch needs exist there, would it on the
 * version of 14 days ago, do the fixed rules hold after it, is the machine in a state to be changed. Pure.
 */
export function preflight(parts: readonly PatchPart[], needs: readonly ManifestLine[], evidence: Evidence): Question[] {
  const plans = planQuestions(needs, evidence)
  if (evidence.plan.state === 'unread') return plans
  const { now, before } = evidence
  const all = [
    ...needQuestions(needs, 'needs', now),
    // The same version has the same answers.
    ...(before.version !== null && before.version === now.version ? [] : needQuestions(needs, 'two-weeks', before)),
    ...plans,
    ...updateQuestions(parts, evidence),
    ...factQuestions(parts, evidence),
    ...otherQuestions(parts, evidence),
  ]
  return [...new Map(all.map((question) => [question.key, question])).values()]
}
