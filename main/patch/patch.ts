import {
  type ManifestLine,
  type Patch,
  type PatchCheck,
  PatchContent,
  type PatchFolderFile,
  type PatchId,
  type PatchImport,
  type PatchProblem,
  type PatchSummary,
  type Proposal,
} from '../../shared/contract/index.ts'
import { canonicalJson } from '../base/canonical.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { counted, dateWords } from '../base/words.ts'
import type { Inventory, Undone } from '../inventory/inventory.ts'
import type { Overlay } from '../overlay/overlay.ts'
import { isAtLeast } from '../runtimes/runtimes.ts'
import { knowsSetting } from '../runtimes/setting-schema.ts'
import type { Schemas } from '../schemas/schemas.ts'
import type { Store } from '../store/store.ts'
import { patchProblems } from './check.ts'
import { isAtLeastClass } from './class-of.ts'
import { readPatch, writePatch } from './folder.ts'
import { patchHash, sha256Of } from './hash.ts'
import { type ProposeParts, propose } from './propose.ts'
import { loadParser } from './read-code.ts'
import { createRows, type StoredPatch } from './rows.ts'
import { partWords } from './words.ts'

export { needWords } from '../../shared/need-words.ts'
export { isAtLeastClass } from './class-of.ts'

type Saved = Undone<{ patch: Patch }>
type Which = { patchId: PatchId; revision?: number | undefined }

/** Changes with a name: what they do, what they need on a machine, how they show that they work. Nothing here touches a box. */
export interface Patches {
  list(): PatchSummary[]
  /** @throws FaultError `not-found`; `invalid-input` where a row cannot be read. */
  get(which: Which): Promise<Patch>
  history(asked: { patchId: PatchId }): PatchSummary[]
  propose(asked: {
    parts: PatchContent['parts']
    files: readonly PatchFolderFile[]
  }): Promise<Proposal & { problems: PatchProblem[] }>
  /** Each part in a sentence. */
  wordsOf(parts: PatchContent['parts']): string[]
  /** @throws FaultError `invalid-input`, `changed-meanwhile`, `already-exists`, `not-found`. */
  save(asked: {
    patchId: PatchId | null
    baseRevision: number
    content: PatchContent
    files: readonly PatchFolderFile[]
    because: string
  }): Promise<Saved>
  confirm(asked: { patchId: PatchId; baseRevision: number }): Promise<Saved>
  restore(asked: { patchId: PatchId; baseRevision: number; revision: number; because: string }): Promise<Saved>
  /** Content of a file that a patch carries; null: it is not here. */
  fileContent(sha256: string): Uint8Array | null
  exportFiles(which: Which): PatchFolderFile[]
  previewImport(asked: { files: readonly PatchFolderFile[] }): Promise<PatchImport>
  importFiles(asked: { files: readonly PatchFolderFile[]; baseRevision: number; because: string }): Promise<Saved>
}

export interface PatchesParts {
  readonly store: Store
  readonly inventory: Pick<Inventory, 'record'>
  readonly overlay: Pick<Overlay, 'edited' | 'known' | 'nameOf' | 'layerOf' | 'labelOf'>
  readonly schemas: Pick<Schemas, 'known' | 'ofVersion'>
  /** `engines.node` of a version of the runtime; null: nobody said yet. */
  readonly nodeFor: (version: string) => string | null
  readonly clock: Clock
  readonly actor: PatchSummary['by']
}

/** Every patch shows these, whatever else it shows. */
const always: readonly PatchCheck[] = [{ kind: 'ready' }, { kind: 'channels' }, { kind: 'rules' }]
const alwaysKinds = new Set(always.map(({ kind }) => kind))

const openLines = (needs: readonly ManifestLine[]): number => needs.filter(({ state }) => state === 'proposed').length

/** Has the manifest this need already, in whatever state? */
const isNamed = (needs: readonly ManifestLine[], { need }: Proposal['needs'][number]): boolean =>
  needs.some(({ need: own }) =>
    need.kind === 'module' && own.kind === 'module'
      ? own.name === need.name && need.exports.every((name) => own.exports.includes(name))
      : canonicalJson(own) === canonicalJson(need),
  )

