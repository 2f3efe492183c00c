import { clip } from '../reading.ts'
import { type OwnBinary, runOwn } from './run-own.ts'
import { isSettings, type Settings } from './settings.ts'

export interface Validity {
  /** Null: it was not asked, or gave no verdict. */
  readonly valid: boolean | null
  readonly problem: string
}

export const notAsked: Validity = { valid: null, problem: '' }

/** Runs on a box. The verdict of the box's own `openclaw config validate`: only that version knows its schema. */
export async function askValidity(own: OwnBinary, waitMs: number): Promise<Validity> {
  const ran = await runOwn(own, ['config', 'validate', '--json'], { timeoutMs: waitMs })
  if (typeof ran === 'string') return { valid: null, problem: ran }
  const { exitCode, stdout, stderr } = ran
  if (exitCode === null)
    return { valid: null, problem: `openclaw config validate did not end within ${Math.round(waitMs / 1000)} s.` }
  return verdictOf(stdout, exitCode, stderr)
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
