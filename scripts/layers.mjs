// Who may import whom (ARCHITECTURE.md). Reads every import of every file, type-only ones included, and says each that breaks a rule.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'oxc-parser'

/** Low to high: a folder of main imports lower ones only. `testing` stands apart. */
const ladder = [
  'base',
  'store',
  'ledger',
  'inventory',
  'findings',
  'ssh',
  'runtimes',
  'onbox',
  'git',
  'backup',
  'keys',
  'logs',
  'facts',
  'activity',
  'outside',
  'schemas',
  'rules',
  'overlay',
  'apply',
  'patch',
  'snapshot',
  'rollout',
  'handover',
  'triage',
  'onboarding',
  'shell',
  'review',
  'pages',
  'engine',
  'demo',
  'cli',
  'desktop',
]
/**
 * Files beside a front door that others may import: types every rung speaks, what a thread needs of the store and the
 * runtimes without the rest of them, what carries a change without a console, and the engine's entry for its hosts.
 */
const sideDoors = [
  'main/runtimes/observed.ts',
  'main/runtimes/log-lines.ts',
  'main/runtimes/exchanges-answer.ts',
  'main/runtimes/log-answer.ts',
  'main/runtimes/change-answer.ts',
  'main/runtimes/login-keys.ts',
  'main/runtimes/login-keys-answer.ts',
  'main/runtimes/backup.ts',
  'main/runtimes/backup-answer.ts',
  'main/runtimes/change.ts',
  'main/runtimes/operations.ts',
  'main/runtimes/looked-for.ts',
  'main/runtimes/file-text.ts',
  'main/runtimes/setting-schema.ts',
  'main/runtimes/packed-answer.ts',
  'main/runtimes/redact-line.ts',
  'main/store/faults.ts',
  'main/store/migrate.ts',
  'main/ssh/dial.ts',
  'main/ssh/vault.ts',
  'main/onbox/bootstrap.ts',
  'main/onbox/change.ts',
  'main/onbox/program.ts',
  'main/apply/carry-out.ts',
  'main/apply/locks.ts',
  'main/engine/process.ts',
]
/** Rungs inside the page, low to high; features stand beside each other and import none of their kind. */
const rendererRungs = { platform: 0, api: 0, state: 0, ui: 0, features: 1, app: 2 }
const shipped = ['main', 'renderer', 'preload', 'shared']
const read = [...shipped, 'e2e', 'bench', 'scripts']
const ignored = new Set(['node_modules', 'out', 'dist'])

const isTest = (file) => /\.(test|spec)\.tsx?$/.test(file)
const top = (file) => file.split('/')[0]
const second = (file) => file.split('/')[1]

