import { isBuiltin } from 'node:module'
import path from 'node:path/posix'
import { Need, type PatchPart, type Proposal } from '../../shared/contract/index.ts'
import { canonicalJson } from '../base/canonical.ts'
import { pathOfDotted } from '../runtimes/operations.ts'
import { classOf } from './class-of.ts'
import { commandsIn } from './command-words.ts'
import { type loadParser, readCode } from './read-code.ts'
import { readSkill } from './read-skill.ts'

export interface ProposeParts {
  /** A file's bytes by their hash; null: nobody has them. */
  readonly contentOf: (sha256: string) => Uint8Array | null
  readonly parse: Awaited<ReturnType<typeof loadParser>>
  /** `engines.node` of a version of the runtime; null: nobody said yet. */
  readonly nodeFor: (version: string) => string | null
  /** Which versions of the runtime know a setting, of those whose settings are known; by path inside the runtime. */
  readonly knownIn: (setting: readonly string[]) => {
    readonly has: readonly string[]
    readonly lacks: readonly string[]
  }
  /** Of two versions, is the first as new as the second? */
  readonly isAtLeast: (version: string, other: string) => boolean
}

type Line = Proposal['needs'][number]
type Unread = Proposal['unread'][number]
interface Found {
  readonly needs: Line[]
  readonly unread: Unread[]
}

/** Parts of Node that came late: https://nodejs.org/docs/latest/api/, "Added in". What is not here, every Node has. */
const lateNode: Readonly<Record<string, string>> = {
  sqlite: '>=22.5.0',
  sea: '>=20.12.0',
  test: '>=18.0.0',
  'test/reporters': '>=18.9.0',
}
const codeEnding = /\.(js|mjs|cjs|jsx|ts|mts|cts|tsx)$/i
const plainEnding =
  /\.(md|txt|json|json5|jsonl|ya?ml|toml|csv|tsv|html?|css|svg|png|jpe?g|gif|webp|ico|pdf|xml|ics|vcf|wav|mp3|ogg|woff2?)$/i
/** An update keeps the old install until it is done, and each is about this large. */
const updateBytes = 1_000_000_000

const endings = ['', '.js', '.mjs', '.cjs', '.ts', '/index.js', '/index.mjs']

class Collected implements Found {
  readonly needs: Line[] = []
  readonly unread: Unread[] = []
  need(wanted: Need, from: string): void {
    const parsed = Need.safeParse(wanted)
    if (parsed.success) this.needs.push({ need: parsed.data, from })
    else this.unread.push({ path: from, why: 'It names something that cannot be looked for on a machine.' })
  }
  commands(line: string, from: string): void {
    for (const name of commandsIn(line)) this.need({ kind: 'command', name }, from)
  }
}

