// Builds, or leaves alone what is newer than every source.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { root, runtime } from './install.mjs'

const sources = ['main', 'shared', 'preload', 'renderer', 'scripts', 'package-lock.json']

function newestMs(file) {
  const stat = statSync(file)
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(file).reduce((newest, name) => Math.max(newest, newestMs(path.join(file, name))), stat.mtimeMs)
}

function builtMs() {
  try {
    return statSync(path.join(root, 'out/main/cli.js')).mtimeMs
  } catch {
    return 0
  }
}

/** Builds everything. Its words go to stderr: stdout belongs to the program that follows. */
export function build() {
  const options = { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, ...runtime.env } }
  const built = spawnSync(runtime.node, [path.join(root, 'scripts/build.mjs')], options)
  if (built.status !== 0) process.exit(built.status ?? 1)
}

export function buildIfStale() {
  if (sources.some((name) => newestMs(path.join(root, name)) > builtMs())) build()
}
