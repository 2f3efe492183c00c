import * as z from 'zod'
import {
  LayerKind,
  type LayerRef,
  ManifestLine,
  type Need,
  PatchCheck,
  PatchContent,
  PatchFile,
  type PatchFolderFile,
  type PatchImport,
  PatchPart,
} from '../../shared/contract/index.ts'
import { BadYaml, type LayerName, readYaml, writeYaml, type YamlDocument } from '../overlay/overlay.ts'
import { sha256Of } from './hash.ts'

type Problem = PatchImport['problems'][number]
type Line = z.infer<typeof ManifestLine>

const main = 'patch.yaml'
const filesFolder = 'files/'
/** The field of a need or a check that stands behind its kind. */
const needField = {
  runtime: 'range',
  node: 'range',
  command: 'name',
  module: 'name',
  setting: 'path',
  plugin: 'name',
  file: 'path',
  disk: 'bytes',
} as const satisfies Record<Need['kind'], string>
/** The three that every patch has are not written down. */
const checkField = { command: 'run', log: 'words', exchange: 'withinMinutes' } as const

const flat = (fields: object, kind: string, field: string): Record<string, unknown> => {
  const { kind: _, [field]: value, ...rest } = fields as Record<string, unknown>
  return { [kind]: value, ...rest }
}
const checkText = (check: PatchCheck): Record<string, unknown>[] =>
  check.kind in checkField ? [flat(check, check.kind, checkField[check.kind as keyof typeof checkField])] : []

function partText(part: PatchPart, nameOf: (layer: LayerRef) => LayerName): Record<string, unknown> {
  switch (part.kind) {
    case 'overlay': {
      const { layer, name, box, stateDir } = nameOf(part.layer)
      return {
        overlay: {
          layer,
          ...(layer === 'fleet' ? {} : { name }),
          ...(box === undefined ? {} : { box }),
          ...(stateDir === undefined ? {} : { stateDir }),
          ...(Object.keys(part.set).length === 0 ? {} : { set: part.set }),
          ...(part.reset.length === 0 ? {} : { reset: part.reset }),
        },
      }
    }
    case 'files':
      return {
        files: part.files.map(({ path, sha256, mode, back }) =>
          sha256 === null ? { path, removed: true, mode, back } : { path, sha256, mode, back },
        ),
      }
    case 'update':
      return { update: part.to, ...(part.from === 'git' ? { from: 'git' } : {}) }
    case 'folder':
      return { folder: part.folder, to: part.to }
    case 'command':
      return {
        command: part.run,
        ...(part.undo.kind === 'run' ? { undo: part.undo.run } : { cannotBeUndone: part.undo.typed }),
        deadlineSeconds: part.deadlineS,
      }
  }
}

/** A patch as `patch.yaml` and its files, in order of their paths; the same patch gives the same files. Pure. */
export function writePatch(
  content: PatchContent,
  parts: { nameOf: (layer: LayerRef) => LayerName; contentOf: (sha256: string) => Uint8Array },
): PatchFolderFile[] {
  const { name, author, class: its, why, needs, verify, capability } = content
  const checks = verify.flatMap(checkText)
  const text = writeYaml({
    name,
    class: its,
    why: why.text,
    ...(why.link === '' ? {} : { link: why.link }),
    ...(author === '' ? {} : { author }),
    parts: content.parts.map((part) => partText(part, parts.nameOf)),
    ...(needs.length === 0
      ? {}
      : {
          needs: needs.map(({ need, from, state, because }) => ({
            ...flat(need, need.kind, needField[need.kind]),
            from,
            ...(state === 'confirmed' ? { confirmed: true } : {}),
            ...(state === 'dropped' ? { dropped: because } : because === '' ? {} : { because }),
          })),
        }),
    ...(checks.length === 0 ? {} : { verify: checks }),
    ...(capability === null
      ? {}
      : {
          capability: {
            flag: capability.flag,
            checklist: capability.checklist,
            tests: capability.tests.flatMap(checkText),
          },
        }),
  })
  const files = content.parts.flatMap((part) =>
    part.kind !== 'files'
      ? []
      : part.files.flatMap(({ path, sha256 }) =>
          sha256 === null
            ? []
            : [{ path: `${filesFolder}${path}`, base64: Buffer.from(parts.contentOf(sha256)).toString('base64') }],
        ),
  )
  return [
    { path: main, base64: Buffer.from(text, 'utf8').toString('base64') },
    ...files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  ]
}