function readModule(
  into: Collected,
  own: ReadonlySet<string>,
  file: string,
  { name, exports, line }: { name: string; exports: readonly string[]; line: number },
): void {
  const from = `${file}, line ${line}`
  const bare = name.replace(/^node:/, '')
  if (isBuiltin(name)) {
    const since = lateNode[bare]
    if (since !== undefined) into.need({ kind: 'node', range: since }, `${from}: ${name}`)
    return
  }
  if (name.startsWith('./') || name.startsWith('../')) {
    const target = path.join(path.dirname(file), name)
    const [hit] = endings.filter((ending) => own.has(`${target}${ending}`))
    if (hit !== undefined) return
    if (target.startsWith('..'))
      into.unread.push({ path: file, why: `Line ${line} loads ${name}, outside of the workspace.` })
    else into.need({ kind: 'file', path: /\.\w{1,5}$/.test(target) ? target : `${target}.js` }, from)
    return
  }
  if (/^([/#]|[a-z]+:)/i.test(name))
    into.unread.push({ path: file, why: `Line ${line} loads ${name}, which is not looked for.` })
  else into.need({ kind: 'module', name, exports: [...exports] }, from)
}

function readFile(
  into: Collected,
  own: ReadonlySet<string>,
  file: string,
  bytes: Uint8Array,
  parse: ProposeParts['parse'],
): void {
  const text = Buffer.from(bytes).toString('utf8')
  if (/(^|\/)SKILL\.md$/i.test(file)) {
    const skill = readSkill(text)
    if (typeof skill === 'string') return void into.unread.push({ path: file, why: skill })
    for (const name of skill.commands) into.need({ kind: 'command', name }, `${file}: requires.bins`)
    for (const setting of skill.settings)
      into.need({ kind: 'setting', path: `raw.openclaw.${setting}` }, `${file}: requires.config`)
    if (skill.anyCommand.length > 0)
      into.unread.push({ path: file, why: `It requires one of ${skill.anyCommand.join(', ')}: say which.` })
    for (const name of skill.variables)
      into.unread.push({ path: file, why: `It requires the variable ${name}, which nobody looks at.` })
    return
  }
  if (plainEnding.test(file)) return
  if (!codeEnding.test(file))
    return void into.unread.push({
      path: file,
      why: 'Only JavaScript, TypeScript and SKILL.md are read for what they need.',
    })
  if (parse === null) return void into.unread.push({ path: file, why: 'The parser is not to be had on this computer.' })
  const uses = readCode(parse, file, text)
  if (typeof uses === 'string') return void into.unread.push({ path: file, why: uses })
  for (const module of uses.modules) readModule(into, own, file, module)
  for (const { text: command, line } of uses.commands) into.commands(command, `${file}, line ${line}`)
  if (uses.computed.length > 0)
    into.unread.push({
      path: file,
      why: `What it loads or starts is made up as it runs on line ${uses.computed.slice(0, 5).join(', ')}.`,
    })
}

function readSetting(into: Collected, text: string, { knownIn, isAtLeast }: ProposeParts): void {
  into.need({ kind: 'setting', path: text }, `the overlay says ${text}`)
  const [root, , ...setting] = pathOfDotted(text) ?? []
  if (root !== 'raw' || setting.length === 0) return
  const [plugins, entries, plugin] = setting
  if (plugins === 'plugins' && entries === 'entries' && plugin !== undefined)
    into.need({ kind: 'plugin', name: plugin }, `the overlay says ${text}`)
  const { has, lacks } = knownIn(setting)
  const enough = has.filter((version) => lacks.every((without) => !isAtLeast(without, version)))
  const [oldest] = enough.toSorted((a, b) => (isAtLeast(a, b) ? 1 : -1))
  if (lacks.length > 0 && oldest !== undefined)
    into.need({ kind: 'runtime', range: `>=${oldest}` }, `${text} is known in ${oldest}, not in ${lacks.at(-1)}`)
}

function readPart(into: Collected, own: ReadonlySet<string>, part: PatchPart, parts: ProposeParts): void {
  switch (part.kind) {
    case 'overlay':
      for (const text of Object.keys(part.set)) readSetting(into, text, parts)
      return
    case 'files':
      for (const { path: file, sha256 } of part.files) {
        if (sha256 === null) continue
        const bytes = parts.contentOf(sha256)
        if (bytes === null) into.unread.push({ path: file, why: 'Its content is not here.' })
        else readFile(into, own, file, bytes, parts.parse)
      }
      return
    case 'update': {
      const node = part.from === 'package' ? parts.nodeFor(part.to) : null
      if (node !== null) into.need({ kind: 'node', range: node }, `${part.to} asks for Node ${node}`)
      else into.unread.push({ path: `update to ${part.to}`, why: 'Nobody said yet which Node it asks for.' })
      into.need({ kind: 'disk', bytes: updateBytes }, `update to ${part.to}: the old install stays until it is done`)
      return
    }
    case 'folder':
      into.need({ kind: 'command', name: 'git' }, `${part.folder} is brought to ${part.to.slice(0, 20)}`)
      return
    case 'command':
      into.commands(part.run, `command ${part.run.slice(0, 80)}`)
      if (part.undo.kind === 'run') into.commands(part.undo.run, `its way back: ${part.undo.run.slice(0, 80)}`)
  }
}

/** One need is one line, whoever has it; of a module all names that anybody takes. */
function folded(lines: readonly Line[]): Line[] {
  const keyOf = ({ need }: Line) => (need.kind === 'module' ? `module ${need.name}` : canonicalJson(need))
  return [...Map.groupBy(lines, keyOf).values()].flatMap((same): Line[] => {
    const [first] = same
    if (!first) return []
    const others = new Set(same.map(({ from }) => from)).size - 1
    const from = `${first.from.slice(0, 270)}${others > 0 ? `, and ${others} more` : ''}`
    if (first.need.kind !== 'module') return [{ need: first.need, from }]
    const names = same.flatMap(({ need }) => (need.kind === 'module' ? need.exports : []))
    return [{ need: { ...first.need, exports: [...new Set(names)].toSorted() }, from }]
  })
}

/** What parts need on a machine, line by line with what says so, and the least class they have. */
export function propose(patchParts: readonly PatchPart[], parts: ProposeParts): Proposal {
  const files = patchParts.flatMap((part) => (part.kind === 'files' ? part.files : []))
  const own = new Set(files.flatMap(({ path: file, sha256 }) => (sha256 === null ? [] : [file])))
  const into = new Collected()
  for (const part of patchParts) readPart(into, own, part, parts)
  return { needs: folded(into.needs).slice(0, 500), unread: into.unread.slice(0, 200), ...classOf(patchParts) }
}
