import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import {
  type Patch,
  PatchContent,
  PatchFile,
  type PatchFolderFile,
  type PatchSummary,
} from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted, dateWords } from '../base/words.ts'
import { needWords } from '../patch/patch.ts'
import { readBase64, readFolderFiles, writeFolderFiles } from './folder-files.ts'
import { layerOf, readValue } from './overlay-command.ts'
import { table } from './print.ts'
import { byName, type EngineClient, type Session } from './session.ts'
import { exit } from './shapes.ts'

const invalid = (field: string, detail: string): FaultError => new FaultError({ code: 'invalid-input', field, detail })

export interface NewPatchOptions {
  readonly why: string
  readonly link?: string
  readonly author?: string
  readonly class?: string
  readonly layer: string
  readonly set?: string[]
  readonly reset?: string[]
  readonly file?: string[]
  readonly update?: string
  readonly folder?: string
  readonly run?: string
  readonly undo?: string
  readonly cannotBeUndone?: string
  readonly deadline: number
}

/** `NAME=VALUE` in its two halves. */
function halves(text: string, what: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw invalid(text, `${what} is written with a = between.`)
  return [text.slice(0, at), text.slice(at + 1)]
}

async function filesOf(words: readonly string[]): Promise<{ part: PatchFile[]; files: PatchFolderFile[] }> {
  const part: PatchFile[] = []
  const files: PatchFolderFile[] = []
  for (const text of words) {
    const [path, local] = halves(text, 'A file: PATH-IN-THE-WORKSPACE=FILE-HERE')
    const base64 = await readBase64(local)
    const bytes = Buffer.from(base64, 'base64')
    const runs = process.platform !== 'win32' && ((await stat(local)).mode & 0o100) !== 0
    const parsed = PatchFile.safeParse({
      path,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.byteLength,
      mode: runs ? '0755' : '0644',
      back: 'restore',
    })
    if (!parsed.success) throw invalid(path, parsed.error.issues[0]?.message ?? 'It cannot be a file of a patch.')
    part.push(parsed.data)
    files.push({ path, base64 })
  }
  return { part, files }
}

export async function patchOf(engine: EngineClient, name: string): Promise<PatchSummary> {
  return byName(await engine.patch.list(), name, 'patch')
}

export function localAuthor(): string {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}

export const linesOf = (patch: Patch): string[] => [
  `${patch.content.name}, revision ${patch.revision} of ${dateWords(patch.atMs)}: ${patch.content.class}`,
  patch.content.why.text,
  ...patch.partWords.map((words, at) => `  ${at + 1}. ${words}`),
  ...patch.content.needs.map(({ need, from, state, because }) => {
    const said = state === 'dropped' ? `dropped: ${because}` : state
    return `  needs ${needWords(need)} (${from})  ${said}`
  }),
  ...patch.proposal.unread.map(({ path, why }) => `  not read: ${path}: ${why}`),
  ...(patch.open === 0 ? [] : [`${counted(patch.open, 'need')} to be confirmed or dropped.`]),
  patch.hash,
]

