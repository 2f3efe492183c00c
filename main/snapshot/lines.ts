import * as z from 'zod'
import { ComparedLine, PatchFile, PatchPart, ValuePath } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { shownValue } from '../overlay/overlay.ts'
import { dottedPath } from '../runtimes/operations.ts'
import { isAtLeast, type SaidInSections } from '../runtimes/runtimes.ts'
import type { SnapshotContent } from './content.ts'
import { type SettingDifference, settingDifferences, shownPath } from './differences.ts'
import { type Fetched, type FileDifference, fileDifferences, filePieces } from './files.ts'
import { remarkOnSetting, whyNotRaw, whyNotSetting } from './judge-setting.ts'

/** A line with what it is in a patch. `at`: where in the config. */
export const StoredLine = ComparedLine.extend({
  piece: z.union([
    z.object({ kind: z.literal('setting'), at: z.string(), set: z.record(ValuePath, z.json()) }),
    z.object({ kind: z.literal('file'), file: PatchFile }),
    z.object({ kind: z.literal('part'), part: PatchPart }),
  ]),
})
export type StoredLine = z.infer<typeof StoredLine>

export interface Compared {
  readonly lines: StoredLine[]
  /** Each difference that no patch carries, by name. */
  readonly leftOut: { name: string; why: string }[]
}

export interface CompareWith {
  /** The bytes of a file of the later snapshot. */
  readonly fetched: (path: string) => Fetched
  /** In which words of the guided sections a layer says what stands there now; null: no section decides it. */
  readonly inSections: (path: readonly string[]) => SaidInSections | null
}

const mostSettings = 200
const mostLeftOut = 300
const commit = /^[0-9a-f]{40}([0-9a-f]{24})?$/

interface Collected {
  readonly lines: StoredLine[]
  readonly leave: (name: string, why: string) => void
}

const bare = { declares: '', note: '', chosen: true }

/** Files the difference is about, where both were read. */
function filesBetween(before: SnapshotContent, after: SnapshotContent) {
  return 'list' in before.files && 'list' in after.files
    ? fileDifferences(before.files, after.files)
    : { differences: [], untold: 0 }
}

/** The files whose content a comparison needs. Pure. */
export const filesBehind = (before: SnapshotContent, after: SnapshotContent): FileDifference[] =>
  filesBetween(before, after).differences

function settingLine(difference: SettingDifference, inSections: CompareWith['inSections'], into: Collected): void {
  const { path, before, after } = difference
  const name = shownPath(path)
  const why = whyNotSetting(difference)
  if (why !== '') return void into.leave(name, why)
  const said = inSections(path)
  if (said !== null && 'why' in said) return void into.leave(name, said.why)
  const whyRaw = said === null ? whyNotRaw(difference) : ''
  if (whyRaw !== '') return void into.leave(name, whyRaw)
  const raw = dottedPath(['raw', 'openclaw', ...path])
  const set = said === null ? { [raw]: after ?? null } : said.set
  const parsed = z.record(ValuePath, z.json()).safeParse(set)
  if (!parsed.success) return void into.leave(name, 'It cannot be a value of a layer.')
  const note = remarkOnSetting(difference)
  into.lines.push({
    lineId: `setting ${dottedPath(path)}`,
    kind: 'setting',
    name,
    before: shownValue(before),
    after: shownValue(after),
    declares: said === null ? '' : Object.keys(said.set).join(', '),
    note,
    chosen: note === '',
    piece: { kind: 'setting', at: dottedPath(path), set: parsed.data },
  })
}

function compareSettings(before: SnapshotContent, after: SnapshotContent, parts: CompareWith, into: Collected): void {
  const unread = [before.settings, after.settings].find((side) => 'why' in side)
  if (unread !== undefined && 'why' in unread) return void into.leave('settings', `Not compared: ${unread.why}.`)
  if (!('values' in before.settings) || !('values' in after.settings)) return
  const differences = settingDifferences(before.settings.values, after.settings.values)
  for (const difference of differences.slice(0, mostSettings)) settingLine(difference, parts.inSections, into)
  if (differences.length > mostSettings)
    into.leave('settings', `${differences.length - mostSettings} more differ: more than one patch is made of.`)
}

function compareFiles(before: SnapshotContent, after: SnapshotContent, parts: CompareWith, into: Collected): void {
  const unread = [before.files, after.files].find((side) => 'why' in side)
  if (unread !== undefined && 'why' in unread) return void into.leave('files', `Not compared: ${unread.why}.`)
  const { differences, untold } = filesBetween(before, after)
  const { pieces, leftOut } = filePieces(differences, parts.fetched)
  for (const { name, why } of leftOut) into.leave(name, why)
  if (untold > 0) into.leave('files', `${untold} were not told by the machine, so nobody compared them.`)
  for (const { path, before: was, after: is, file } of pieces)
    into.lines.push({
      ...bare,
      lineId: `file ${path}`,
      kind: 'file',
      name: path,
      before: was,
      after: is,
      piece: { kind: 'file', file },
    })
}

