import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  visit,
} from 'yaml'

/** Where a file cannot be read, and why. */
export class BadYaml extends Error {
  readonly line: number
  constructor(line: number, reason: string) {
    super(reason)
    this.line = line
  }
}

export interface YamlDocument {
  readonly value: unknown
  /** The line, from 1, on which the value at a path begins, or the nearest one around it. */
  lineOf(path: readonly PropertyKey[]): number
}

const deepest = 40
const mostValues = 20_000
const neverNames = new Set(['__proto__', 'constructor', 'prototype'])
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a text file never holds.
const neverHeld = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]/

/**
 * Reads a file of plain data as YAML 1.2. What YAML knows beyond data (anchors, aliases, tags, merge keys, directives,
 * several documents) is refused with its line, as are names that are said twice, and what is deeper or longer than any
 * layer.
 *
 * @throws BadYaml where and why it cannot be read.
 */
export function readYaml(text: string): YamlDocument {
  const lines = new LineCounter()
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line)
  refuseControls(text)
  const [document, ...more] = parsed(text, lines)
  if (document === undefined) return { value: null, lineOf: () => 1 }
  const fail = (offset: number, reason: string): never => {
    throw new BadYaml(lineAt(offset), reason)
  }
  const [mistake] = [...document.errors, ...document.warnings]
  if (mistake?.code === 'TAG_RESOLVE_FAILED') fail(mistake.pos[0], 'Tags (!) are not read.')
  if (mistake) fail(mistake.pos[0], `${mistake.message.replace(/\.?$/, '')}.`)
  if (more[0]) fail(more[0].range[0], 'A file holds one document: --- may stand at its beginning alone.')
  if (document.directives?.yaml.explicit) throw new BadYaml(1, 'Directives (%) are not read.')
  refuseMoreThanData(document, fail)
  return { value: document.toJS(), lineOf: (path) => lineAt(offsetOf(document, path)) }
}

function parsed(text: string, lines: LineCounter): Document.Parsed[] {
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      schema: 'core',
      merge: false,
      stringKeys: true,
      prettyErrors: false,
    })
    return 'empty' in documents ? [] : documents
  } catch (error) {
    if (error instanceof RangeError) throw new BadYaml(1, 'It is nested too deep.')
    throw error
  }
}

function refuseControls(text: string): void {
  const place = text.search(neverHeld)
  if (place >= 0)
    throw new BadYaml(text.slice(0, place).split(/\r\n|\n|\r/).length, 'There is a control character on this line.')
}

function refuseMoreThanData(document: Document.Parsed, fail: (offset: number, reason: string) => never): void {
  let values = 0
  visit(document, (key, node, path) => {
    if (path.filter((above) => isMap(above) || isSeq(above)).length > deepest)
      fail(startOf(node) ?? startOf(path.findLast((above) => startOf(above) !== null)) ?? 0, 'It is nested too deep.')
    if (!isNode(node)) return
    const at = startOf(node) ?? 0
    if (++values > mostValues) fail(at, `A file holds at most ${mostValues} values.`)
    if (node.constructor.name === 'Alias' || ('anchor' in node && node.anchor))
      fail(at, 'Anchors and aliases (& and *) are not read: write the value out.')
    if (node.tag !== undefined) fail(at, 'Tags (!) are not read.')
    if (key === 'key') refuseName(node, at, fail)
    else if (isScalar(node)) readNumber(node, at, fail)
  })
}

function refuseName(node: Node, at: number, fail: (offset: number, reason: string) => never): void {
  const name = isScalar(node) ? String(node.source ?? node.value) : '<<'
  if (name === '<<') fail(at, 'Merge keys (<<) are not read: write the values out.')
  if (neverNames.has(name)) fail(at, `“${name}” cannot be a name.`)
}

function readNumber(scalar: Scalar, at: number, fail: (offset: number, reason: string) => never): void {
  const { value, source = '' } = scalar
  if (typeof value !== 'number') return
  if (Object.is(value, -0)) scalar.value = 0
  if (!Number.isFinite(value)) fail(at, `${source} is no number that a config can hold.`)
  if (/^[-+]?\d+$|^0[ox]/.test(source) && !Number.isSafeInteger(value))
    fail(at, `${source} is too large to be kept exactly: put it in quotes.`)
}

const startOf = (node: unknown): number | null => (isNode(node) && node.range ? node.range[0] : null)

/** Of the name that leads to it, else of itself, else of what is around it. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let at: unknown = document.contents
  let offset = startOf(at) ?? 0
  for (const step of path) {
    const pair = isMap(at) ? at.items.find(({ key }) => isScalar(key) && String(key.value) === String(step)) : undefined
    const inner = pair ? pair.value : isSeq(at) ? at.items[Number(step)] : undefined
    const begins = startOf(pair?.key) ?? startOf(inner)
    if (begins === null) return offset
    offset = begins
    at = inner
  }
  return offset
}
