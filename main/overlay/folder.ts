import * as z from 'zod'
import {
  LayerContent,
  LayerKind,
  type LayerRef,
  type OverlayFile,
  type OverlayImport,
} from '../../shared/contract/index.ts'
import { pathOfDotted } from '../runtimes/operations.ts'
import { BadYaml, readYaml, type YamlDocument } from './read-yaml.ts'
import { emptyContent } from './stock.ts'
import { writeYaml } from './write-yaml.ts'

/** How a layer is called in a file: by names, which another console knows too, never by ids. */
export interface LayerName {
  readonly layer: LayerKind
  /** Empty for the fleet; an agent's is its profile. */
  readonly name: string
  /** Of an agent: its machine. */
  readonly box?: string
  /** Of an agent whose machine has two of that profile: where it keeps its state. */
  readonly stateDir?: string
}

type Problem = OverlayImport['problems'][number]
export interface FileLayer {
  readonly file: string
  readonly name: LayerName
  readonly content: LayerContent
  /** The line of a path into the layer. */
  readonly lineOf: (path: string) => number
}

const Moment = z.iso.datetime({ error: 'A moment as 2026-12-05T08:00:00.000Z.' })
const FileShape = z.strictObject({
  layer: LayerKind,
  name: z.string().trim().min(1).max(200).optional(),
  box: z.string().trim().min(1).max(200).optional(),
  stateDir: z.string().min(1).max(4000).optional(),
  sections: LayerContent.shape.sections.optional(),
  raw: z.strictObject({ openclaw: LayerContent.shape.raw.shape.openclaw.optional() }).optional(),
  excepts: z
    .array(z.strictObject({ path: z.string(), until: Moment, because: z.string().trim().min(1).max(300) }))
    .max(200)
    .optional(),
})

/** Part of a file name that every system takes. */
const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'layer'

const fileName = ({ layer, name, box }: LayerName): string => {
  if (layer === 'fleet') return 'fleet'
  // Windows takes no file named as one of its devices, whatever its ending.
  const safe = (text: string) => slug(text).replace(/^(con|prn|aux|nul|com\d|lpt\d)$/, '$1-layer')
  return layer === 'agent' ? `agent/${safe(box ?? '')}.${safe(name)}` : `${layer}/${safe(name)}`
}

function textOf({ layer, name, box, stateDir }: LayerName, content: LayerContent): string {
  const { openclaw } = content.raw
  return writeYaml({
    layer,
    ...(box === undefined ? {} : { box }),
    ...(layer === 'fleet' ? {} : { name }),
    ...(stateDir === undefined ? {} : { stateDir }),
    ...(Object.keys(content.sections).length === 0 ? {} : { sections: content.sections }),
    ...(Object.keys(openclaw).length === 0 ? {} : { raw: { openclaw } }),
    ...(content.excepts.length === 0
      ? {}
      : {
          excepts: content.excepts
            .toSorted((a, b) => (a.path < b.path ? -1 : 1))
            .map(({ path, untilMs, because }) => ({ path, until: new Date(untilMs).toISOString(), because })),
        }),
  })
}

interface NamedLayer {
  readonly name: LayerName
  readonly content: LayerContent
}

