import { createHash } from 'node:crypto'
import {
  type Agent,
  type AgentId,
  type BoxId,
  keptSnapshots,
  type LayerRef,
  type Patch,
  type PatchContent,
  type PatchFolderFile,
  type SnapshotComparison,
  type SnapshotId,
  type SnapshotPatch,
  type SnapshotSummary,
} from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { canonicalJson } from '../base/canonical.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { dateWords } from '../base/words.ts'
import type { Inventory, Undone } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { Overlay } from '../overlay/overlay.ts'
import type { Patches } from '../patch/patch.ts'
import type { Observed } from '../runtimes/observed.ts'
import type { Store } from '../store/store.ts'
import { contentOf, type SnapshotContent } from './content.ts'
import { fetchFiles } from './fetch-files.ts'
import { compareSnapshots, filesBehind, type StoredLine } from './lines.ts'
import { suggestedName } from './name.ts'
import { linesAt, partsOf, problemsOfLines } from './parts.ts'
import { createRows, type StoredSnapshot } from './rows.ts'
import { comparisonIn, contentIn, type StoredComparison, summaryOf } from './stored.ts'

interface Chosen {
  readonly snapshotId: SnapshotId
  readonly layer: LayerRef
  readonly lineIds: readonly string[]
}

/** What was changed by hand on a machine, from two snapshots of it, as a patch. Nothing here changes a machine. */
export interface Snapshots {
  /** Newest first. */
  list(asked: { boxId?: BoxId | undefined }): SnapshotSummary[]
  /** @throws FaultError any connection or answer fault; `not-found`: the agent is not there. */
  take(asked: { agentId: AgentId; note: string }, signal?: AbortSignal): Promise<Undone<{ snapshot: SnapshotSummary }>>
  /** @throws FaultError `not-found`. */
  remove(asked: { snapshotId: SnapshotId }): Undone<object>
  /** @throws FaultError any connection or answer fault; `not-found`. */
  compare(asked: { snapshotId: SnapshotId }, signal?: AbortSignal): Promise<SnapshotComparison>
  /** @throws FaultError `not-found`. */
  comparison(asked: { snapshotId: SnapshotId }): SnapshotComparison
  /** @throws FaultError `not-found`: it carries no text. */
  fileText(asked: { snapshotId: SnapshotId; lineId: string }): { lines: string[]; moreLines: number }
  /** @throws FaultError `not-found`. */
  preview(asked: Chosen): Promise<SnapshotPatch>
  /** @throws FaultError `not-found`, `plan-stale`, `invalid-input`, `already-exists`. */
  save(
    asked: Chosen & { hash: string; name: string; why: PatchContent['why']; author: string },
  ): Promise<Undone<{ patch: Patch }>>
}

export interface SnapshotsParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: Pick<Inventory, 'box' | 'agents' | 'folders' | 'fingerprintKey' | 'record'>
  readonly overlay: Pick<Overlay, 'merged' | 'plans' | 'edited' | 'labelOf' | 'known'>
  readonly patches: Pick<Patches, 'propose' | 'save' | 'list' | 'wordsOf'>
  readonly onbox: Pick<Onbox, 'fileText'>
  /** One whole look at a machine, kept as every look is. @throws FaultError why it did not answer. */
  readonly look: (boxId: BoxId, signal: AbortSignal) => Promise<Observed>
  /** For one question to a machine. */
  readonly deadlineMs: () => number
  readonly clock: Clock
  readonly changes: Changes
  readonly actor: SnapshotSummary['by']
}

const mostTextLines = 2000
const textLineChars = 1000
/** So many settings are tried each by itself. */
const mostAlone = 40
/** All files of a comparison have so many times what one question has. */
const filesMay = 4

