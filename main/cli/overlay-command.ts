import { readFile } from 'node:fs/promises'
import { LayerContent, type LayerPage, type LayerRef } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { dateWords } from '../base/words.ts'
import { dottedPath, pathOfDotted } from '../runtimes/operations.ts'
import { table } from './print.ts'
import { byName, type EngineClient, type Session } from './session.ts'
import { exit } from './shapes.ts'

const invalid = (field: string, detail: string): FaultError => new FaultError({ code: 'invalid-input', field, detail })

const mostBytes = 256_000

/** `fleet`, `os:macos`, `niche:roofing`, `client:NAME`, `box:NAME`, `agent:MACHINE/PROFILE`. */
export async function layerOf(engine: EngineClient, words: string): Promise<LayerRef> {
  if (words === 'fleet') return { kind: 'fleet', key: '' }
  const [, kind, name = ''] = /^(os|niche|client|box|agent):(.+)$/.exec(words) ?? []
  if (kind === 'os' || kind === 'niche') return { kind, key: name }
  if (kind === 'client') return { kind, key: byName(await engine.inventory.clients(), name, 'client').clientId }
  if (kind === 'box') return { kind, key: byName(await engine.inventory.boxes(), name, 'machine').boxId }
  if (kind !== 'agent')
    throw invalid(words, 'A layer is fleet, os:macos, niche:NAME, client:NAME, box:NAME or agent:MACHINE/PROFILE.')
  const slash = name.lastIndexOf('/')
  const [boxName, profile] = slash < 0 ? [name, 'default'] : [name.slice(0, slash), name.slice(slash + 1)]
  const { boxId } = byName(await engine.inventory.boxes(), boxName, 'machine')
  const agent = byName(
    (await engine.inventory.agents({ boxId })).map((one) => ({ ...one, name: one.profile })),
    profile,
    'agent',
  )
  return { kind, key: agent.agentId }
}

/** JSON where it is, else text. */
export function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Nested objects with one value at a path laid into them. */
function laidIn(value: unknown, [name, ...rest]: readonly string[], wanted: unknown): unknown {
  if (name === undefined) return wanted
  const under = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  return { ...under, [name]: laidIn((under as Record<string, unknown>)[name], rest, wanted) }
}

/** What a layer would say with one more value. @throws FaultError `invalid-input`. */
function withValue({ content }: LayerPage, text: string, value: unknown): LayerContent {
  const names = pathOfDotted(text)
  const [first, second] = names ?? []
  const isRaw = first === 'raw' && second === 'openclaw'
  if (names === null || names.length < (isRaw ? 3 : 2) || (first !== 'sections' && !isRaw))
    throw invalid(text, 'A value is named by its path, as sections.model.primary or raw.openclaw.gateway.port.')
  const wanted = isRaw
    ? { ...content, raw: { openclaw: { ...content.raw.openclaw, [text.slice('raw.openclaw.'.length)]: value } } }
    : laidIn(content, names, value)
  const parsed = LayerContent.safeParse(wanted)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalid(issue?.path.join('.') || text, issue?.message ?? 'It cannot be a value.')
}

export async function listLayers({ client: engine, print }: Session): Promise<number> {
  const layers = await engine.overlay.layers()
  const rows = layers.map((layer) => [
    layer.layer.kind,
    layer.label,
    layer.revision === 0 ? '-' : String(layer.revision),
    String(layer.values),
    layer.excepts === 0 ? '' : String(layer.excepts),
    String(layer.agents),
    layer.changedAtMs === null ? '' : dateWords(layer.changedAtMs),
  ])
  print.answer(
    'overlay list',
    layers,
    table(['LAYER', 'NAME', 'REVISION', 'VALUES', 'EXCEPT', 'AGENTS', 'CHANGED'], rows),
  )
  return exit.ok
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Each value below a path, in a line of its own. */
const linesOf = (value: unknown, at: readonly string[]): string[][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, inner]) => linesOf(inner, [...at, name]))
    : [[dottedPath(at), shown(value)]]

export async function showLayer({ client: engine, print }: Session, words: string): Promise<number> {
  const page = await engine.overlay.layer({ layer: await layerOf(engine, words) })
  const own = [
    ...linesOf(page.content.sections, ['sections']),
    ...Object.entries(page.content.raw.openclaw).map(([name, value]) => [`raw.openclaw.${name}`, shown(value)]),
  ]
  print.answer('overlay show', page, [
    `${page.label}, ${page.revision === 0 ? 'nothing declared yet' : `revision ${page.revision} of ${dateWords(page.changedAtMs ?? 0)}: ${page.because}`}`,
    page.reach.sentence,
    ...(page.problem === '' ? [] : [page.problem]),
    ...(own.length === 0 ? [] : ['', ...table(['VALUE', 'IS'], own)]),
    ...page.content.excepts.map(
      ({ path: where, untilMs, because }) => `except ${where} until ${dateWords(untilMs)}: ${because}`,
    ),
  ])
  return exit.ok
}