const untold = 'The machine did not tell whether its remote has this commit.'
const dirtyNote = (dirty: number | null): string =>
  dirty === 0
    ? ''
    : dirty === null
      ? 'The machine did not tell whether files beside its commit are changed.'
      : `${dirty} changed ${dirty === 1 ? 'file' : 'files'} beside its commit are not carried.`

const checkoutNote = ({ ahead, dirty }: { ahead: number | null; dirty: number | null }): string =>
  [ahead === null ? untold : '', dirtyNote(dirty)].filter((note) => note !== '').join(' ')

const pushFirst = (ahead: number): string =>
  `Its remote does not have ${ahead === 1 ? 'the newest commit' : `${ahead} of its commits`}, so no other machine can fetch it: push first.`

function compareRuntime(before: SnapshotContent, after: SnapshotContent, into: Collected): void {
  const [was, is] = [before.runtime, after.runtime]
  if ('why' in was || 'why' in is) {
    const why = 'why' in was ? was.why : 'why' in is ? is.why : ''
    return void into.leave('runtime', `Not compared: ${why}.`)
  }
  if (was.kind !== is.kind) return void into.leave('runtime', 'It was installed in another way, which no patch does.')
  const line = (from: string, to: string, part: unknown, note: string): void => {
    const parsed = PatchPart.safeParse(part)
    if (!parsed.success) return void into.leave('runtime', `${untrusted(to, 60)} is no version that a patch can name.`)
    const piece = { kind: 'part' as const, part: parsed.data }
    into.lines.push({
      ...bare,
      lineId: 'update',
      kind: 'update',
      name: 'runtime',
      before: from,
      after: to,
      note,
      chosen: note === '',
      piece,
    })
  }
  if (is.kind === 'package') {
    if (was.version === is.version) return
    const older = isAtLeast(was.version, is.version) ? 'It is older than before.' : ''
    return void line(was.version, is.version, { kind: 'update', from: 'package', to: is.version }, older)
  }
  const [earlier, later] = [was.checkout, is.checkout]
  if (is.kind !== 'git' || later === null || earlier === null || earlier.commit === later.commit) return
  if ((later.ahead ?? 0) > 0) return void into.leave('runtime', pushFirst(later.ahead ?? 0))
  line(earlier.commit, later.commit, { kind: 'update', from: 'git', to: later.commit }, checkoutNote(later))
}

function compareFolders(before: SnapshotContent, after: SnapshotContent, into: Collected): void {
  for (const { name, git } of after.folders) {
    const was = before.folders.find((folder) => folder.name === name)?.git
    if (was === undefined) into.leave(name, 'It was not tracked when the earlier snapshot was taken.')
    else if ('why' in git || 'why' in was)
      into.leave(name, `Not compared: ${'why' in git ? git.why : 'why' in was ? was.why : ''}`)
    else if (git.commit !== was.commit) {
      const part = PatchPart.safeParse({ kind: 'folder', folder: name, to: git.commit })
      if (!part.success || !commit.test(git.commit)) into.leave(name, 'Its commit cannot be named.')
      else if ((git.ahead ?? 0) > 0) into.leave(name, pushFirst(git.ahead ?? 0))
      else
        into.lines.push({
          ...bare,
          lineId: `folder ${name}`,
          kind: 'folder',
          name,
          before: was.commit,
          after: git.commit,
          note: checkoutNote(git),
          chosen: git.ahead !== null,
          piece: { kind: 'part', part: part.data },
        })
    }
  }
}

/** A file below a tracked folder whose commit moves comes with that commit. */
function besideFolders(lines: readonly StoredLine[], { folders }: SnapshotContent): StoredLine[] {
  const moving = folders.flatMap(({ name, root }) => {
    const [, below] = /[\\/](skills(?:[\\/].*)?)$/.exec(root) ?? []
    const isMoving = lines.some((line) => line.kind === 'folder' && line.name === name)
    return below === undefined || !isMoving ? [] : [{ name, below: `${below.replaceAll('\\', '/')}/` }]
  })
  return lines.map((line) => {
    const folder = line.kind === 'file' ? moving.find(({ below }) => line.name.startsWith(below)) : undefined
    return folder === undefined
      ? line
      : { ...line, note: `It lies in the folder ${folder.name} and comes with its commit.`, chosen: false }
  })
}

/** What differs between two snapshots of one agent as lines of a patch, and what no patch carries. Pure. */
export function compareSnapshots(before: SnapshotContent, after: SnapshotContent, parts: CompareWith): Compared {
  const leftOut: Compared['leftOut'] = []
  let more = 0
  const into: Collected = {
    lines: [],
    leave(name, why) {
      if (leftOut.length < mostLeftOut) leftOut.push({ name, why })
      else more += 1
    },
  }
  compareSettings(before, after, parts, into)
  compareFiles(before, after, parts, into)
  compareRuntime(before, after, into)
  compareFolders(before, after, into)
  if (more > 0) leftOut.push({ name: 'and more', why: `${more} more differences are left out.` })
  return { lines: besideFolders(into.lines, after), leftOut }
}