export function createSnapshots(parts: SnapshotsParts): Snapshots {
  const { store, ledger, inventory, overlay, patches, onbox, clock, changes, actor } = parts
  const rows = createRows(store.db)

  const agentOf = (agentId: AgentId): Agent => {
    const agent = inventory.agents().find((one) => one.agentId === agentId)
    if (agent === undefined) throw new FaultError({ code: 'not-found', what: 'agent' })
    return agent
  }
  const row = (snapshotId: SnapshotId): StoredSnapshot => {
    const found = rows.one(snapshotId)
    if (found === null) throw new FaultError({ code: 'not-found', what: 'snapshot' })
    return found
  }
  const summary = (of: StoredSnapshot): SnapshotSummary =>
    summaryOf(of, { boxName: inventory.box(of.boxId).name, profile: agentOf(of.agentId).profile })

  const lookAt = async (agentId: AgentId, signal: AbortSignal): Promise<SnapshotContent> => {
    const { boxId, stateDir, profile } = agentOf(agentId)
    const observed = await parts.look(boxId, signal)
    const agent = observed.agents.find((one) => untrusted(one.stateDir, 4000) === stateDir)
    const boxName = inventory.box(boxId).name
    if (agent === undefined)
      throw new FaultError({ code: 'not-found', what: `agent ${profile} on ${boxName} any more` })
    const names = new Map<string, string>(inventory.folders({ boxId }).map((folder) => [folder.folderId, folder.name]))
    return contentOf(agent, observed, (folderId) => names.get(folderId) ?? null)
  }

  const written = (agent: Agent, note: string, content: SnapshotContent): StoredSnapshot => ({
    snapshotId: newId<SnapshotId>(),
    boxId: agent.boxId,
    agentId: agent.agentId,
    atMs: clock.nowMs(),
    by: actor,
    note,
    contentJson: JSON.stringify(content),
    comparisonJson: null,
  })
  /** The oldest of the machine make room for it. */
  const keep = (snapshot: StoredSnapshot, except: SnapshotId): void => {
    rows.insert(snapshot)
    rows.dropOldest(snapshot.boxId, except, keptSnapshots)
  }

  const layersFor = (agentId: AgentId): SnapshotComparison['layers'] =>
    overlay
      .merged({ agentId })
      .layers.filter(({ layer }) => layer.kind !== 'agent')
      .map(({ layer, label }) => ({ layer, label }))
  /** What the lab found out is for everybody; what was done on a client's machine is for that machine until somebody says more. */
  const meantFor = (boxId: BoxId): LayerRef => {
    const { ring, clientId } = inventory.box(boxId)
    return ring === 'lab' || clientId === null ? { kind: 'fleet', key: '' } : { kind: 'box', key: boxId }
  }

  const filesOf = (snapshotId: SnapshotId, lines: readonly StoredLine[]): PatchFolderFile[] =>
    lines.flatMap(({ piece }) => {
      if (piece.kind !== 'file' || piece.file.sha256 === null) return []
      const content = rows.file(snapshotId, piece.file.sha256)
      const base64 = content === null ? null : Buffer.from(content).toString('base64')
      return base64 === null ? [] : [{ path: piece.file.path, base64 }]
    })

  /** A rule over a whole agent names no setting: which of them alone would break it? */
  const refusedAlone = (lines: readonly StoredLine[], layer: LayerRef): SnapshotPatch['problems'] =>
    lines
      .filter(({ kind }) => kind === 'setting')
      .slice(0, mostAlone)
      .flatMap((line) => {
        const [part] = partsOf([line], layer)
        const [problem] = part?.kind === 'overlay' ? overlay.edited(layer, part).problems : []
        return problem === undefined ? [] : [{ lineId: line.lineId, words: problem.words }]
      })

  /** Lines that something refuses are not in the patch until somebody says so. */
  const withRefusals = async (after: StoredSnapshot, lines: readonly StoredLine[]): Promise<StoredLine[]> => {
    const layer = meantFor(after.boxId)
    const chosen = lines.filter((line) => line.chosen)
    const patchParts = partsOf(chosen, layer)
    if (patchParts.length === 0) return [...lines]
    const { problems } = await patches.propose({ parts: patchParts, files: filesOf(after.snapshotId, chosen) })
    const told = problemsOfLines(chosen, problems)
    const alone = told.some(({ lineId }) => lineId === null) ? refusedAlone(chosen, layer) : []
    const refused = new Map(
      [...told, ...alone].flatMap(({ lineId, words }) => (lineId === null ? [] : [[lineId, words]])),
    )
    return lines.map((line) => {
      const words = refused.get(line.lineId)
      const where = line.kind === 'setting' ? `${overlay.labelOf(layer)}: ` : ''
      return words === undefined ? line : { ...line, chosen: false, note: `${where}${words}` }
    })
  }

  const toComparison = (after: StoredSnapshot, { before, lines, leftOut }: StoredComparison): SnapshotComparison => ({
    before,
    after: summary(after),
    lines: lines.map(({ piece: _, ...line }) => line),
    leftOut,
    layers: layersFor(after.agentId),
    layer: meantFor(after.boxId),
    name: suggestedName(
      inventory.box(after.boxId).name,
      patches.list().map(({ name }) => name),
    ),
  })

  /** Those lines, in the order they stand in. @throws FaultError `not-found` for one that is not there. */
  const picked = ({
    snapshotId,
    lineIds,
  }: Chosen): { after: StoredSnapshot; before: StoredComparison['before']; lines: StoredLine[] } => {
    const after = row(snapshotId)
    const { before, lines } = comparisonIn(after)
    const wanted = new Set(lineIds)
    const found = lines.filter(({ lineId }) => wanted.has(lineId))
    if (found.length !== wanted.size) throw new FaultError({ code: 'not-found', what: 'line of this comparison' })
    return { after, before, lines: found }
  }
  const hashOf = (patchParts: PatchContent['parts']): string =>
    createHash('sha256').update(canonicalJson(patchParts)).digest('hex')

  /** Where the machine that it comes from would change itself: a narrower layer of it says something else. */
  const remarksOn = (
    { agentId, boxId }: StoredSnapshot,
    lines: readonly StoredLine[],
    [part]: PatchContent['parts'],
  ): SnapshotPatch['remarks'] => {
    if (part?.kind !== 'overlay') return []
    const { content } = overlay.edited(part.layer, part)
    if (content === null) return []
    const plan = overlay.plans.instead([{ layer: part.layer, content }])
    if (!plan.reached.includes(agentId)) return []
    const boxName = inventory.box(boxId).name
    return plan.of(agentId).changes.flatMap(({ path, after, fromLabel }) =>
      linesAt(lines, path).map(({ lineId }) => ({
        lineId,
        words: `${boxName} itself would come to ${after === null ? 'nothing' : `“${after}”`} there: its layer ${fromLabel || 'in between'} says so.`,
      })),
    )
  }

  const proposed = async (asked: Chosen) => {
    const { after, before, lines } = picked(asked)
    const layer = overlay.known(asked.layer)
    const patchParts = partsOf(lines, layer)
    const files = filesOf(after.snapshotId, lines)
    const { problems, ...proposal } = await patches.propose({ parts: patchParts, files })
    return { after, before, lines, patchParts, files, problems, proposal, hash: hashOf(patchParts) }
  }

  return {
    list({ boxId }) {
      const known = new Set(inventory.agents().map(({ agentId }) => agentId))
      return (boxId === undefined ? rows.all() : rows.ofBox(boxId))
        .filter(({ agentId }) => known.has(agentId))
        .map(summary)
    },
    async take({ agentId, note }, signal = new AbortController().signal) {
      const agent = agentOf(agentId)
      const content = await lookAt(agentId, signal)
      const boxName = inventory.box(agent.boxId).name
      return inventory.record(() => {
        const snapshot = written(agent, note, content)
        const isFull = rows.ofBox(agent.boxId).length >= keptSnapshots
        keep(snapshot, snapshot.snapshotId)
        const oldest = isFull ? ` The oldest of it was dropped: ${keptSnapshots} are kept a machine.` : ''
        return {
          result: { snapshot: summary(snapshot) },
          said: {
            kind: 'snapshot.taken',
            boxId: agent.boxId,
            words: `{box}: a snapshot of ${agent.profile} was taken.`,
            sentence: `A snapshot of ${boxName} is kept. Change the machine, then compare.${oldest}`,
          },
          inverse: {
            kind: 'snapshot.taken-back',
            boxId: agent.boxId,
            words: '{box}: the snapshot was taken back.',
            sentence: `The snapshot of ${boxName} is gone.`,
            act: () => rows.remove(snapshot.snapshotId),
          },
        }
      })
    },
    remove({ snapshotId }) {
      return inventory.record(() => {
        const gone = row(snapshotId)
        const files = rows.files(snapshotId)
        const { name } = inventory.box(gone.boxId)
        const when = dateWords(gone.atMs)
        rows.remove(snapshotId)
        return {
          result: {},
          said: {
            kind: 'snapshot.removed',
            boxId: gone.boxId,
            words: `{box}: the snapshot of ${when} was removed.`,
            sentence: `The snapshot of ${name} is gone.`,
          },
          inverse: {
            kind: 'snapshot.back',
            boxId: gone.boxId,
            words: `{box}: the snapshot of ${when} is back.`,
            sentence: `The snapshot of ${name} is back.`,
            act: () => {
              rows.insert(gone)
              for (const file of files) rows.putFile(snapshotId, file)
            },
          },
        }
      })
    },
    async compare({ snapshotId }, signal = new AbortController().signal) {
      const earlier = row(snapshotId)
      const before = contentIn(earlier)
      const agent = agentOf(earlier.agentId)
      const { boxId, agentId, stateDir } = agent
      const after = await lookAt(agentId, signal)
      const note = `Compared with ${dateWords(earlier.atMs)}`
      const snapshot = written(agent, note, after)
      store.write(() => keep(snapshot, snapshotId))
      changes.publish('inventory')
      const fetched = await fetchFiles(
        { boxId, stateDir, fingerprintKey: inventory.fingerprintKey(boxId) },
        filesBehind(before, after),
        { onbox, clock, signal, deadlineMs: parts.deadlineMs(), allMs: filesMay * parts.deadlineMs() },
      )
      const { lines, leftOut } = compareSnapshots(before, after, {
        fetched: (path) => fetched.get(path) ?? { why: 'It was not fetched.' },
        inSections: overlay.plans.inSections(agentId),
      })
      const about = { snapshotId, atMs: earlier.atMs, note: earlier.note }
      store.write(() => {
        for (const line of lines) {
          const one = line.piece.kind === 'file' ? fetched.get(line.piece.file.path) : undefined
          if (line.piece.kind === 'file' && line.piece.file.sha256 !== null && one !== undefined && 'bytes' in one)
            rows.putFile(snapshot.snapshotId, { sha256: line.piece.file.sha256, content: one.bytes })
        }
      })
      const judged = { before: about, lines: await withRefusals(snapshot, lines), leftOut }
      store.write(() => {
        rows.compared(snapshot.snapshotId, JSON.stringify(judged))
        ledger.append({
          actor,
          kind: 'snapshot.compared',
          boxId,
          words: `{box}: compared with its snapshot of ${dateWords(earlier.atMs)}: ${lines.length} differences that a patch can carry, ${leftOut.length} that none does.`,
        })
      })
      changes.publish('inventory', 'ledger')
      return toComparison(row(snapshot.snapshotId), judged)
    },
    comparison({ snapshotId }) {
      const after = row(snapshotId)
      return toComparison(after, comparisonIn(after))
    },
    fileText({ snapshotId, lineId }) {
      const line = comparisonIn(row(snapshotId)).lines.find((one) => one.lineId === lineId)
      const sha256 = line?.piece.kind === 'file' ? line.piece.file.sha256 : null
      const content = sha256 === null ? null : rows.file(snapshotId, sha256)
      if (content === null) throw new FaultError({ code: 'not-found', what: 'text of this line' })
      const lines = Buffer.from(content).toString('utf8').split('\n')
      return {
        lines: lines.slice(0, mostTextLines).map((text) => untrusted(text, textLineChars)),
        moreLines: Math.max(0, lines.length - mostTextLines),
      }
    },
    async preview(asked) {
      const { after, lines, patchParts, problems, proposal, hash } = await proposed(asked)
      return {
        ...proposal,
        partWords: patches.wordsOf(patchParts),
        problems: problemsOfLines(lines, problems),
        remarks: remarksOn(after, lines, patchParts),
        hash,
      }
    },
    async save({ hash, name, why, author, ...asked }) {
      const { after, before, patchParts, files, proposal, hash: now } = await proposed(asked)
      const { name: boxName } = inventory.box(after.boxId)
      if (now !== hash)
        throw new FaultError({
          code: 'plan-stale',
          boxName,
          why: 'What the chosen lines come to is not what was shown.',
        })
      return patches.save({
        patchId: null,
        baseRevision: 0,
        content: {
          name,
          why,
          author,
          class: proposal.class,
          parts: patchParts,
          needs: [],
          verify: [],
          capability: null,
        },
        files,
        because: `what changed on ${boxName} between ${dateWords(before.atMs)} and ${dateWords(after.atMs)}`.slice(
          0,
          300,
        ),
      })
    },
  }
}