/** Where each layer's file is, in order of their paths; the same layers have the same places on every computer. Pure. */
export function placeLayers(layers: readonly NamedLayer[]): (NamedLayer & { readonly path: string })[] {
  const taken = new Set<string>()
  const sorted = layers.toSorted((a, b) => (JSON.stringify(a.name) < JSON.stringify(b.name) ? -1 : 1))
  const placed = sorted.map(({ name, content }) => {
    const base = fileName(name)
    let path = `${base}.yaml`
    for (let again = 2; taken.has(path); again++) path = `${base}-${again}.yaml`
    taken.add(path)
    return { path, name, content }
  })
  return placed.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** Layers as files. Pure. */
export const writeFolder = (layers: readonly NamedLayer[]): OverlayFile[] =>
  placeLayers(layers).map(({ path, name, content }) => ({ path, text: textOf(name, content) }))

/** Where in a file a path into the layer begins. Raw settings may stand there as one path or as objects. */
function lineIn(document: YamlDocument, text: string): number {
  const path = pathOfDotted(text) ?? []
  if (path[0] !== 'raw') return document.lineOf(path)
  const raw = (document.value as { raw?: { openclaw?: Record<string, unknown> } } | null)?.raw?.openclaw ?? {}
  const wanted = path.slice(2)
  const keys = Object.keys(raw).filter((key) => {
    const own = pathOfDotted(key) ?? []
    return own.length <= wanted.length && own.every((name, place) => wanted[place] === name)
  })
  const key = keys.toSorted((a, b) => b.length - a.length)[0]
  if (key === undefined) return document.lineOf(['raw', 'openclaw', ...wanted])
  return document.lineOf(['raw', 'openclaw', key, ...wanted.slice((pathOfDotted(key) ?? []).length)])
}

/** Reads one file. Nothing of it is believed before its shape is checked. Pure. */
export function readFile({ path: file, text }: OverlayFile): FileLayer | Problem[] {
  let document: YamlDocument
  try {
    document = readYaml(text)
  } catch (error) {
    if (error instanceof BadYaml) return [{ file, line: error.line, reason: error.message }]
    throw error
  }
  const parsed = FileShape.safeParse(document.value)
  if (!parsed.success)
    return parsed.error.issues.slice(0, 20).map((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : []
      const at = [...issue.path, ...keys.slice(0, 1)]
      const reason =
        issue.code === 'unrecognized_keys'
          ? `${keys.map((key) => `“${key}”`).join(', ')}: there is no such name here.`
          : `${at.length === 0 ? '' : `${at.join('.')}: `}${issue.message}`
      return { file, line: document.lineOf(at), reason }
    })
  const { layer, name = '', box, stateDir, sections, raw, excepts } = parsed.data
  const say = (key: string, reason: string): Problem[] => [{ file, line: document.lineOf([key]), reason }]
  if (layer === 'fleet' && name !== '') return say('name', 'The fleet has no name.')
  if (layer !== 'fleet' && name === '') return say('layer', 'It needs a name: whose layer it is.')
  if ((layer === 'agent') !== (box !== undefined))
    return say('box', 'An agent names its machine as box, and nothing else does.')
  return {
    file,
    name: { layer, name, ...(box === undefined ? {} : { box }), ...(stateDir === undefined ? {} : { stateDir }) },
    content: {
      sections: sections ?? emptyContent.sections,
      raw: { openclaw: raw?.openclaw ?? {} },
      excepts: (excepts ?? []).map(({ path, until, because }) => ({ path, untilMs: Date.parse(until), because })),
    },
    lineOf: (at) => lineIn(document, at),
  }
}

/** Files of a folder as layers, and every problem of every file. `find`: the layer of a name, or why there is none. Pure. */
export function readFolder(
  files: readonly OverlayFile[],
  find: (name: LayerName) => LayerRef | string,
): { layers: (FileLayer & { readonly layer: LayerRef })[]; problems: Problem[] } {
  const problems: Problem[] = []
  const layers: (FileLayer & { readonly layer: LayerRef })[] = []
  const seen = new Map<string, string>()
  for (const one of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const read = readFile(one)
    if (Array.isArray(read)) {
      problems.push(...read)
      continue
    }
    const layer = find(read.name)
    const other = typeof layer === 'string' ? undefined : seen.get(JSON.stringify(layer))
    if (typeof layer === 'string') problems.push({ file: one.path, line: read.lineOf('name'), reason: layer })
    else if (other !== undefined)
      problems.push({ file: one.path, line: 1, reason: `${other} is about the same layer.` })
    else {
      seen.set(JSON.stringify(layer), one.path)
      layers.push({ ...read, layer })
    }
  }
  return { layers, problems }
}
