// Electron's binary: there, fetched once, or not to be had.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root, runtime } from './install.mjs'

const folder = path.join(root, 'node_modules/electron')
const probeMs = 2_000
const fetchMs = 300_000

function installed() {
  const pointer = path.join(folder, 'path.txt')
  if (!existsSync(pointer)) return null
  const binary = path.join(folder, 'dist', readFileSync(pointer, 'utf8').trim())
  return existsSync(binary) ? binary : null
}

/** Whether the host that has the binary can be reached at all; answers within 2 s. */
function reachable() {
  if (process.env.ELECTRON_MIRROR || process.env.HTTPS_PROXY || process.env.https_proxy) return true
  const code = `require('node:net').connect(443, 'github.com').once('connect', () => process.exit(0)).once('error', () => process.exit(1))`
  return spawnSync(runtime.node, ['-e', code], { timeout: probeMs, stdio: 'ignore' }).status === 0
}

/**
 * The path of Electron's binary, or null where the stand-in must do: no display on Linux, `WHEELHOUSE_STANDIN` set,
 * or the binary cannot be fetched.
 */
export function electronBinary() {
  if (process.env.WHEELHOUSE_STANDIN) return null
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return null
  const there = installed()
  if (there || !reachable()) return there
  console.error('Fetching Electron once.')
  spawnSync(runtime.node, [path.join(folder, 'install.js')], { cwd: root, stdio: ['ignore', 2, 2], timeout: fetchMs })
  return installed()
}