const Things = z.array(z.record(z.string(), z.unknown()))
const MainShape = z.strictObject({
  name: PatchContent.shape.name,
  class: PatchContent.shape.class,
  why: PatchContent.shape.why.shape.text,
  link: PatchContent.shape.why.shape.link.optional(),
  author: PatchContent.shape.author.optional(),
  parts: Things.min(1).max(50),
  needs: Things.max(500).optional(),
  verify: Things.max(50).optional(),
  capability: z
    .strictObject({
      flag: z.unknown(),
      checklist: z.unknown().optional(),
      tests: Things.max(50).optional(),
    })
    .optional(),
})
const OverlayShape = z.strictObject({
  layer: LayerKind,
  name: z.string().trim().min(1).max(200).optional(),
  box: z.string().trim().min(1).max(200).optional(),
  stateDir: z.string().min(1).max(4000).optional(),
  set: z.record(z.string(), z.json()).optional(),
  reset: z.array(z.string()).optional(),
})
const FileShape = z.strictObject({
  path: PatchFile.shape.path,
  sha256: PatchFile.shape.sha256.unwrap().optional(),
  removed: z.literal(true).optional(),
  mode: PatchFile.shape.mode.default('0644'),
  back: PatchFile.shape.back.default('restore'),
})
const CommandShape = z.strictObject({
  command: z.string(),
  undo: z.string().optional(),
  cannotBeUndone: z.string().optional(),
  deadlineSeconds: z.number().default(60),
})

/** Reads one folder. A path of a problem is a path into the YAML, so that it has its line. */
class Reading {
  readonly problems: Problem[] = []
  readonly document: YamlDocument
  constructor(document: YamlDocument) {
    this.document = document
  }
  say(at: readonly PropertyKey[], reason: string): null {
    this.problems.push({ file: main, line: this.document.lineOf(at), reason })
    return null
  }
  /** What a value is by its schema; null: it is not, and every reason is among the problems. */
  as<T extends z.ZodType>(schema: T, value: unknown, at: readonly PropertyKey[]): z.output<T> | null {
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    for (const issue of parsed.error.issues.slice(0, 20)) {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : []
      const place = [...issue.path, ...keys.slice(0, 1)]
      this.say(
        [...at, ...place],
        keys.length > 0
          ? `${keys.map((key) => `“${key}”`).join(', ')}: there is no such name here.`
          : `${[...at, ...place].join('.')}: ${issue.message}`,
      )
    }
    return null
  }
}

export interface ReadPatch {
  /** Null while there is a problem. */
  readonly content: PatchContent | null
  readonly name: string | null
  /** Contents of its files, by path in the workspace. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly problems: readonly Problem[]
  /** The line of a place in the content, `parts.2.run`. */
  readonly lineOf: (place: string) => number | null
}

const kindIn = <Kind extends string>(value: object, kinds: readonly Kind[]): Kind | null =>
  kinds.find((kind) => kind in value) ?? null

function readCheck(reading: Reading, value: Record<string, unknown>, at: readonly PropertyKey[]): PatchCheck | null {
  const kind = kindIn(value, Object.keys(checkField) as (keyof typeof checkField)[])
  if (kind === null) return reading.say(at, 'A check is a command, a log or an exchange.')
  const { [kind]: first, ...rest } = value
  return reading.as(PatchCheck, { kind, [checkField[kind]]: first, ...rest }, at)
}

function readNeed(reading: Reading, value: Record<string, unknown>, at: readonly PropertyKey[]): Line | null {
  const { from = 'patch.yaml', confirmed, dropped, because = '', ...own } = value
  const kind = kindIn(own, Object.keys(needField) as Need['kind'][])
  if (kind === null) return reading.say(at, `A need is one of ${Object.keys(needField).join(', ')}.`)
  if (confirmed !== undefined && confirmed !== true)
    return reading.say([...at, 'confirmed'], 'It is confirmed: true, or not there.')
  if (confirmed === true && dropped !== undefined)
    return reading.say([...at, 'dropped'], 'It is confirmed or dropped, not both.')
  const { [kind]: first, ...rest } = own
  const need = { kind, [needField[kind]]: first, ...(kind === 'module' ? { exports: [] } : {}), ...rest }
  const state = confirmed === true ? 'confirmed' : dropped === undefined ? 'proposed' : 'dropped'
  return reading.as(ManifestLine, { need, from, state, because: dropped ?? because }, at)
}