export interface SetOptions {
  readonly because: string
  /** Leaves the path to wider layers again. */
  readonly reset: boolean
  /** Leaves the path on the machines as it is until then, instead of saying a value. */
  readonly exceptUntil?: number
}

/** One value, one reset or one exception: a revision of its own. */
export async function setValue(
  { client: engine, print }: Session,
  words: string,
  where: string,
  text: string | undefined,
  { because, reset, exceptUntil }: SetOptions,
): Promise<number> {
  if ([text !== undefined, reset, exceptUntil !== undefined].filter(Boolean).length !== 1)
    throw invalid(where, 'Give a value, --reset or --except-until, and only one of them.')
  const layer = await layerOf(engine, words)
  const page = await engine.overlay.layer({ layer })
  const base = { layer, baseRevision: page.revision }
  const { sentence } = reset
    ? await engine.overlay.reset({ ...base, paths: [where], because })
    : exceptUntil !== undefined
      ? await engine.overlay.except({ ...base, except: { path: where, untilMs: exceptUntil, because } })
      : await engine.overlay.save({ ...base, content: withValue(page, where, readValue(text ?? '')), because })
  const [saved] = await engine.overlay.history({ layer, limit: 1 })
  if (!saved) throw new Error('a saved layer has a revision')
  print.answer('overlay set', saved, [sentence])
  return exit.ok
}

/** Declares a file of this computer as a file of the agents' workspace. */
export async function addFile(
  { client: engine, print }: Session,
  words: string,
  where: string,
  file: string,
  { because, executable }: { because: string; executable: boolean },
): Promise<number> {
  const bytes = await readFile(file).catch((error: unknown) => {
    if ((error as { code?: string }).code === 'ENOENT')
      throw new FaultError({ code: 'not-found', what: `file as ${file}` })
    throw error
  })
  if (bytes.length > mostBytes) throw invalid(file, 'A file of a layer has at most 256 kB.')
  const layer = await layerOf(engine, words)
  const { revision: baseRevision } = await engine.overlay.layer({ layer })
  const content = bytes.toString('base64')
  const { sentence } = await engine.overlay.putFile({ layer, baseRevision, path: where, content, executable, because })
  print.answer('overlay file add', await engine.overlay.files({ layer }), [sentence])
  return exit.ok
}

/** Leaves a file to wider layers again; on the machines it stays as it is. */
export async function removeFile(
  { client: engine, print }: Session,
  words: string,
  where: string,
  { because }: { because: string },
): Promise<number> {
  const layer = await layerOf(engine, words)
  const { revision: baseRevision } = await engine.overlay.layer({ layer })
  const paths = [dottedPath(['sections', 'files', where])]
  const { sentence } = await engine.overlay.reset({ layer, baseRevision, paths, because })
  print.answer('overlay file remove', await engine.overlay.files({ layer }), [sentence])
  return exit.ok
}

export async function listFiles({ client: engine, print }: Session, words: string): Promise<number> {
  const files = await engine.overlay.files({ layer: await layerOf(engine, words) })
  const rows = files.map(({ path: name, sha256, executable, size }) => [
    name,
    size === null ? 'not here' : String(size),
    executable ? 'yes' : '',
    sha256,
  ])
  print.answer(
    'overlay file list',
    files,
    files.length === 0 ? ['This layer declares no file.'] : table(['FILE', 'BYTES', 'PROGRAM', 'SHA-256'], rows),
  )
  return exit.ok
}

/** Makes what a layer said in an earlier revision its newest one. */
export async function restoreLayer(
  { client: engine, print }: Session,
  words: string,
  revision: number,
  { because }: { because: string },
): Promise<number> {
  const layer = await layerOf(engine, words)
  const { revision: baseRevision } = await engine.overlay.layer({ layer })
  const { sentence } = await engine.overlay.restore({ layer, baseRevision, revision, because })
  const [saved] = await engine.overlay.history({ layer, limit: 1 })
  if (!saved) throw new Error('a restored layer has a revision')
  print.answer('overlay restore', saved, [sentence])
  return exit.ok
}

export async function layerHistory(
  { client: engine, print }: Session,
  words: string,
  { limit }: { limit: number },
): Promise<number> {
  const revisions = await engine.overlay.history({ layer: await layerOf(engine, words), limit: Math.min(limit, 200) })
  const lines = revisions.flatMap(({ revision, atMs, by, how, because, diff, moreLines }) => [
    `${revision}  ${dateWords(atMs)}  ${by}, ${how}: ${because}`,
    ...diff.map((line) => `   ${line.path}: ${line.before ?? 'undeclared'} → ${line.after ?? 'undeclared'}`),
    ...(moreLines === 0 ? [] : [`   ${moreLines} more`]),
  ])
  print.answer('overlay history', revisions, lines.length === 0 ? ['Nothing was ever declared here.'] : lines)
  return exit.ok
}
