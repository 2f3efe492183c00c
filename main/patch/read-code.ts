import type { parseSync as Parse, Node as SyntaxNode } from 'oxc-parser'

/** What a file of code asks of the machine it runs on, each with its line. */
export interface CodeUses {
  readonly modules: readonly { readonly name: string; readonly exports: readonly string[]; readonly line: number }[]
  /** Programs and whole command lines it starts. */
  readonly commands: readonly { readonly text: string; readonly line: number }[]
  /** Lines on which a module or program has a name that is made up as it runs. */
  readonly computed: readonly number[]
}

type Node = SyntaxNode & Record<string, unknown>

const starters = new Set(['exec', 'execSync', 'execFile', 'execFileSync', 'spawn', 'spawnSync'])
const childProcess = new Set(['child_process', 'node:child_process'])

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
const textOf = (value: unknown): string | null => {
  if (!isNode(value)) return null
  if (value.type === 'Literal' && typeof value.value === 'string') return value.value
  if (value.type === 'TemplateLiteral' && value.expressions.length === 0) return value.quasis[0]?.value.cooked ?? null
  return null
}
const nameOf = (value: unknown): string | null =>
  isNode(value) && (value.type === 'Identifier' || value.type === 'Literal')
    ? String(value.type === 'Identifier' ? value.name : value.value)
    : null

/** Names taken out of a module: of an import's or re-export's list, or of a pattern such as `{ a, b: c }`. */
function takenFrom(node: Node): string[] {
  if (node.type === 'ObjectPattern')
    return node.properties.flatMap((each) => (each.type === 'Property' ? (nameOf(each.key) ?? []) : []))
  const specifiers = (node.specifiers ?? []) as Node[]
  return specifiers.flatMap((each) => {
    if (each.importKind === 'type' || each.exportKind === 'type') return []
    if (each.type === 'ImportDefaultSpecifier') return 'default'
    if (each.type === 'ImportSpecifier') return nameOf(each.imported) ?? []
    return each.type === 'ExportSpecifier' ? (nameOf(each.local) ?? []) : []
  })
}

const isTypesOnly = (node: Node): boolean => {
  if (node.importKind === 'type' || node.exportKind === 'type') return true
  const parts = (node.specifiers ?? []) as Node[]
  return parts.length > 0 && parts.every((each) => each.importKind === 'type' || each.exportKind === 'type')
}

/** The module of `require('x')`, `import('x')` or `await import('x')`; undefined: it is none of these. */
function loaded(value: unknown): Node | undefined {
  if (!isNode(value)) return undefined
  if (value.type === 'AwaitExpression') return loaded(value.argument)
  if (value.type === 'ImportExpression') return value.source as Node
  const isRequire = value.type === 'CallExpression' && nameOf(value.callee) === 'require'
  return isRequire ? (value.arguments[0] as Node | undefined) : undefined
}

/** The parser is native: it is loaded when the first file is read, and its absence is no fault of the console. */
export async function loadParser(): Promise<typeof Parse | null> {
  try {
    return (await import('oxc-parser')).parseSync
  } catch {
    return null
  }
}

/** Reads a file of JavaScript or TypeScript as it is written; nothing of it is run. A text: why it cannot be read. */
export function readCode(parse: typeof Parse, file: string, code: string): CodeUses | string {
  const { program, errors } = parse(file, code)
  const [error] = errors
  if (error) return `It is no code that can be read: ${error.message}`
  const starts = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const lineOf = ({ start }: Node): number => starts.findLastIndex((at) => at <= start) + 1

  const modules: { name: string; exports: string[]; line: number }[] = []
  const calls: { starter: string; by: string | null; first: Node | undefined; line: number }[] = []
  const computed: number[] = []
  /** Local names of a module that starts programs, or of its functions by what they are called there. */
  const ofChildProcess = new Map<string, string>()
  const taken = new Set<unknown>()

  const use = (source: unknown, exports: string[], at: Node): void => {
    const name = textOf(source)
    if (name === null) computed.push(lineOf(at))
    else modules.push({ name, exports, line: lineOf(at) })
  }
  const learn = (source: unknown, pairs: readonly (readonly [string | null, string | null])[]): void => {
    if (!childProcess.has(textOf(source) ?? '')) return
    for (const [local, name] of pairs) if (local !== null) ofChildProcess.set(local, name ?? '*')
  }
  const visit = (node: Node): void => {
    if (node.type === 'ImportDeclaration' && !isTypesOnly(node)) {
      use(node.source, takenFrom(node), node)
      learn(
        node.source,
        node.specifiers.map((each) => [each.local.name, each.type === 'ImportSpecifier' ? nameOf(each.imported) : '*']),
      )
    } else if (/^Export(All|Named)Declaration$/.test(node.type) && node.source && !isTypesOnly(node))
      use(node.source, takenFrom(node), node)
    else if (node.type === 'VariableDeclarator') {
      const source = loaded(node.init)
      if (source !== undefined) {
        const pattern = node.id as Node
        taken.add(source)
        use(source, takenFrom(pattern), node)
        learn(
          source,
          pattern.type === 'ObjectPattern'
            ? pattern.properties.flatMap((each) =>
                each.type === 'Property' ? [[nameOf(each.value), nameOf(each.key)] as const] : [],
              )
            : [[nameOf(pattern), '*']],
        )
      }
    } else if (node.type === 'CallExpression' || node.type === 'ImportExpression') {
      const source = loaded(node)
      if (source !== undefined && !taken.has(source)) use(source, [], node)
      if (node.type === 'CallExpression') {
        const { callee } = node
        const by = callee.type === 'MemberExpression' ? nameOf(callee.object) : null
        const starter = callee.type === 'MemberExpression' ? nameOf(callee.property) : nameOf(callee)
        if (starter !== null)
          calls.push({ starter, by, first: node.arguments[0] as Node | undefined, line: lineOf(node) })
      }
    }
    for (const [key, value] of Object.entries(node)) {
      if (key === 'parent') continue
      if (Array.isArray(value)) for (const each of value) if (isNode(each)) visit(each)
      if (isNode(value)) visit(value)
    }
  }
  visit(program as Node)

  const commands: { text: string; line: number }[] = []
  for (const { starter, by, first, line } of calls) {
    const called = by === null ? ofChildProcess.get(starter) : ofChildProcess.get(by) === '*' ? starter : undefined
    if (called === undefined || !starters.has(called)) continue
    const text = textOf(first)
    if (text === null) computed.push(line)
    else commands.push({ text, line })
  }
  return { modules, commands, computed }
}
