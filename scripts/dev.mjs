// Rebuilds while files change: the page is loaded again, anything else starts the app anew. Nothing listens on a port.
import { spawn, spawnSync } from 'node:child_process'
import { watch } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const quietMs = 150
const args = process.argv.slice(2)
let app = null
let timer = null

function build() {
  return (
    spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' }).status === 0
  )
}

function start() {
  app = spawn(process.execPath, [path.join(root, 'scripts/standin/start.ts'), ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, WHEELHOUSE_STANDIN_CONTROLLED: '1' },
  })
  const started = app
  app.once('exit', (code) => {
    // Closed by its user, not by a change of the sources.
    if (app === started) process.exit(code ?? 0)
  })
}

function restart() {
  if (!build()) return
  const old = app
  app = null
  if (!old) return start()
  old.once('exit', start)
  old.send({ ask: 'quit' })
}

let pageOnly = true
function changed(folder) {
  pageOnly &&= folder === 'renderer'
  clearTimeout(timer)
  timer = setTimeout(() => {
    const reload = pageOnly
    pageOnly = true
    if (!reload) restart()
    else if (build()) app?.send({ ask: 'reload' })
  }, quietMs)
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app?.send({ ask: 'quit' }))
for (const folder of ['main', 'preload', 'renderer', 'shared'])
  watch(path.join(root, folder), { recursive: true }, () => changed(folder))
if (!build()) process.exit(1)
start()