function filesOf(root, folder) {
  if (!existsSync(path.join(root, folder))) return []
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`
    if (entry.isDirectory()) return ignored.has(entry.name) ? [] : filesOf(root, name)
    return /\.(ts|tsx|mts|mjs|js|jsx)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [name] : []
  })
}

const typesOnly = (node) => {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true
  const parts = node.specifiers ?? []
  return parts.length > 0 && parts.every((part) => part.importKind === 'type' || part.exportKind === 'type')
}

/** Every module a file names: imports, re-exports, `import()`, `import('x').T`, `require`. A null name is a computed one. */
function namesIn(file, code) {
  const { program, errors } = parseSync(file, code)
  if (errors.length > 0) throw new Error(`${file} cannot be read: ${errors[0].message}`)
  const names = []
  const add = (node, from) =>
    names.push({
      name: node?.type === 'Literal' && typeof node.value === 'string' ? node.value : null,
      typesOnly: typesOnly(from),
    })
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return
    if (Array.isArray(node)) return node.forEach(visit)
    if (/^(ImportDeclaration|ExportAllDeclaration|ImportExpression|TSImportType)$/.test(node.type))
      add(node.source ?? node.argument, node)
    else if (node.type === 'ExportNamedDeclaration' && node.source) add(node.source, node)
    else if (node.type === 'TSExternalModuleReference') add(node.expression, node)
    else if (node.type === 'CallExpression' && node.callee.name === 'require') add(node.arguments[0], node)
    for (const key in node) if (key !== 'parent') visit(node[key])
  }
  visit(program)
  return names
}

/** Where a folder stands that no rule names: an error, so that a new one is put somewhere. */
function unknownFolder(file) {
  const parts = file.split('/')
  if (top(file) === 'main' && parts.length > 2 && ![...ladder, 'testing'].includes(parts[1]))
    return `main/${parts[1]} is not on the ladder`
  if (top(file) === 'renderer' && parts.length > 2 && !(parts[1] in rendererRungs))
    return `renderer/${parts[1]} is not a folder of the page`
  return null
}

function betweenMain(from, to) {
  const [own, other] = [second(from), second(to)]
  if (own === other || own === 'testing') return null
  if (other === 'testing') return isTest(from) || own === 'demo' ? null : 'main/testing is for tests, the demo and e2e'
  // A test may show its folder at work under a higher one.
  if (isTest(from)) return null
  if (ladder.indexOf(other) > ladder.indexOf(own)) return `main/${own} is below main/${other}`
  const frontDoor = to === `main/${other}/${other}.ts` || other === 'base' || sideDoors.includes(to)
  return frontDoor ? null : `main/${other} is entered by ${other}.ts`
}

function betweenRenderer(from, to) {
  const [own, other] = [second(from), second(to)]
  if (!from.includes('/', 9) || !to.includes('/', 9)) return null
  if (own === 'features' && other === 'features')
    return from.split('/')[2] === to.split('/')[2] ? null : 'features do not import each other'
  return rendererRungs[other] > rendererRungs[own] ? `renderer/${own} is below renderer/${other}` : null
}

/** The rule that forbids `from` to import our file `to`, or null. */
function forbidden(from, to) {
  const [own, other] = [top(from), top(to)]
  if (!shipped.includes(own)) return null
  if (!shipped.includes(other)) return isTest(from) ? null : `${own} does not import ${other}, which is not shipped`
  if (own === 'shared' && other !== 'shared') return 'shared imports nothing of ours'
  if (own === 'preload' && !['preload', 'shared'].includes(other)) return 'preload imports shared only'
  if (own === 'renderer' && !['renderer', 'shared'].includes(other)) return 'the page imports shared only'
  if (own === 'main' && !['main', 'shared'].includes(other)) return 'main imports shared only'
  if (own === 'main' && other === 'main') return betweenMain(from, to)
  if (own === 'renderer' && other === 'renderer') return betweenRenderer(from, to)
  return null
}

function forbiddenPackage(from, name) {
  const electron = name === 'electron' || name.startsWith('electron/')
  if (electron && shipped.includes(top(from)) && top(from) !== 'preload' && !from.startsWith('main/desktop/')) {
    return 'only main/desktop and preload import electron'
  }
  return null
}

/** One cycle through each strongly connected group of files. */
function cycles(imports) {
  const state = new Map()
  const found = []
  const walk = (file, trail) => {
    state.set(file, 'open')
    for (const next of imports.get(file) ?? []) {
      if (state.get(next) === 'open') found.push([...trail.slice(trail.indexOf(next)), next])
      else if (!state.has(next)) walk(next, [...trail, next])
    }
    state.set(file, 'closed')
  }
  for (const file of imports.keys()) if (!state.has(file)) walk(file, [file])
  return found
}

/** Reads the tree under `root`; answers with how many files it read and every broken rule as a sentence. */
export function checkLayers(root) {
  const files = read.flatMap((folder) => filesOf(root, folder))
  const problems = []
  const imports = new Map()
  for (const from of files) {
    const unknown = unknownFolder(from)
    if (unknown) problems.push(`${from}: ${unknown}`)
    const ours = []
    for (const { name, typesOnly } of namesIn(from, readFileSync(path.join(root, from), 'utf8'))) {
      let broken = null
      if (name === null)
        broken =
          shipped.includes(top(from)) && !isTest(from)
            ? 'imports a name that is computed, which no check can follow'
            : null
      else if (!name.startsWith('.')) broken = forbiddenPackage(from, name)
      else {
        const to = path.posix.normalize(path.posix.join(path.posix.dirname(from), name))
        // Parts of a domain may take the types of their front door; that is no cycle when the program runs.
        if (!typesOnly || top(to) !== top(from) || second(to) !== second(from)) ours.push(to)
        broken = forbidden(from, to)
      }
      if (broken) problems.push(`${from} imports ${name ?? 'a computed name'}: ${broken}`)
    }
    imports.set(from, ours)
  }
  for (const cycle of cycles(imports)) problems.push(`cycle: ${cycle.join(' → ')}`)
  if (files.length === 0) problems.push('no file was read, so nothing was checked')
  return { files: files.length, problems }
}

if (process.argv[1] === import.meta.filename) {
  const { files, problems } = checkLayers(path.resolve(import.meta.dirname, '..'))
  for (const problem of problems) console.error(problem)
  console.log(`layers: ${files} files, ${problems.length} broken rules`)
  process.exit(problems.length === 0 ? 0 : 1)
}
