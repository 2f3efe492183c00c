// Entry for a bare checkout: start, test, check, dev, cli, bench:*. Plain Node 20 or newer, no dependencies.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { build, buildIfStale } from './go/build.mjs'
import { electronBinary } from './go/electron.mjs'
import { ensureInstalled, root, runtime } from './go/install.mjs'
import { ensureParts } from './go/parts.mjs'
import { runTests } from './go/test.mjs'

const [task = 'start', ...rest] = process.argv.slice(2)

/** Runs a script in the foreground until it ends, handing on signals; the answer is its exit code. */
function run(script, args, options = {}) {
  const child = spawn(options.executable ?? runtime.node, script ? [path.join(root, script), ...args] : args, {
    cwd: options.cwd ?? root,
    stdio: 'inherit',
    env: { ...process.env, ...runtime.env },
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1))))
}

async function start(extra) {
  build()
  const electron = electronBinary()
  if (electron) return run(null, ['.', ...extra], { executable: electron })
  ensureParts(['browser'])
  return run('scripts/standin/start.ts', extra)
}

const tasks = {
  start: () => start(rest),
  dev: async () => {
    ensureParts(['browser'])
    return run('scripts/dev.mjs', rest)
  },
  test: () => runTests(),
  check: () => runTests({ only: ['build', 'typecheck', 'lint', 'layers', 'dead code', 'unit'] }),
  cli: async () => {
    buildIfStale()
    return run('out/main/cli.js', rest, { cwd: process.env.INIT_CWD ?? process.cwd() })
  },
  'bench:sweep': async () => {
    ensureParts(['sshd', 'fan-out tools'])
    build()
    return run('bench/sweep.ts', rest)
  },
  'bench:push': async () => {
    ensureParts(['sshd', 'fan-out tools'])
    build()
    return run('bench/push.ts', rest)
  },
  'bench:logs': async () => {
    if (rest.includes('--window')) {
      ensureParts(['sshd', 'browser'])
      build()
      return run('bench/window.ts', rest)
    }
    if (rest.includes('--tails')) {
      ensureParts(['sshd'])
      build()
      return run('bench/tails.ts', rest)
    }
    ensureParts(['lnav'])
    return run('bench/logs.ts', rest)
  },
  'bench:screen': async () => {
    ensureParts(['browser'])
    build()
    return run('bench/screen.ts', rest)
  },
}

const chosen = tasks[task]
if (!chosen) {
  console.error(`There is no task "${task}". There are: ${Object.keys(tasks).join(', ')}.`)
  process.exit(2)
}
ensureInstalled()
if (task.startsWith('bench:') && !existsSync(path.join(root, 'bench', `${task.slice(6)}.ts`))) {
  console.error(`There is no bench/${task.slice(6)}.ts.`)
  process.exit(2)
}
process.exit(await chosen())
