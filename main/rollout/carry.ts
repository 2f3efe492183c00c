import type {
  AgentId,
  AgentPlan,
  BoxId,
  CarriedCommand,
  CarriedFile,
  CarriedFolder,
  LayerContent,
  LayerRef,
  Patch,
  PatchPart,
  RolloutPreview,
  TrackedFolder,
} from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { type LayerEdit, type Overlay, planHash } from '../overlay/overlay.ts'
import type { LanePlan } from './run-rows.ts'

/** The edits of each layer as one, in the order of the parts. */
export function editsOf({ parts }: Patch['content']): { layer: LayerRef; edit: LayerEdit }[] {
  const edits = new Map<string, { layer: LayerRef; edit: LayerEdit }>()
  for (const part of parts) {
    if (part.kind !== 'overlay') continue
    const key = `${part.layer.kind}:${part.layer.key}`
    const before = edits.get(key)?.edit ?? { set: {}, reset: [] }
    const kept = Object.entries(before.set).filter(
      ([path]) => !part.reset.some((reset) => path === reset || path.startsWith(`${reset}.`)),
    )
    edits.set(key, {
      layer: part.layer,
      edit: { set: { ...Object.fromEntries(kept), ...part.set }, reset: [...before.reset, ...part.reset] },
    })
  }
  return [...edits.values()]
}

/** Files of a patch as they are carried; of the same path the later one. */
export function filesOf(parts: readonly PatchPart[]): CarriedFile[] {
  const files = parts.flatMap((part) => (part.kind === 'files' ? part.files : []))
  return [
    ...new Map(
      files.map(({ path, sha256, mode, back }) => [
        path,
        { path, sha256, executable: mode === '0700' || mode === '0755', mode, back },
      ]),
    ).values(),
  ]
}

type CommandPart = Extract<PatchPart, { kind: 'command' }>

const firstOther = (parts: readonly PatchPart[]): number => parts.findIndex(({ kind }) => kind !== 'command')
const lastOther = (parts: readonly PatchPart[]): number => parts.findLastIndex(({ kind }) => kind !== 'command')

/**
 * Commands of a patch as they are carried: all else of it is put in place at one moment, and they run right before it or right
 * after it. A patch of nothing but commands has no such moment of its own: they come after it.
 */
export const commandsOf = (parts: readonly PatchPart[]): CarriedCommand[] =>
  parts.flatMap((part, at) =>
    part.kind !== 'command'
      ? []
      : [
          {
            run: part.run,
            undo: part.undo.kind === 'run' ? part.undo.run : null,
            deadlineS: part.deadlineS,
            when: at < firstOther(parts) ? ('before' as const) : ('after' as const),
          },
        ],
  )

/** Commands that stand between other parts: a run has no such moment. Pure. */
export const commandsBetween = (parts: readonly PatchPart[]): CommandPart[] =>
  parts.filter(
    (part, at): part is CommandPart => part.kind === 'command' && at > firstOther(parts) && at < lastOther(parts),
  )

/** Why a run does not carry these parts, after "It has"; empty: it does. Pure. */
function whyNotCarried(parts: readonly PatchPart[]): string {
  if (commandsBetween(parts).length > 0) return 'a command between other parts'
  const updates = parts.filter((part) => part.kind === 'update')
  if (updates.some(({ from }) => from === 'git'))
    return 'an update to a commit of git, which a run cannot carry out yet: it updates packages of npm'
  return updates.length > 1 ? 'more than one update of the runtime' : ''
}

/** @throws FaultError `invalid-input` for a patch with a part that no run carries yet. */
export function refuseParts({ parts }: Patch['content']): void {
  const why = whyNotCarried(parts)
  if (why !== '')
    throw new FaultError({ code: 'invalid-input', field: 'Patch', detail: `It has ${why}. Nothing was begun.` })
}

/** The version that a patch brings, as far as a run brings one; null: the runtime stays as it is. */
export const versionOf = (parts: readonly PatchPart[]): string | null =>
  parts.find((part) => part.kind === 'update' && part.from === 'package')?.to ?? null

/** @throws FaultError `guarded` for a change of behaviour that nobody asked for, or that still waits. */
export function refuseGuarded({ guard, patch }: Pick<RolloutPreview, 'guard' | 'patch'>): void {
  if (guard === null || guard.state === 'ready') return
  const untilMs = guard.state === 'cooling' ? (guard.answer?.waitsUntilMs ?? null) : null
  throw new FaultError({ code: 'guarded', what: patch.name, why: guard.words, untilMs })
}

/** Tracked folders of a patch on a machine that has them; of the same one the later part. */
const foldersOf = (parts: readonly PatchPart[], tracked: readonly TrackedFolder[]): CarriedFolder[] => [
  ...new Map(
    parts.flatMap((part): [string, CarriedFolder][] => {
      const found = part.kind === 'folder' ? tracked.find(({ name }) => name === part.folder) : undefined
      if (part.kind !== 'folder' || found === undefined) return []
      const { name, path } = found
      return [[name, { name, path, to: part.to, at: null, branch: '' }]]
    }),
  ).values(),
]

/** What a plan and the patch's own parts are together, as they are sent. `tracked`: folders of its machine. */
export function lanePlanOf({ parts }: Patch['content'], plan: AgentPlan, tracked: readonly TrackedFolder[]): LanePlan {
  const own = filesOf(parts)
  const paths = new Set(own.map(({ path }) => path))
  const files = [...plan.files.filter(({ path }) => !paths.has(path)), ...own]
  const { boxId, agentId, baseSha256, version, operations: changes } = plan
  const to = versionOf(parts)
  const update = to === null || to === version ? null : { from: version, to }
  const commands = commandsOf(parts)
  const folders = foldersOf(parts, tracked)
  return {
    hash:
      baseSha256 === ''
        ? ''
        : planHash({
            boxId,
            agentId,
            baseSha256,
            operations: changes,
            files,
            update: update?.to,
            steps: [...commands, ...folders],
          }),
    baseSha256,
    changes,
    files,
    update,
    commands,
    folders,
  }
}

/** Plans of a patch, one agent at a time; what the edited layers would say is worked out once for as long as they stand. */
export function createCarrier(
  overlay: Pick<Overlay, 'edited' | 'plans' | 'layers'>,
  tracked: (boxId: BoxId) => readonly TrackedFolder[],
  { content }: Pick<Patch, 'content'>,
) {
  const edits = editsOf(content)
  let kept: { at: string; contents: { layer: LayerRef; content: LayerContent }[] } | null = null
  const contents = () => {
    const revisions = overlay.layers().map(({ layer, revision }) => `${layer.kind}:${layer.key}:${revision}`)
    const at = revisions.join('\n')
    if (kept?.at !== at)
      kept = {
        at,
        contents: edits.flatMap(({ layer, edit }) => {
          const { content: edited } = overlay.edited(layer, edit)
          return edited === null ? [] : [{ layer, content: edited }]
        }),
      }
    return kept.contents
  }
  return {
    contents,
    planOf(agentId: AgentId): { plan: AgentPlan; lane: LanePlan } {
      const plan = overlay.plans.instead(contents()).of(agentId)
      return { plan, lane: lanePlanOf(content, plan, tracked(plan.boxId)) }
    },
  }
}