function readPart(
  reading: Reading,
  value: Record<string, unknown>,
  at: readonly PropertyKey[],
  parts: { files: ReadonlyMap<string, Uint8Array>; find: (name: LayerName) => LayerRef | string },
): PatchPart | null {
  const kind = kindIn(value, ['overlay', 'files', 'update', 'folder', 'command'])
  switch (kind) {
    case null:
      return reading.say(at, 'A part is an overlay, files, an update, a folder or a command.')
    case 'overlay': {
      const read = reading.as(z.strictObject({ overlay: OverlayShape }), value, at)?.overlay
      if (!read) return null
      const { layer: level, name = '', box, stateDir, set = {}, reset = [] } = read
      const layer = parts.find({
        layer: level,
        name,
        ...(box === undefined ? {} : { box }),
        ...(stateDir === undefined ? {} : { stateDir }),
      })
      if (typeof layer === 'string') return reading.say([...at, 'overlay', 'name'], layer)
      return reading.as(PatchPart, { kind, layer, set, reset }, [...at, 'overlay'])
    }
    case 'files': {
      const read = reading.as(z.strictObject({ files: z.array(FileShape) }), value, at)?.files
      if (!read) return null
      const files = read.map(({ path, sha256, removed, mode, back }, place) => {
        const bytes = parts.files.get(path)
        const here = [...at, 'files', place]
        if (removed === true) return { path, sha256: null, bytes: 0, mode, back }
        if (bytes === undefined) return reading.say(here, `There is no ${filesFolder}${path} in the folder.`)
        const actual = sha256Of(bytes)
        if (sha256 !== undefined && sha256 !== actual)
          return reading.say(
            [...here, 'sha256'],
            `${filesFolder}${path} is another file than this: it has ${actual}. Write that, or leave sha256 out.`,
          )
        return { path, sha256: actual, bytes: bytes.byteLength, mode, back }
      })
      return files.includes(null) ? null : reading.as(PatchPart, { kind, files }, at)
    }
    case 'update': {
      const { update: to, from = 'package', ...rest } = value
      return reading.as(PatchPart, { kind, from, to, ...rest }, at)
    }
    case 'folder':
      return reading.as(PatchPart, { kind, ...value }, at)
    case 'command': {
      const read = reading.as(CommandShape, value, at)
      if (!read) return null
      const { command: run, undo, cannotBeUndone, deadlineSeconds: deadlineS } = read
      if ((undo === undefined) === (cannotBeUndone === undefined))
        return reading.say(at, 'A command has its undo, or cannotBeUndone with “cannot be undone” typed out.')
      const back = undo === undefined ? { kind: 'none', typed: cannotBeUndone } : { kind: 'run', run: undo }
      return reading.as(PatchPart, { kind, run, undo: back, deadlineS }, at)
    }
  }
}

/** Reads a folder of files as a patch. Nothing of it is believed before its shape is checked. Pure. */
export function readPatch(folder: readonly PatchFolderFile[], find: (name: LayerName) => LayerRef | string): ReadPatch {
  const files = new Map<string, Uint8Array>()
  const fail = (problems: readonly Problem[], name: string | null = null): ReadPatch => ({
    content: null,
    name,
    files,
    problems,
    lineOf: () => null,
  })
  const text = folder.find(({ path }) => path === main)
  if (text === undefined) return fail([{ file: main, line: null, reason: `There is no ${main} in the folder.` }])
  for (const { path, base64 } of folder)
    if (path.startsWith(filesFolder)) files.set(path.slice(filesFolder.length), Buffer.from(base64, 'base64'))
  let document: YamlDocument
  try {
    document = readYaml(Buffer.from(text.base64, 'base64').toString('utf8'))
  } catch (error) {
    if (error instanceof BadYaml) return fail([{ file: main, line: error.line, reason: error.message }])
    throw error
  }
  const reading = new Reading(document)
  const read = reading.as(MainShape, document.value, [])
  if (read === null) return fail(reading.problems)
  const parts = read.parts.map((part, at) => readPart(reading, part, ['parts', at], { files, find }))
  const needs = (read.needs ?? []).map((need, at) => readNeed(reading, need, ['needs', at]))
  const verify = (read.verify ?? []).map((check, at) => readCheck(reading, check, ['verify', at]))
  const tests = (read.capability?.tests ?? []).map((check, at) =>
    readCheck(reading, check, ['capability', 'tests', at]),
  )
  const named = new Set(parts.flatMap((part) => (part?.kind === 'files' ? part.files.map(({ path }) => path) : [])))
  if (!parts.includes(null))
    for (const path of files.keys())
      if (!named.has(path))
        reading.problems.push({ file: `${filesFolder}${path}`, line: null, reason: 'No part of the patch names it.' })
  for (const { path } of folder)
    if (path !== main && !path.startsWith(filesFolder))
      reading.problems.push({ file: path, line: null, reason: `A file of a patch stands in ${filesFolder}.` })
  if (reading.problems.length > 0) return fail(reading.problems, read.name)
  const content = reading.as(
    PatchContent,
    {
      name: read.name,
      class: read.class,
      why: { text: read.why, link: read.link ?? '' },
      author: read.author ?? '',
      parts,
      needs,
      verify,
      capability:
        read.capability === undefined
          ? null
          : { flag: read.capability.flag, checklist: read.capability.checklist ?? [], tests },
    },
    [],
  )
  return {
    content,
    name: read.name,
    files,
    problems: reading.problems,
    lineOf: (place) => document.lineOf(place.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))),
  }
}
