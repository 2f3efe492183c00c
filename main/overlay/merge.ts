import type { LayerContent, LayerRef, Merged } from '../../shared/contract/index.ts'
import { dottedPath, pathOfDotted } from '../runtimes/operations.ts'

/** A layer as it stands. */
export interface Layer {
  readonly layer: LayerRef
  readonly content: LayerContent
}

/** A value that is declared, or an object of such. An object without any keeps who declared it. */
type Node = { readonly value: unknown; readonly from: LayerRef } | Branch
interface Branch {
  readonly children: Map<string, Node>
  readonly from: LayerRef
}

const isBranch = (node: Node): node is Branch => 'children' in node

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function nodeOf(value: unknown, from: LayerRef): Node {
  if (!isObject(value)) return { value, from }
  const children = Object.entries(value).flatMap(([name, inner]): [string, Node][] =>
    inner === undefined ? [] : [[name, nodeOf(inner, from)]],
  )
  return { children: new Map(children), from }
}

/** Objects merge; whatever else the other says replaces. */
function mergedNode(under: Node | undefined, over: Node): Node {
  if (under === undefined || !isBranch(under) || !isBranch(over)) return over
  const children = new Map(under.children)
  for (const [name, inner] of over.children) children.set(name, mergedNode(children.get(name), inner))
  return { children, from: over.children.size === 0 ? under.from : over.from }
}

const wrapped = (path: readonly string[], node: Node): Node =>
  path.reduceRight<Node>((inner, name) => ({ children: new Map([[name, inner]]), from: inner.from }), node)

/** A layer as one tree: `sections` and `raw.openclaw` side by side. A path that is none says nothing. */
function treeOf({ layer, content }: Layer): Node {
  const raw = Object.entries(content.raw.openclaw)
    .flatMap(([text, value]) => {
      const path = pathOfDotted(text)
      return path ? [{ path, value }] : []
    })
    // Whatever stands deeper refines what stands above it, in whatever order they were written down.
    .toSorted((a, b) => a.path.length - b.path.length)
  return raw.reduce<Node>(
    (tree, { path, value }) => mergedNode(tree, wrapped(['raw', 'openclaw', ...path], nodeOf(value, layer))),
    nodeOf({ sections: content.sections }, layer),
  )
}

/** The values under a node, each with its path. */
function leavesOf(node: Node, path: readonly string[] = []): { path: readonly string[]; node: Node }[] {
  if (!isBranch(node) || node.children.size === 0) return [{ path, node }]
  return [...node.children].flatMap(([name, inner]) => leavesOf(inner, [...path, name]))
}

/** The tree without what stands at a path, nor the objects that are empty then. */
function without(node: Node, [name, ...rest]: readonly string[]): Node | null {
  if (name === undefined) return null
  if (!isBranch(node)) return node
  const inner = node.children.get(name)
  if (inner === undefined) return node
  const left = without(inner, rest)
  if (left === inner) return node
  const children = new Map(node.children)
  if (left === null) children.delete(name)
  else children.set(name, left)
  return children.size === 0 ? null : { ...node, children }
}

function nodeAt(node: Node | null, path: readonly string[]): Node | null {
  let at = node
  for (const name of path) at = at !== null && isBranch(at) ? (at.children.get(name) ?? null) : null
  return at
}

const plainOf = (node: Node): unknown =>
  isBranch(node) ? Object.fromEntries([...node.children].map(([name, inner]) => [name, plainOf(inner)])) : node.value

/** A value with nothing in it declares nothing by itself. */
const isEmpty = (node: Node): boolean => isBranch(node) && node.children.size === 0

/**
 * What layers declare together, widest first: objects merge, lists and everything else of a narrower layer replace, and
 * every value knows its layer. An exception sets aside what its own layer and wider ones say of its path while it holds;
 * a narrower layer may say it again. Raw settings come back as one path for each value, in order of the paths. Pure.
 */
export function mergeLayers(layers: readonly Layer[], nowMs: number): Merged {
  const excepts: Merged['excepts'] = []
  let tree: Node | null = null
  for (const layer of layers) {
    tree = mergedNode(tree ?? undefined, treeOf(layer))
    for (const { path: text, untilMs, because } of layer.content.excepts) {
      const path = pathOfDotted(text)
      if (untilMs <= nowMs || path === null) continue
      const hidden = nodeAt(tree, path)
      const hides = hidden === null ? [] : leavesOf(hidden, path).map((leaf) => dottedPath(leaf.path))
      excepts.push({ path: text, untilMs, because, layer: layer.layer, hides })
      tree = tree === null ? null : without(tree, path)
    }
  }
  const sections = nodeAt(tree, ['sections'])
  const raw = nodeAt(tree, ['raw', 'openclaw'])
  const rawLeaves = (raw === null ? [] : leavesOf(raw)).filter(({ node }) => !isEmpty(node))
  const leaves = (tree === null ? [] : leavesOf(tree)).filter(({ path, node }) => path.length > 1 && !isEmpty(node))
  const byPath = (a: readonly [string, unknown], b: readonly [string, unknown]) => (a[0] < b[0] ? -1 : 1)
  return {
    content: {
      sections: (sections === null ? {} : plainOf(sections)) as LayerContent['sections'],
      raw: {
        openclaw: Object.fromEntries(
          rawLeaves.map(({ path, node }) => [dottedPath(path), plainOf(node)] as const).toSorted(byPath),
        ) as LayerContent['raw']['openclaw'],
      },
    },
    provenance: Object.fromEntries(
      leaves.map(({ path, node }) => [dottedPath(path), node.from] as const).toSorted(byPath),
    ),
    excepts,
  }
}
