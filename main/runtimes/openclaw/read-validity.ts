import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { clip, isForeign, run, why } from '../reading.ts'
import type { FoundAgent } from './find-agents.ts'
import { isSettings, type Settings } from './settings.ts'
import { isSqliteEra } from './versions.ts'

export interface Validity {
  /** Null: it was not asked, or gave no verdict. */
  readonly valid: boolean | null
  readonly problem: string
}

export const notAsked: Validity = { valid: null, problem: '' }

const waitMs = 20_000

/**
 * Runs on a box. The verdict of the box's own `openclaw config validate`: only that version knows its schema.
 * Its own temporary files go to a folder of ours in the system's temp folder, which is removed. Versions before 2026.8
 * also open their state database to write, so those get an empty state folder there, and the config where it lies.
 *
 * @param node the Node that the service uses, or the one this program runs on.
 */
export async function askValidity(agent: FoundAgent, entry: string, node: string, version: string): Promise<Validity> {
  if (!existsSync(entry)) return { valid: null, problem: 'The installed OpenClaw has no entry file.' }
  // What a user may write must not run with the rights of root; as any other login it can do no more than that one.
  if (process.getuid?.() === 0 && isForeign(entry))
    return { valid: null, problem: 'The install belongs to another user, and this login is root: it was not run.' }
  let scratch: string
  try {
    scratch = mkdtempSync(path.join(tmpdir(), 'wheelhouse-'))
  } catch (error) {
    return { valid: null, problem: `No temporary folder could be made: ${why(error)}` }
  }
  try {
    const { exitCode, stdout, stderr } = await run(node, [entry, 'config', 'validate', '--json'], {
      timeoutMs: waitMs,
      cwd: agent.stateDir,
      env: {
        ...process.env,
        PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`,
        OPENCLAW_STATE_DIR: isSqliteEra(version) ? agent.stateDir : scratch,
        XDG_CACHE_HOME: scratch,
        TMPDIR: scratch,
        OPENCLAW_CONFIG_PATH: agent.configPath,
        OPENCLAW_LOG_LEVEL: 'silent',
        OPENCLAW_NO_AUTO_UPDATE: '1',
        NO_COLOR: '1',
      },
    })
    if (exitCode === null)
      return { valid: null, problem: `openclaw config validate did not end within ${waitMs / 1000} s.` }
    return verdictOf(stdout, exitCode, stderr)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** `{valid, issues: [{path, message}]}`; anything else is no verdict. */
export function verdictOf(stdout: string, exitCode: number, stderr: string): Validity {
  const answer = lastObject(stdout)
  if (typeof answer?.valid !== 'boolean') {
    const words = stderr.trim().split('\n').at(-1) ?? ''
    return {
      valid: null,
      problem: clip(`openclaw config validate ended with ${exitCode}${words === '' ? '' : `: ${words}`}`),
    }
  }
  const issues = Array.isArray(answer.issues) ? answer.issues.filter(isSettings) : []
  const problem = issues
    .slice(0, 3)
    .map((issue) => [issue.path, issue.message].filter((part) => typeof part === 'string' && part !== '').join(': '))
    .join('; ')
  return { valid: answer.valid, problem: answer.valid ? '' : clip(problem || 'The runtime does not say why.') }
}

function lastObject(text: string): Settings | null {
  for (const candidate of [text, text.slice(text.indexOf('{'))]) {
    try {
      const value: unknown = JSON.parse(candidate)
      if (isSettings(value)) return value
    } catch {}
  }
  return null
}