/** One part of each kind, in the order overlay, files, update, folder, command. */
export async function newPatch(
  { client: engine, print }: Session,
  name: string,
  options: NewPatchOptions,
): Promise<number> {
  const { set = [], reset = [], file = [], update, folder, run } = options
  const { part, files } = await filesOf(file)
  const parts: unknown[] = []
  if (set.length + reset.length > 0)
    parts.push({
      kind: 'overlay',
      layer: await layerOf(engine, options.layer),
      set: Object.fromEntries(
        set.map((text) => {
          const [path, value] = halves(text, 'A value: PATH=VALUE')
          return [path, readValue(value)]
        }),
      ),
      reset,
    })
  if (part.length > 0) parts.push({ kind: 'files', files: part })
  if (update !== undefined)
    parts.push({ kind: 'update', from: /^\d{4}\./.test(update) ? 'package' : 'git', to: update })
  if (folder !== undefined) {
    const [called, to] = halves(folder, 'A tracked folder: NAME=COMMIT')
    parts.push({ kind: 'folder', folder: called, to })
  }
  if (run !== undefined)
    parts.push({
      kind: 'command',
      run,
      undo:
        options.undo === undefined
          ? { kind: 'none', typed: options.cannotBeUndone }
          : { kind: 'run', run: options.undo },
      deadlineS: options.deadline,
    })
  const checked = PatchContent.shape.parts.safeParse(parts)
  if (!checked.success) {
    const [issue] = checked.error.issues
    throw invalid(
      issue?.path.includes('typed') === true ? '--cannot-be-undone' : (issue?.path.join('.') ?? ''),
      issue?.path.includes('typed') === true
        ? 'A command has its --undo, or --cannot-be-undone "cannot be undone".'
        : parts.length === 0
          ? 'A patch changes something: --set, --file, --update, --folder or --run.'
          : (issue?.message ?? 'It is no part of a patch.'),
    )
  }
  const proposal = await engine.patch.propose({ parts: checked.data, files })
  const wanted = PatchContent.safeParse({
    name,
    why: { text: options.why, link: options.link ?? '' },
    author: options.author ?? localAuthor(),
    class: options.class ?? proposal.class,
    parts: checked.data,
    needs: [],
    verify: [],
    capability: null,
  })
  if (!wanted.success) {
    const [issue] = wanted.error.issues
    throw invalid(issue?.path.join('.') ?? '', issue?.message ?? 'It is no patch.')
  }
  const { patch, sentence } = await engine.patch.save({
    patchId: null,
    baseRevision: 0,
    content: wanted.data,
    files,
    because: 'made on the command line',
  })
  print.say(sentence)
  print.answer('patch new', patch, linesOf(patch))
  return exit.ok
}

export async function listPatches({ client: engine, print }: Session): Promise<number> {
  const patches = await engine.patch.list()
  const rows = patches.map((each) => [
    each.name,
    String(each.revision),
    each.class ?? '-',
    String(each.parts),
    each.open === 0 ? String(each.needs) : `${each.needs}, ${each.open} open`,
    each.problem === '' ? each.why.slice(0, 60) : each.problem,
  ])
  print.answer('patch list', patches, table(['NAME', 'REVISION', 'CLASS', 'PARTS', 'NEEDS', 'WHY'], rows))
  return exit.ok
}

export async function showPatch({ client: engine, print }: Session, name: string): Promise<number> {
  const patch = await engine.patch.get({ patchId: (await patchOf(engine, name)).patchId })
  print.answer('patch show', patch, linesOf(patch))
  return exit.ok
}

/** Takes every need that is still proposed for needed. */
export async function confirmPatch({ client: engine, print }: Session, name: string): Promise<number> {
  const { patchId, revision } = await patchOf(engine, name)
  const { patch, sentence } = await engine.patch.confirm({ patchId, baseRevision: revision })
  print.say(sentence)
  print.answer('patch confirm', patch, linesOf(patch))
  return exit.ok
}

export async function exportPatch({ client: engine, print }: Session, name: string, folder: string): Promise<number> {
  const files = await engine.patch.exportFiles({ patchId: (await patchOf(engine, name)).patchId })
  const { written, others } = await writeFolderFiles(folder, files)
  for (const other of others) print.say(`${other} is no file of this patch; it stays.`)
  print.answer('patch export', { files: files.map((file) => file.path), written, others }, [
    `${counted(files.length, 'file')} in ${folder}, ${written.length} written.`,
  ])
  return exit.ok
}

export async function importPatch(
  { client: engine, print }: Session,
  folder: string,
  { because, dryRun }: { because: string; dryRun: boolean },
): Promise<number> {
  const files = await readFolderFiles(folder)
  if (files.length === 0) throw invalid(folder, 'There is no file in this folder.')
  const preview = await engine.patch.previewImport({ files })
  for (const { file, line, reason } of preview.problems)
    print.say(`${file}${line === null ? '' : `:${line}`}: ${reason}`)
  // With a problem, the engine refuses and says so.
  const isLeft = dryRun || (preview.same && preview.problems.length === 0)
  const done = isLeft ? null : await engine.patch.importFiles({ files, baseRevision: preview.baseRevision, because })
  print.answer('patch import', { ...preview, patch: done?.patch ?? null }, [
    done?.sentence ?? (dryRun ? 'Nothing was imported: this was a dry run.' : 'Nothing is different.'),
    ...(done === null ? [] : linesOf(done.patch)),
  ])
  return dryRun && preview.problems.length > 0 ? exit.failed : exit.ok
}
