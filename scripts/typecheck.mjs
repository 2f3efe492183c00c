// Each environment has its own project, so that no DOM reaches the engine and no Node reaches the page.
import { spawnSync } from 'node:child_process'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
let failed = false
for (const project of ['node', 'web', 'bridge']) {
  const run = spawnSync(
    process.execPath,
    [path.join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', `tsconfig.${project}.json`],
    { cwd: root, stdio: 'inherit' },
  )
  failed ||= run.status !== 0
}
process.exit(failed ? 1 : 0)
