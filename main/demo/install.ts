import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { writeCheckout } from './git-checkout.ts'
import type { Morning } from './morning.ts'
import type { DemoBox } from './spec.ts'
import { date } from './write-config.ts'

const dayMs = 86_400_000
/** How many commits OpenClaw has made since the machine that stayed behind looked last. */
const commitsSince = 366
/** Before the console was set up, whose lab machine has everything since. */
const lookedDaysBefore = 23
/** Of the package that npm ships as 2026.9.6. */
const packageCommit = 'eb377ac59e6c9fd6c7705028034812becf00271b'

/** Folder of the install in a HOME. */
export const installFolder = ({ agent }: DemoBox): string =>
  agent.install === 'git' ? 'openclaw' : '.npm-global/lib/node_modules/openclaw'

/** Writes the agent's program: an npm package with its own list of hashes, or a git checkout. */
export function writeInstall(home: string, box: DemoBox, atMs: number, morning: Morning): void {
  const root = path.join(home, installFolder(box))
  mkdirSync(path.join(root, 'dist'), { recursive: true })
  const commit = box.agent.install === 'git' ? writeGitInstall(root, box, atMs, morning) : packageCommit
  const files = { ...filesOf(box.agent.version), 'dist/reply-queue.mjs': replyQueue }
  for (const [name, content] of Object.entries(files)) put(root, name, content, morning.nowMs - 26 * dayMs)
  writeFileSync(path.join(root, 'dist/build-info.json'), JSON.stringify({ version: box.agent.version, commit }))
  if (box.agent.install === 'package' && box.agent.version !== '2026.6.11') writeHashes(root)
  if (box.trouble === 'wedged' && atMs >= morning.editedMs)
    put(root, 'dist/reply-queue.mjs', replyQueue.replace('30_000', '0'), morning.editedMs)
}

const replyQueue = 'export const waitMs = 30_000\nexport const queue = []\n'

function put(root: string, name: string, content: string, atMs: number): void {
  writeFileSync(path.join(root, name), content)
  date(path.join(root, name), atMs)
}

function filesOf(version: string): Record<string, string> {
  const needs = version === '2026.6.11' ? '>=22.19.0' : '>=24.16.0 <25 || >=26.1.0'
  const manifest = {
    name: 'openclaw',
    version,
    type: 'module',
    bin: { openclaw: 'openclaw.mjs' },
    engines: { node: needs },
  }
  return {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'openclaw.mjs': '#!/usr/bin/env node\n',
    '.gitignore': 'dist\n',
  }
}

/** As the package ships them: what is in `dist`, with its hash. */
function writeHashes(root: string): void {
  const name = 'dist/reply-queue.mjs'
  const sha256 = createHash('sha256').update(replyQueue).digest('hex')
  writeFileSync(
    path.join(root, 'dist/postinstall-content-inventory.json'),
    JSON.stringify([{ path: name, sha256, size: Buffer.byteLength(replyQueue) }]),
  )
}

/** The lab was pulled on the day the console was set up, and looks for more every day; the machine that stayed behind was, and looked for updates, once. */
function writeGitInstall(root: string, { agent }: DemoBox, atMs: number, { setUpMs }: Morning): string {
  const lookedMs = setUpMs - lookedDaysBefore * dayMs
  const newest = agent.version === '2026.8.2' ? 1 : 1 + commitsSince
  return writeCheckout(root, {
    remote: 'https://git.openclaw.invalid/openclaw.git',
    upstream: {
      filesOf: (commit) => filesOf(commit <= 1 ? '2026.8.2' : '2026.9.6'),
      dateOf: (commit) => lookedMs + ((commit - 1) / commitsSince) * (setUpMs - lookedMs),
    },
    head: newest,
    fetched: newest,
    fetchedAtMs: newest === 1 ? lookedMs : atMs - 2 * 3_600_000,
  })
}
