import type { LayerContent, OverlayContent, OverlayImport } from '../../shared/contract/index.ts'
import { sha256Of } from '../runtimes/runtimes.ts'
import { fileProblem } from './layer-files.ts'

/** A layer with the path of its file. */
export interface PlacedLayer {
  /** `client/bright-roofing.yaml`. */
  readonly path: string
  readonly content: Pick<LayerContent, 'sections'>
}

type Problem = OverlayImport['problems'][number]
export interface ReadContent {
  readonly sha256: string
  readonly bytes: Buffer
}

/** What Windows takes for a device, whatever its ending. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
const folderOf = (yaml: string): string => `${yaml.replace(/\.ya?ml$/i, '')}.files`

/** Is a path of a folder the content of a file, not a layer? */
export const isContentPath = (path: string): boolean =>
  path
    .split('/')
    .slice(0, -1)
    .some((name) => name.endsWith('.files'))

/** A name that every system takes, and that is no other one's where small and large letters are the same. */
function safePath(path: string, taken: Set<string>): string {
  const names = path.split('/').map((name) => (device.test(name) ? `_${name}` : name).replace(/[. ]+$/, '_'))
  const isTaken = (text: string) => {
    const own = text.toLowerCase()
    return [...taken].some((other) => other === own || other.startsWith(`${own}/`) || own.startsWith(`${other}/`))
  }
  let safe = names.join('/')
  for (let again = 2; isTaken(safe); again++)
    safe = `${names[0]}-${again}${names
      .slice(1)
      .map((name) => `/${name}`)
      .join('')}`
  taken.add(safe.toLowerCase())
  return safe
}

/**
 * The content of the files that layers declare, each beside the file of its layer; and what is declared but not kept here,
 * by layer file and path. Which is which says the hash, so a name may be another one where two would be the same. Pure.
 */
export function writeContents(
  layers: readonly PlacedLayer[],
  contentOf: (sha256: string) => Buffer | null,
): { contents: OverlayContent[]; missing: string[] } {
  const contents: OverlayContent[] = []
  const missing: string[] = []
  for (const { path, content } of layers) {
    const taken = new Set<string>()
    const byPath = (a: readonly [string, unknown], b: readonly [string, unknown]) => (a[0] < b[0] ? -1 : 1)
    for (const [name, { sha256, executable = false }] of Object.entries(content.sections.files ?? {}).toSorted(
      byPath,
    )) {
      if (sha256 === undefined) continue
      const bytes = contentOf(sha256)
      if (bytes === null) missing.push(`${path}: ${name}`)
      else
        contents.push({
          path: `${folderOf(path)}/${safePath(name, taken)}`,
          base64: bytes.toString('base64'),
          executable,
        })
    }
  }
  return { contents: contents.toSorted((a, b) => (a.path < b.path ? -1 : 1)), missing }
}

/** Why a path is none inside a folder; empty: it is one. */
function whyNoPath(path: string): string {
  const names = path.split('/')
  if (path.includes('\\') || path.includes(':') || /[\p{Cc}\p{Cf}]/u.test(path))
    return 'Its name has a sign that no file of a folder has.'
  if (names.some((name) => name === '' || name === '.' || name === '..')) return 'It leads out of the folder.'
  if (names.some((name) => device.test(name) || /[. ]$/.test(name))) return 'Windows takes no such name.'
  return isContentPath(path) ? '' : 'The content of a file stands in a folder as fleet.files, beside fleet.yaml.'
}

/**
 * Contents of a folder against its layers: whichever no layer names by its hash, whichever has a name that is none, and
 * what may not be carried is a problem. Nothing of a name is used for anything else. Pure.
 */
export function readContents(
  contents: readonly OverlayContent[],
  layers: readonly PlacedLayer[],
): { read: ReadContent[]; problems: Problem[] } {
  const problems: Problem[] = []
  const read = new Map<string, ReadContent>()
  const seen = new Map<string, string>()
  for (const { path, base64 } of contents.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const say = (reason: string) => problems.push({ file: path, line: null, reason })
    const no = whyNoPath(path)
    const same = seen.get(path.toLowerCase())
    const layer = layers.find((one) => path.startsWith(`${folderOf(one.path)}/`))
    if (no !== '') say(no)
    else if (same !== undefined) say(`Where small and large letters are the same, it is ${same}.`)
    else if (layer === undefined) say('There is no layer file beside its folder.')
    else {
      const problem = readInto(read, layer, base64)
      if (problem !== '') say(problem)
    }
    seen.set(path.toLowerCase(), path)
  }
  return { read: [...read.values()], problems }
}

/** Reads one content for the files that its layer names by its hash. Empty: it is read. */
function readInto(read: Map<string, ReadContent>, { path, content }: PlacedLayer, base64: string): string {
  const bytes = Buffer.from(base64, 'base64')
  const sha256 = sha256Of(bytes)
  const names = Object.entries(content.sections.files ?? {})
    .filter(([, file]) => file.sha256 === sha256)
    .map(([name]) => name)
  const problem = names.map((name) => fileProblem(name, bytes)).find((words) => words !== '') ?? ''
  if (names.length === 0)
    return `Its SHA-256 is ${sha256}, and no file of ${path} has that one. Write it there, as sha256 of the file that it is.`
  if (problem === '') read.set(sha256, { sha256, bytes })
  return problem
}
