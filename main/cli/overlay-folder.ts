import { chmod, lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { OverlayContent, OverlayFile } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted } from '../base/words.ts'
import { isContentPath } from '../overlay/overlay.ts'
import type { Session } from './session.ts'
import { exit } from './shapes.ts'

const invalid = (field: string, detail: string): FaultError => new FaultError({ code: 'invalid-input', field, detail })
const isMissing = (error: unknown): boolean => (error as { code?: string }).code === 'ENOENT'

const mostFiles = 2000
const mostLayerBytes = 300_000
const mostContentBytes = 256_000

/** Layers as YAML and the contents of their files beside them. */
interface LayerFolder {
  readonly files: OverlayFile[]
  readonly contents: OverlayContent[]
}

/**
 * The YAML files below a folder and what stands in folders as `fleet.files`, without hidden ones.
 *
 * @throws FaultError `not-found`, `invalid-input` for a link among them and for what is too much.
 */
async function readFolder(folder: string): Promise<LayerFolder> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (isMissing(error)) throw new FaultError({ code: 'not-found', what: `folder as ${folder}` })
    throw error
  })
  const named = entries
    .map((entry) => ({
      entry,
      name: path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
    }))
    .filter(({ name }) => !name.split('/').some((part) => part.startsWith('.')))
    .filter(({ name }) => isContentPath(name) || /\.(ya?ml|files)$/i.test(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const link = named.find(({ entry }) => entry.isSymbolicLink())
  if (link) throw invalid(link.name, 'This is a link; nothing is read through it.')
  const plain = named.filter(({ entry }) => entry.isFile()).map(({ name }) => name)
  if (plain.length > mostFiles) throw invalid(folder, `There are more than ${mostFiles} files in it.`)
  const files: OverlayFile[] = []
  const contents: OverlayContent[] = []
  for (const name of plain) {
    const file = path.join(folder, name)
    const { size, mode } = await lstat(file)
    const isContent = isContentPath(name)
    const most = isContent ? mostContentBytes : mostLayerBytes
    if (size > most)
      throw invalid(name, `${isContent ? 'The content of a file' : 'A file of a layer'} has at most ${most / 1000} kB.`)
    const bytes = await readFile(file)
    if (isContent) contents.push({ path: name, base64: bytes.toString('base64'), executable: (mode & 0o100) !== 0 })
    else if (/\.ya?ml$/i.test(name)) files.push({ path: name, text: bytes.toString('utf8') })
  }
  return { files, contents }
}

/** Writes below a folder, through no link. */
async function writeInside(folder: string, name: string, bytes: Buffer | string, mode: number): Promise<void> {
  const names = name.split('/')
  for (let depth = 1; depth <= names.length; depth++) {
    const at = path.join(folder, ...names.slice(0, depth))
    if ((await lstat(at).catch(() => null))?.isSymbolicLink())
      throw invalid(at, 'This is a link; nothing is written through it.')
  }
  const file = path.join(folder, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, bytes, { mode })
  await chmod(file, mode)
}

/** Writes every layer and the content of its files; what says the same stays untouched, and nothing is removed. */
export async function exportLayers({ client: engine, print }: Session, folder: string): Promise<number> {
  const files = await engine.overlay.exportFiles()
  const { contents, missing } = await engine.overlay.exportContents()
  const there = await readFolder(folder).catch((error: unknown): LayerFolder => {
    if (error instanceof FaultError && error.fault.code === 'not-found') return { files: [], contents: [] }
    throw error
  })
  const isThere = (own: OverlayContent) =>
    there.contents.some(
      (one) =>
        one.path === own.path &&
        one.base64 === own.base64 &&
        (process.platform === 'win32' || one.executable === own.executable),
    )
  const layers = files.filter((file) => there.files.find((one) => one.path === file.path)?.text !== file.text)
  const carried = contents.filter((own) => !isThere(own))
  for (const { path: name, text } of layers) await writeInside(folder, name, text, 0o644)
  for (const { path: name, base64, executable } of carried)
    await writeInside(folder, name, Buffer.from(base64, 'base64'), executable ? 0o755 : 0o644)
  const own = new Set([...files, ...contents].map((one) => one.path))
  const others = [...there.files, ...there.contents].map((one) => one.path).filter((name) => !own.has(name))
  for (const name of others) print.say(`${name} is about no layer that was ever saved here; it stays.`)
  for (const name of missing) print.say(`${name} is declared, and its content is not in this console.`)
  const written = [...layers, ...carried].map((one) => one.path)
  print.answer('overlay export', { files: [...own], written, others, missing }, [
    `${counted(files.length, 'layer')} and ${counted(contents.length, 'file')} of theirs in ${folder}, ${counted(written.length, 'file')} written.`,
  ])
  return exit.ok
}

/** Takes a folder of layers and files over: all or none. */
export async function importLayers(
  { client: engine, print }: Session,
  folder: string,
  { because, dryRun }: { because: string; dryRun: boolean },
): Promise<number> {
  const { files, contents } = await readFolder(folder)
  if (files.length === 0) throw invalid(folder, 'There is no .yaml file in this folder.')
  const preview = await engine.overlay.previewImport({ files, contents })
  for (const { file, line, reason } of preview.problems)
    print.say(`${file}${line === null ? '' : `:${line}`}: ${reason}`)
  for (const label of preview.problems.length > 0 ? [] : preview.leftAlone)
    print.say(`${label} has no file here; it stays as it is.`)
  const lines = preview.layers.flatMap(({ file, label, diff }) =>
    diff.length === 0
      ? []
      : [
          `${label} (${file})`,
          ...diff.map((line) => `   ${line.path}: ${line.before ?? 'undeclared'} → ${line.after ?? 'undeclared'}`),
        ],
  )
  const isDifferent =
    lines.length > 0 || preview.newContents > 0 || preview.layers.some(({ baseRevision }) => baseRevision === 0)
  // With a problem, the engine refuses and says so.
  const done =
    dryRun || (!isDifferent && preview.problems.length === 0)
      ? null
      : await engine.overlay.importFiles({ files, contents, bases: preview.layers, because })
  print.answer('overlay import', { ...preview, imported: done?.changed ?? 0 }, [
    ...lines,
    ...(preview.newContents > 0 ? [`${counted(preview.newContents, 'file')} with content that is new here`] : []),
    done?.sentence ?? (dryRun ? 'Nothing was imported: this was a dry run.' : 'Nothing is different.'),
  ])
  return dryRun && preview.problems.length > 0 ? exit.failed : exit.ok
}