/** What a row holds, or why it is no patch: a row may have been edited. */
function readContent({ contentJson, hash, revision }: StoredPatch): PatchContent | string {
  let value: unknown
  try {
    value = JSON.parse(contentJson)
  } catch {
    return `Revision ${revision} cannot be read: what the store holds is no JSON.`
  }
  const parsed = PatchContent.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return `Revision ${revision} cannot be read: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is no patch'}.`
  }
  return patchHash(parsed.data) === hash
    ? parsed.data
    : `Revision ${revision} is not what was saved: its hash is another.`
}

function refuse([first, ...more]: readonly PatchProblem[]): void {
  if (!first) return
  throw new FaultError({
    code: 'invalid-input',
    field: first.place,
    detail: `${first.words}${more.length > 0 ? ` And ${counted(more.length, 'more problem')}.` : ''} Nothing was saved.`,
  })
}

export function createPatches(parts: PatchesParts): Patches {
  const { store, inventory, overlay, schemas, clock, actor } = parts
  const rows = createRows(store.db)
  let parser: ReturnType<typeof loadParser> | null = null

  /** A row whose bytes are not those of its name is as good as none. */
  const stored = (sha256: string): Uint8Array | null => {
    const content = rows.file(sha256)
    return content !== null && sha256Of(content) === sha256 ? content : null
  }
  const withFiles = (files: readonly PatchFolderFile[]) => {
    const given = new Map(
      files.map(({ base64 }) => {
        const bytes = Buffer.from(base64, 'base64')
        return [sha256Of(bytes), bytes as Uint8Array]
      }),
    )
    return { given, contentOf: (sha256: string) => given.get(sha256) ?? stored(sha256) }
  }
  const knownIn: ProposeParts['knownIn'] = (setting) => {
    const versions = schemas.known().map(({ version }) => version)
    const has = versions.filter((version) => {
      const schema = schemas.ofVersion(version)
      return schema !== null && knowsSetting(schema, setting)
    })
    return { has, lacks: versions.filter((version) => !has.includes(version)) }
  }
  const proposed = async (
    patchParts: PatchContent['parts'],
    contentOf: ProposeParts['contentOf'],
  ): Promise<Proposal> => {
    parser ??= loadParser()
    return propose(patchParts, { contentOf, parse: await parser, nodeFor: parts.nodeFor, knownIn, isAtLeast })
  }
  const problemsOf = (content: PatchContent, contentOf: ProposeParts['contentOf']): PatchProblem[] =>
    patchProblems(content, { contentOf, editProblems: (part) => overlay.edited(part.layer, part).problems })

  /** The same patch in its one form: what every patch has, and every need that nobody named. */
  const whole = (content: PatchContent, proposal: Proposal): PatchContent => ({
    ...content,
    parts: content.parts.map((part) =>
      part.kind === 'overlay' ? { ...part, layer: overlay.known(part.layer) } : part,
    ),
    needs: [
      ...content.needs,
      ...proposal.needs
        .filter((line) => !isNamed(content.needs, line))
        .map((line): ManifestLine => ({ ...line, state: 'proposed', because: '' })),
    ],
    verify: [...always, ...content.verify.filter(({ kind }) => !alwaysKinds.has(kind))],
  })

  const row = ({ patchId, revision }: Which): StoredPatch => {
    const found = revision === undefined ? rows.newestOf(patchId) : rows.one(patchId, revision)
    if (found === null) throw new FaultError({ code: 'not-found', what: 'patch' })
    return found
  }
  const contentIn = (of: StoredPatch): PatchContent => {
    const content = readContent(of)
    if (typeof content !== 'string') return content
    throw new FaultError({ code: 'invalid-input', field: of.name, detail: content })
  }
  const summary = (of: StoredPatch): PatchSummary => {
    const { contentJson: _, ...head } = of
    const content = readContent(of)
    const known = typeof content === 'string' ? null : content
    return {
      ...head,
      class: known?.class ?? null,
      why: known?.why.text ?? '',
      parts: known?.parts.length ?? 0,
      needs: known?.needs.length ?? 0,
      open: openLines(known?.needs ?? []),
      problem: typeof content === 'string' ? content : '',
    }
  }
  const wordsOf: Patches['wordsOf'] = (all) => all.map((part) => partWords(part, ({ layer }) => overlay.labelOf(layer)))
  const toPatch = (of: StoredPatch, content: PatchContent, proposal: Proposal): Patch => {
    const { contentJson: _, name: __, ...head } = of
    return {
      ...head,
      content,
      partWords: wordsOf(content.parts),
      proposal,
      open: openLines(content.needs),
    }
  }

  const write = (
    patchId: PatchId,
    revision: number,
    content: PatchContent,
    how: PatchSummary['how'],
    because: string,
  ) => {
    const contentJson = JSON.stringify(content)
    const head = { patchId, revision, atMs: clock.nowMs(), by: actor, how, because, hash: patchHash(content) }
    rows.insert({ ...head, contentJson })
    return { ...head, name: content.name, contentJson }
  }
  const refuseOld = (patchId: PatchId, baseRevision: number): void => {
    const newest = rows.newestOf(patchId)
    if ((newest?.revision ?? 0) === baseRevision) return
    throw new FaultError({
      code: 'changed-meanwhile',
      what: newest ? `Patch ${newest.name}` : 'The patch',
      detail: newest ? `revision ${newest.revision} of ${dateWords(newest.atMs)}, “${newest.because}”` : 'it is gone',
    })
  }
  const refuseTaken = (name: string, patchId: PatchId | null): void => {
    const other = rows.idOf(name)
    if (other !== null && other !== patchId) throw new FaultError({ code: 'already-exists', what: 'patch', name })
  }
  /** What a hand raised is lowered by no hand: only by another change, or by taking the raise back at once. */
  const refuseLowered = ({ class: now, parts: nowParts }: PatchContent, before: PatchContent): void => {
    if (isAtLeastClass(now, before.class) || canonicalJson(nowParts) !== canonicalJson(before.parts)) return
    refuse([
      { place: 'class', words: `It does what it did and was called ${before.class}. A class is only ever raised.` },
    ])
  }
  const takeBack = (patchId: PatchId, revision: number, before: StoredPatch | null): void => {
    refuseOld(patchId, revision)
    if (before === null) {
      rows.remove(patchId)
      return
    }
    const content = contentIn(before)
    refuseTaken(content.name, patchId)
    rows.rename(patchId, content.name)
    write(patchId, revision + 1, content, 'taken-back', 'Taken back.')
  }

  const saveAs = async (asked: Parameters<Patches['save']>[0] & { how: PatchSummary['how'] }): Promise<Saved> => {
    const { given, contentOf } = withFiles(asked.files)
    const proposal = await proposed(asked.content.parts, contentOf)
    const content = whole(asked.content, proposal)
    refuse(problemsOf(content, contentOf))
    return inventory.record(() => {
      const before = asked.patchId === null ? null : row({ patchId: asked.patchId })
      const patchId = before?.patchId ?? newId<PatchId>()
      refuseOld(patchId, asked.baseRevision)
      refuseTaken(content.name, before?.patchId ?? null)
      if (before !== null && before.hash === patchHash(content))
        throw new FaultError({
          code: 'invalid-input',
          field: content.name,
          detail: `Nothing is different from revision ${before.revision}.`,
        })
      if (before !== null) refuseLowered(content, contentIn(before))
      if (before === null) rows.add({ patchId, name: content.name, atMs: clock.nowMs() })
      else if (before.name !== content.name) rows.rename(patchId, content.name)
      const named = new Set(
        content.parts.flatMap((part) => (part.kind === 'files' ? part.files.map((one) => one.sha256) : [])),
      )
      for (const [sha256, bytes] of given) if (named.has(sha256)) rows.putFile(sha256, bytes)
      const revision = asked.baseRevision + 1
      const written = write(patchId, revision, content, asked.how, asked.because)
      const what = `${content.class}, ${counted(content.parts.length, 'part')}, ${counted(content.needs.length, 'need')}`
      return {
        result: { patch: toPatch(written, content, proposal) },
        said: {
          kind: `patch.${asked.how}`,
          words: `Patch ${content.name}, revision ${revision}: ${what}. Because: ${asked.because}`,
          sentence: `Patch ${content.name} is saved as revision ${revision}. No machine was changed.`,
        },
        inverse: {
          kind: 'patch.taken-back',
          words: `Patch ${content.name}: revision ${revision} taken back.`,
          sentence:
            before === null
              ? `Patch ${content.name} is gone.`
              : `Patch ${before.name} is as before, as a new revision.`,
          act: () => takeBack(patchId, revision, before),
        },
      }
    })
  }

  const readImport = async (files: readonly PatchFolderFile[]) => {
    const read = readPatch(files, overlay.layerOf)
    const here = read.name === null ? null : rows.idOf(read.name)
    const newest = here === null ? null : rows.newestOf(here)
    const own = [...read.files].map(([path, bytes]) => ({ path, base64: Buffer.from(bytes).toString('base64') }))
    if (read.content === null) return { read, newest, own, proposal: null, content: null, problems: [...read.problems] }
    const { contentOf } = withFiles(own)
    const proposal = await proposed(read.content.parts, contentOf)
    const content = whole(read.content, proposal)
    const problems = problemsOf(content, contentOf).map(({ place, words }) => ({
      file: 'patch.yaml',
      line: read.lineOf(place),
      reason: words,
    }))
    return { read, newest, own, proposal, content, problems }
  }

  return {
    list: () => rows.newest().map(summary),
    history({ patchId }) {
      row({ patchId })
      return rows.history(patchId).map(summary)
    },
    async get(which) {
      const of = row(which)
      const content = contentIn(of)
      return toPatch(of, content, await proposed(content.parts, stored))
    },
    async propose({ parts: patchParts, files }) {
      const { contentOf } = withFiles(files)
      const proposal = await proposed(patchParts, contentOf)
      const content: PatchContent = {
        name: 'proposed',
        why: { text: 'proposed', link: '' },
        author: '',
        class: 'behavioural',
        parts: patchParts,
        needs: [],
        verify: [],
        capability: null,
      }
      return { ...proposal, problems: problemsOf(content, contentOf) }
    },
    wordsOf,
    save: (asked) => saveAs({ ...asked, how: 'saved' }),
    async confirm({ patchId, baseRevision }) {
      const content = contentIn(row({ patchId }))
      const needs = content.needs.map(
        (line): ManifestLine => (line.state === 'proposed' ? { ...line, state: 'confirmed' } : line),
      )
      const because = `${counted(openLines(content.needs), 'need')} confirmed`
      return saveAs({ patchId, baseRevision, content: { ...content, needs }, files: [], because, how: 'confirmed' })
    },
    async restore({ patchId, baseRevision, revision, because }) {
      const content = contentIn(row({ patchId, revision }))
      return saveAs({ patchId, baseRevision, content, files: [], because, how: 'restored' })
    },
    fileContent: stored,
    exportFiles(which) {
      const of = row(which)
      const content = contentIn(of)
      const missing = (detail: string): never => {
        throw new FaultError({ code: 'invalid-input', field: of.name, detail })
      }
      return writePatch(content, {
        nameOf: (layer) => overlay.nameOf(layer) ?? missing('A layer of it is of something that was removed.'),
        contentOf: (sha256) => stored(sha256) ?? missing('The content of a file of it is not in the store.'),
      })
    },
    async previewImport({ files }) {
      const { read, newest, proposal, content, problems } = await readImport(files)
      return {
        name: read.name,
        baseRevision: newest?.revision ?? 0,
        same: content !== null && newest?.hash === patchHash(content),
        proposal,
        problems,
      }
    },
    async importFiles({ files, baseRevision, because }) {
      const { newest, own, content, problems } = await readImport(files)
      const [first, ...more] = problems
      if (first !== undefined || content === null)
        throw new FaultError({
          code: 'invalid-input',
          field: first ? `${first.file}${first.line === null ? '' : `, line ${first.line}`}` : 'patch.yaml',
          detail: `${first?.reason ?? 'It cannot be read.'}${more.length > 0 ? ` And ${counted(more.length, 'more problem')}.` : ''} Nothing was imported.`,
        })
      return saveAs({ patchId: newest?.patchId ?? null, baseRevision, content, files: own, because, how: 'imported' })
    },
  }
}
