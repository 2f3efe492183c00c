import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isForeign, type Ran, run, why } from '../reading.ts'
import type { FoundAgent } from './find-agents.ts'
import { isSqliteEra } from './versions.ts'

export interface OwnBinary {
  readonly agent: FoundAgent
  readonly entry: string
  /** The Node that the service uses, or the one this program runs on. */
  readonly node: string
  readonly version: string
}

/**
 * Runs on a box. A command of the box's own OpenClaw that only reads; never another version's, which would migrate the
 * state. Its own temporary files go to a folder of ours in the system's temp folder, which is removed. Versions before
 * 2026.8 also open their state database to write, so those get an empty state folder there, and the config where it lies.
 *
 * @param limits.emptyState an empty state folder for the newer ones too, for commands that open the database there.
 * @returns how it ended, or why it was not run, as a sentence.
 */
export async function runOwn(
  { agent, entry, node, version }: OwnBinary,
  args: readonly string[],
  { emptyState = false, ...limits }: { timeoutMs: number; mostBytes?: number; emptyState?: boolean },
): Promise<Ran | string> {
  if (!existsSync(entry)) return 'The installed OpenClaw has no entry file.'
  // What a user may write must not run with the rights of root; as any other login it can do no more than that one.
  if (process.getuid?.() === 0 && isForeign(entry))
    return 'The install belongs to another user, and this login is root: it was not run.'
  let scratch: string
  try {
    scratch = mkdtempSync(path.join(tmpdir(), 'wheelhouse-'))
  } catch (error) {
    return `No temporary folder could be made: ${why(error)}`
  }
  try {
    return await run(node, [entry, ...args], {
      ...limits,
      cwd: agent.stateDir,
      env: {
        ...process.env,
        PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`,
        OPENCLAW_STATE_DIR: isSqliteEra(version) && !emptyState ? agent.stateDir : scratch,
        XDG_CACHE_HOME: scratch,
        TMPDIR: scratch,
        // Its compiled sources would be kept there, and be gone with it.
        NODE_DISABLE_COMPILE_CACHE: '1',
        OPENCLAW_CONFIG_PATH: agent.configPath,
        OPENCLAW_LOG_LEVEL: 'silent',
        OPENCLAW_NO_AUTO_UPDATE: '1',
        NO_COLOR: '1',
      },
    })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
