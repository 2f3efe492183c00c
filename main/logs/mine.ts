import { maskVariables } from './mask.ts'

/** Words of a line that are told apart; what comes after is one variable. */
const mostWords = 60
/** Words at the beginning that lead down the tree before lines are compared. */
const leadingWords = 2
/** Share of words that must agree for two lines to be of one kind; the value of the paper's experiments. */
const leastAlike = 0.5
/** Branches of one node: a first word that is itself a variable would otherwise make one for each line. */
const mostBranches = 100
/** A line is looked at so far. */
const mostChars = 4000
/**
 * Masked lines, and lines but for which digits stand in them, whose kind is remembered, and how long each may be: most
 * lines repeat one, and a kind only ever opens, so it still holds them.
 */
const mostMet = 1000
const metChars = 300
const restLines = 20_000
const variable = '<*>'

/** One kind of line: the words that are always there, and `<*>` where they differ. */
export interface Template {
  readonly id: string
  readonly text: string
}

export interface Mined {
  readonly template: Template
  /** Nothing like it was known. */
  readonly isNew: boolean
  /** Its text became more general by this line. */
  readonly changed: boolean
}

interface Cluster {
  readonly id: string
  readonly words: string[]
  /** Where its own words stand: the others are variables. */
  own: readonly number[]
  template: Template
}
interface Node {
  readonly branches: Map<string, Node>
  clusters: Cluster[]
}

export interface Miner {
  /** To which kind of line this one belongs; it becomes known. */
  learn(text: string): Mined
  /** How many kinds are known. */
  readonly size: number
}

export interface MinerOptions {
  /** What was learnt before. */
  readonly known?: readonly Template[]
  /** Names the next new kind. */
  readonly newId: () => string
  /** Kinds that are told apart at most; every line beyond belongs to the last one, "other lines". */
  readonly most?: number
}

/** What every kind beyond the limit is called. */
export const otherLines = '(other lines)'

/**
 * Finds the kinds of log lines one line at a time: the Drain algorithm (He, Zhu, Zheng and Lyu, "Drain: An Online Log
 * Parsing Approach with Fixed Depth Tree", ICWS 2017). A tree of fixed depth by number of words and first words leads to
 * the few kinds that a line is compared with.
 */
export function createMiner({ newId, known = [], most = 2000 }: MinerOptions): Miner {
  const root = new Map<number, Node>()
  const met = createMemory<string>({ key: (text) => text, same: () => true })
  const metShapes = createMemory({ key: shapeKey, same: isSameShape })
  let size = 0
  let other: Template | null = null

  const rememberShape = (shape: string | null, masked: string, cluster: Cluster): void => {
    // No variable looks at which digit it is: where none is left, every line of this shape is masked to the same.
    if (shape !== null && !/\d/.test(masked)) metShapes.put(shape, cluster)
  }
  const remember = (shape: string | null, masked: string, cluster: Cluster): void => {
    met.put(masked, cluster)
    rememberShape(shape, masked, cluster)
  }
  const leafFor = (words: readonly string[]): Node => {
    let node = root.get(words.length) ?? emptyNode()
    root.set(words.length, node)
    for (let place = 0; place < leadingWords; place++) {
      const word = words[place]
      if (word === undefined) break
      const asked = /[<\d]/.test(word) ? variable : word
      const key = node.branches.has(asked) || node.branches.size < mostBranches ? asked : variable
      const next = node.branches.get(key) ?? emptyNode()
      node.branches.set(key, next)
      node = next
    }
    return node
  }
  const add = (leaf: Node, words: string[], template: Template): Cluster => {
    const cluster = { id: template.id, words, own: ownPlaces(words), template }
    leaf.clusters.push(cluster)
    size += 1
    return cluster
  }
  for (const template of known) {
    const words = template.text.split(' ')
    if (template.text === otherLines) other = template
    else add(leafFor(words), words, template)
  }

  return {
    get size() {
      return size
    },
    learn(text) {
      const head = text.slice(0, mostChars)
      const shape = head.length <= metChars && metShapes.isAwake() ? head : null
      const alike = shape === null ? undefined : metShapes.get(shape)
      if (alike) return { template: alike.template, isNew: false, changed: false }
      const masked = maskVariables(head)
      const before = met.isAwake() ? met.get(masked) : undefined
      if (before) {
        rememberShape(shape, masked, before)
        return { template: before.template, isNew: false, changed: false }
      }
      const words = wordsOf(masked)
      const leaf = leafFor(words)
      const nearest = mostAlike(leaf.clusters, words)
      if (nearest) {
        const changed = generalize(nearest, words)
        if (changed) nearest.template = { id: nearest.id, text: nearest.words.join(' ') }
        remember(shape, masked, nearest)
        return { template: nearest.template, isNew: false, changed }
      }
      if (size >= most) {
        const isNew = other === null
        other ??= { id: newId(), text: otherLines }
        return { template: other, isNew, changed: false }
      }
      const added = add(leaf, words, { id: newId(), text: words.join(' ') })
      remember(shape, masked, added)
      return { template: added.template, isNew: true, changed: false }
    },
  }
}

