import { chmod, lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { PatchFolderFile } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'

const mostFiles = 300
const mostBytes = 2_000_000

const invalid = (field: string, detail: string): FaultError => new FaultError({ code: 'invalid-input', field, detail })
const isMissing = (error: unknown): boolean => (error as { code?: string }).code === 'ENOENT'

/**
 * The files below a folder with their bytes, without hidden ones, none of them through a link.
 *
 * @throws FaultError `not-found`, `invalid-input` for what is too much.
 */
export async function readFolderFiles(folder: string): Promise<PatchFolderFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (isMissing(error)) throw new FaultError({ code: 'not-found', what: `folder as ${folder}` })
    throw error
  })
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !name.split('/').some((part) => part.startsWith('.')))
    .toSorted()
  if (names.length > mostFiles) throw invalid(folder, `There are more than ${mostFiles} files in it.`)
  const files: PatchFolderFile[] = []
  for (const name of names) files.push({ path: name, base64: await readBase64(path.join(folder, name)) })
  return files
}

/** @throws FaultError `not-found`, `invalid-input` for a link or what is too large. */
export async function readBase64(file: string): Promise<string> {
  const found = await lstat(file).catch((error: unknown) => {
    if (isMissing(error)) throw new FaultError({ code: 'not-found', what: `file as ${file}` })
    throw error
  })
  if (!found.isFile()) throw invalid(file, 'This is no plain file.')
  if (found.size > mostBytes) throw invalid(file, `A file of a patch has at most ${mostBytes / 1_000_000} MB.`)
  return (await readFile(file)).toString('base64')
}

/**
 * Writes files into a folder that is new or empty, for nobody but its owner to read.
 *
 * @throws FaultError `invalid-input` for one that holds something.
 */
export async function writeNewFolder(folder: string, files: readonly PatchFolderFile[]): Promise<void> {
  const there = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return []
    if ((error as { code?: string }).code === 'ENOTDIR') throw invalid(folder, 'This is a file, and no folder.')
    throw error
  })
  if (there.length > 0) throw invalid(folder, 'It holds something. Name a folder that is new or empty.')
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o700)
  for (const { path: name, base64 } of files) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(file, Buffer.from(base64, 'base64'), { mode: 0o600, flag: 'wx' })
  }
}

/** Writes files into a folder; those that are there and say the same stay untouched, and none is removed. */
export async function writeFolderFiles(
  folder: string,
  files: readonly PatchFolderFile[],
): Promise<{ written: string[]; others: string[] }> {
  const there = await readFolderFiles(folder).catch((error: unknown) => {
    if (error instanceof FaultError && error.fault.code === 'not-found') return []
    throw error
  })
  const written = files.filter((file) => there.find((one) => one.path === file.path)?.base64 !== file.base64)
  for (const { path: name, base64 } of written) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    if ((await lstat(file).catch(() => null))?.isSymbolicLink())
      throw invalid(file, 'This is a link; nothing is written through it.')
    await writeFile(file, Buffer.from(base64, 'base64'))
  }
  return {
    written: written.map((file) => file.path),
    others: there.map((one) => one.path).filter((name) => !files.some((file) => file.path === name)),
  }
}