interface Alike<Key> {
  /** Equal for texts that are {@link Alike.same}. */
  key(text: string): Key
  same(a: string, b: string): boolean
}

/** Kinds by text, a thousand; forgotten for a while when next to nothing is met again: lines that are all different. */
function createMemory<Key>({ key, same }: Alike<Key>) {
  const all = new Map<Key, { text: string; cluster: Cluster }>()
  let hits = 0
  let rest = 0
  return {
    /** Asked once a line. */
    isAwake: (): boolean => {
      if (rest > 0) rest -= 1
      return rest === 0
    },
    get: (text: string): Cluster | undefined => {
      const found = all.get(key(text))
      if (!found || !same(found.text, text)) return undefined
      hits += 1
      return found.cluster
    },
    put: (text: string, cluster: Cluster): void => {
      if (rest > 0 || text.length > metChars) return
      if (all.size >= mostMet) {
        if (hits < mostMet / 20) rest = restLines
        hits = 0
        all.clear()
      }
      all.set(key(text), { text, cluster })
    },
  }
}

/** All digits count as one. */
const shapeCode = (text: string, at: number): number => {
  const code = text.charCodeAt(at)
  return code > 47 && code < 58 ? 48 : code
}

/** A hash, so that no line makes a text of its own. */
function shapeKey(text: string): number {
  let key = text.length
  for (let at = 0; at < text.length; at++) key = (Math.imul(key, 31) + shapeCode(text, at)) | 0
  return key
}

function isSameShape(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (shapeCode(a, at) !== shapeCode(b, at)) return false
  return true
}

const emptyNode = (): Node => ({ branches: new Map(), clusters: [] })

function wordsOf(masked: string): string[] {
  const words = masked.split(' ').filter(Boolean)
  if (words.length === 0) return ['(empty)']
  return words.length <= mostWords ? words : [...words.slice(0, mostWords - 1), variable]
}

/** Stands for what differs: it tells nothing about the kind. */
const isVariable = (word: string): boolean => word.startsWith('<') && /^<[a-z*]+>$/.test(word)

const ownPlaces = (words: readonly string[]): number[] =>
  words.flatMap((word, place) => (isVariable(word) ? [] : [place]))

/** Of the kinds as long as the line, the one whose own words it has most of, if enough; of two alike, the more exact. */
function mostAlike(clusters: readonly Cluster[], words: readonly string[]): Cluster | null {
  let best: Cluster | null = null
  let bestSame = -1
  let bestOwn = 0
  for (const cluster of clusters) {
    const own = cluster.own.length
    const needed = Math.max(bestSame, own * leastAlike)
    let same = 0
    let left = own
    for (const place of cluster.own) {
      if (same + left < needed) break
      left -= 1
      if (cluster.words[place] === words[place]) same += 1
    }
    const better = same > bestSame || (same === bestSame && own > bestOwn)
    if (better && same >= own * leastAlike) {
      best = cluster
      bestSame = same
      bestOwn = own
    }
  }
  return best
}

/** Opens the places where the line differs. @returns whether there was one. */
function generalize(cluster: Cluster, words: readonly string[]): boolean {
  let changed = false
  for (const [place, word] of words.entries()) {
    const known = cluster.words[place]
    if (known === variable || known === word) continue
    cluster.words[place] = variable
    changed = true
  }
  if (changed) cluster.own = ownPlaces(cluster.words)
  return changed
}
